import { parse } from "yaml";
import type { RemoteSecretFacts } from "../facts";
import type { Kube } from "../kube";
import { decode, type Secret, slashed } from "./resources";

/** One entry of a remote Secret with what is secret in it: stays in memory and out of every report. */
export interface RemoteEntry {
  readonly facts: RemoteSecretFacts;
  readonly token?: string;
  /** PEM. */
  readonly caData?: string;
}

interface Kubeconfig {
  "current-context"?: string;
  contexts?: { name: string; context?: { cluster?: string; user?: string } }[];
  clusters?: { name: string; cluster?: { server?: string; "certificate-authority-data"?: string } }[];
  users?: { name: string; user?: { token?: string } }[];
}

/** Every entry of every Secret from which istiod takes remote clusters. */
export async function gatherRemoteSecrets(kube: Kube): Promise<RemoteEntry[]> {
  const secrets = await kube.list<Secret>("/api/v1/namespaces/istio-system/secrets?labelSelector=istio%2FmultiCluster%3Dtrue");
  return secrets.flatMap((secret) => Object.entries(secret.data ?? {}).map(([key, value]) => remoteEntry(slashed(secret.metadata), key, decode(value) ?? "")));
}

/** Reads one entry; a content that istiod could not use is described in `facts.problem`. */
export function remoteEntry(secret: string, key: string, text: string): RemoteEntry {
  let config: Kubeconfig;
  try {
    config = (parse(text) ?? {}) as Kubeconfig;
  } catch {
    return { facts: { secret, key, problem: "its content is not a kubeconfig: no YAML" } };
  }
  const context = config.contexts?.find((c) => c.name === config["current-context"])?.context;
  const cluster = config.clusters?.find((c) => c.name === context?.cluster)?.cluster;
  const token = config.users?.find((u) => u.name === context?.user)?.user?.token;
  const caData = decode(cluster?.["certificate-authority-data"]);
  const server = cluster?.server;
  return { facts: { secret, key, server, problem: problemOf(server, token, caData) }, token, caData };
}

function problemOf(server: string | undefined, token: string | undefined, caData: string | undefined): string | undefined {
  if (server === undefined) return "its kubeconfig names no server for the current context";
  if (token === undefined || token === "") return "its kubeconfig holds no token";
  return caData === undefined ? "its kubeconfig holds no certificate authority" : undefined;
}
