import { KubeConfig } from "@kubernetes/client-node";
import { EXIT, MeshError } from "../../lib/errors";
import { Kube } from "./kube";

/** One cluster to check. */
export interface Target {
  /** How reports name it: the cluster's key, or the name given with `--context`. */
  readonly key: string;
  readonly kube: Kube;
  /** How a user's command names this cluster, such as `kubectl --context kind-west`. */
  readonly kubectl: string;
  /** Milliseconds after which one request to this cluster is given up. */
  readonly timeoutMs: number;
}

/** Targets from `--context NAME=CONTEXT` or `--context CONTEXT`, looked up in one kubeconfig. @throws MeshError on an unknown or repeated one. */
export function targetsFromContexts(contexts: readonly string[], kubeconfig: string | undefined, timeoutMs: number): Target[] {
  const targets = contexts.map((given) => {
    const at = given.indexOf("=");
    const key = at < 0 ? given : given.slice(0, at);
    const context = given.slice(at + 1);
    const config = load(kubeconfig);
    const known = config.getContexts().map((c) => c.name);
    if (!known.includes(context)) {
      throw new MeshError("context-unknown", `no context "${context}" in ${kubeconfig ?? "the kubeconfig"}`, `There is: ${known.join(", ") || "none"}.`, EXIT.unusable);
    }
    config.setCurrentContext(context);
    return { key, kube: new Kube(config, timeoutMs), kubectl: `kubectl --context ${context}`, timeoutMs };
  });
  return distinct(targets);
}

/** Targets from pairs of a cluster's key and the kubeconfig that its stack exports. @throws MeshError when two have one key. */
export function targetsFromKubeconfigs(kubeconfigs: readonly (readonly [key: string, kubeconfig: string])[], timeoutMs: number): Target[] {
  const targets = kubeconfigs.map(([key, text]) => {
    const config = new KubeConfig();
    config.loadFromString(text);
    return { key, kube: new Kube(config, timeoutMs), kubectl: `kubectl --context ${config.getCurrentContext()}`, timeoutMs };
  });
  return distinct(targets);
}

function load(kubeconfig: string | undefined): KubeConfig {
  const config = new KubeConfig();
  try {
    if (kubeconfig === undefined) config.loadFromDefault();
    else config.loadFromFile(kubeconfig);
  } catch (error) {
    throw new MeshError("context-unknown", `the kubeconfig cannot be read: ${error instanceof Error ? error.message : String(error)}`, "Name one with --kubeconfig FILE.", EXIT.unusable);
  }
  return config;
}

function distinct(targets: Target[]): Target[] {
  const twice = targets.find((t, i) => targets.findIndex((o) => o.key === t.key) !== i);
  if (twice) throw new MeshError("context-unknown", `two clusters are called "${twice.key}"`, "Name them apart: --context west=… --context east=….", EXIT.unusable);
  return targets;
}
