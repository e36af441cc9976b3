import { isTree } from "../../lib/merge";
import type { Path } from "../paths";
import type { Problem } from "../problems";
import type { ClusterSettings, Settings } from "../schema";
import type { CheckContext } from "./check";

/** A cluster that exists, and the path of a setting of it. */
interface Existing {
  readonly key: string;
  readonly cluster: ClusterSettings;
  readonly at: (setting: keyof ClusterSettings) => Path;
}

/** Checks that the kubeconfig of a cluster comes from one place. */
export function checkKubeconfig({ key, cluster, at }: Existing, secrets: Settings["kubeconfigs"]): Problem[] {
  const { kubeconfig, stack, output, context } = cluster;
  const secret: Path = ["kubeconfigs", key];
  const because = [at("driver"), at("kubeconfig"), at("stack"), secret];
  const given = [...(kubeconfig === undefined ? [] : [at("kubeconfig")]), ...(stack === undefined ? [] : [at("stack")]), ...(secrets[key] === undefined ? [] : [secret])];
  const places = "a file (kubeconfig), an output of another stack (stack and output), or the secret setting usmesh:kubeconfigs";
  const [, second] = given;
  if (second !== undefined) return [{ path: second, message: `the kubeconfig of cluster ${key} is given twice; remove all but one of ${places}`, because }];
  if (given.length === 0) {
    return [{ path: at("kubeconfig"), message: `must be set for \`driver: existing\`: ${places}; the default kubeconfig is never used`, because }];
  }
  return [
    ...(output !== undefined && stack === undefined ? [{ path: at("output"), message: "has no effect without `stack`; remove it, or name the stack that exports it", because }] : []),
    ...(kubeconfig !== undefined && context === undefined
      ? [{ path: at("context"), message: "must be set for a kubeconfig in a file: the name of a context in it", because }]
      : []),
  ];
}

/** Checks the secret settings. No message has anything of what is in one. */
export function checkSecrets({ settings, model }: CheckContext): Problem[] {
  return [...checkSecretKubeconfigs(settings), ...checkChartCredentials(settings, model)];
}

function checkSecretKubeconfigs({ kubeconfigs, clusters }: Settings): Problem[] {
  return Object.entries(kubeconfigs).flatMap(([key, value]): Problem[] => {
    const path = ["kubeconfigs", key];
    const because: Path[] = [["clusters", key, "driver"], ["clusters"]];
    if (!Object.hasOwn(clusters, key)) return [{ path, message: `the stack owns no cluster ${key}; remove it, or correct the key`, because }];
    if (clusters[key]?.driver !== "existing") return [{ path, message: "belongs to a cluster that already exists; remove it, or set `driver: existing`", because }];
    if (typeof value === "string" ? value.trim() !== "" : isTree(value)) return [];
    return [{ path, message: "is neither the text of a kubeconfig nor a record" }];
  });
}

/** The charts that may be in a repository with a login. */
const CHARTS = ["istio", "metallb"] as const;

function checkChartCredentials({ chartCredentials }: Settings, model: CheckContext["model"]): Problem[] {
  return CHARTS.flatMap((name): Problem[] => {
    const value = chartCredentials[name];
    const path = ["chartCredentials", name];
    if (value === undefined) return [];
    const { charts, repository } = model[name];
    if (charts !== undefined) return [{ path, message: "has no effect: the charts come from a folder; remove it", because: [[name, "charts"]] }];
    if (repository.startsWith("oci://")) {
      const message = "cannot be used with an OCI registry, for which Pulumi's provider takes no login: remove it, and run `helm registry login` where Pulumi runs";
      return [{ path, message, because: [[name, "repository"]] }];
    }
    // The command sees an encrypted value in a stack's file as a record.
    const isRight = isTree(value) && (isEncrypted(value) || ["username", "password"].every((field) => typeof value[field] === "string" || isEncrypted(value[field])));
    return isRight ? [] : [{ path, message: "is not a record of username and password" }];
  });
}

function isEncrypted(value: unknown): boolean {
  return isTree(value) && typeof value["secure"] === "string";
}
