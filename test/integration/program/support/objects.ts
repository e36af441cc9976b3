import { expect } from "chai";
import { isNotFound } from "../../../../airgap/plugins/kubernetes/cluster/errors";
import type { KubeObject } from "../../../../airgap/plugins/kubernetes/objects";
import type { ApiServer } from "../../support/api-server";

const core = (kind: string): { group: string; version: string; kind: string } => ({ group: "", version: "v1", kind });

/** A Secret's content, decoded; undefined when there is no such Secret. */
export async function secretIn(server: ApiServer, namespace: string, name: string): Promise<Record<string, string> | undefined> {
  const object = await find(server, core("Secret"), namespace, name);
  const data = (object?.["data"] ?? {}) as Record<string, string>;
  return object && Object.fromEntries(Object.entries(data).map(([key, text]) => [key, Buffer.from(text, "base64").toString()]));
}

/** The labels of a namespace; undefined when there is no such namespace. */
export async function namespaceLabels(server: ApiServer, name: string): Promise<Record<string, string> | undefined> {
  const object = await find(server, core("Namespace"), "", name);
  return (object?.["metadata"] as { labels?: Record<string, string> } | undefined)?.labels;
}

/** All Secrets in a namespace, each as text with everything in it decoded. */
export async function secretTexts(server: ApiServer, namespace: string): Promise<string[]> {
  const secrets = await server.api.list(core("Secret"), namespace);
  return secrets.map((secret) => JSON.stringify(secret));
}

/** Asserts that a cluster has nothing left of the mesh. */
export async function expectNothingLeft(server: ApiServer): Promise<void> {
  for (const namespace of ["istio-system", "istioinaction"]) {
    expect(await namespaceLabels(server, namespace), `${namespace} in ${server.name}`).to.equal(undefined);
  }
}

async function find(server: ApiServer, gvk: ReturnType<typeof core>, namespace: string, name: string): Promise<KubeObject | undefined> {
  try {
    return await server.api.get({ gvk, namespace, name });
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
