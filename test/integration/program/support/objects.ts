import { expect } from "chai";
import type { ApiServer } from "../../support/api-server";

/** What these tests look at of any object. */
interface KubeObject {
  readonly metadata: { readonly name: string; readonly uid: string; readonly labels?: Readonly<Record<string, string>> };
  readonly data?: Readonly<Record<string, string>>;
}

/** Path of a namespace's objects of a kind of the core group, such as `secrets`. */
export function objectsPath(namespace: string, kind: string): string {
  return `/api/v1/namespaces/${namespace}/${kind}`;
}

/** A Secret's content, decoded; undefined when there is no such Secret. */
export async function secretIn(server: ApiServer, namespace: string, name: string): Promise<Record<string, string> | undefined> {
  const secret = await server.client.find<KubeObject>(`${objectsPath(namespace, "secrets")}/${name}`);
  return secret && Object.fromEntries(Object.entries(secret.data ?? {}).map(([key, text]) => [key, Buffer.from(text, "base64").toString()]));
}

/** The identity of a Secret: another one of the same name has another. */
export async function secretUid(server: ApiServer, namespace: string, name: string): Promise<string> {
  return (await server.client.get<KubeObject>(`${objectsPath(namespace, "secrets")}/${name}`)).metadata.uid;
}

/** The names of all Secrets in a namespace. */
export async function secretNames(server: ApiServer, namespace: string): Promise<string[]> {
  return (await server.client.list<KubeObject>(objectsPath(namespace, "secrets"))).map(({ metadata }) => metadata.name);
}

/** The labels of a namespace; undefined when there is no such namespace. */
export async function namespaceLabels(server: ApiServer, name: string): Promise<Readonly<Record<string, string>> | undefined> {
  return (await server.client.find<KubeObject>(`/api/v1/namespaces/${name}`))?.metadata.labels;
}

/** Asserts that a cluster has nothing left of the mesh. */
export async function expectNothingLeft(server: ApiServer): Promise<void> {
  for (const namespace of ["istio-system", "istioinaction", "usmesh-discovery", "usmesh-no-secrets"]) {
    expect(await namespaceLabels(server, namespace), `${namespace} in ${server.name}`).to.equal(undefined);
  }
}
