import { type Access, accessOf } from "../../../lib/kubeconfig";
import type { RemoteSecretFacts } from "../facts";
import type { Kube } from "../kube";
import { decode, type Secret, slashed } from "./resources";

/** One entry of a remote Secret. */
export interface RemoteEntry {
  readonly facts: RemoteSecretFacts;
  /** What its kubeconfig holds, secrets included: stays in memory, and out of every report. Absent where it cannot be used. */
  readonly access?: Access;
}

/** Every entry of every Secret from which istiod reads remote clusters. */
export async function gatherRemoteSecrets(kube: Kube): Promise<RemoteEntry[]> {
  const secrets = await kube.list<Secret>("/api/v1/namespaces/istio-system/secrets?labelSelector=istio%2FmultiCluster%3Dtrue");
  return secrets.flatMap((secret) => Object.entries(secret.data ?? {}).map(([key, value]) => remoteEntry(slashed(secret.metadata), key, decode(value) ?? "")));
}

/** Reads one entry; a content that istiod could not use is described in `facts.problem`. */
export function remoteEntry(secret: string, key: string, text: string): RemoteEntry {
  let access: Access;
  try {
    access = accessOf(text);
  } catch {
    return { facts: { secret, key, problem: "its content is not a kubeconfig with a current context and a server" } };
  }
  const facts = { secret, key, server: access.server };
  if (!access.token) return { facts: { ...facts, problem: "its kubeconfig holds no token" } };
  if (access.ca === undefined) return { facts: { ...facts, problem: "its kubeconfig holds no certificate authority" } };
  return { facts, access };
}
