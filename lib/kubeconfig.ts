import { createHash } from "node:crypto";
import { parse, stringify } from "yaml";
import type { Tree } from "./merge";
import { remembered } from "./remembered";

/** A cluster, a user or a context of a kubeconfig, with whatever else it has. */
type Entry = Tree;

/** A kubeconfig that `kubeconfig-source.ts` or kind has written. */
interface Kubeconfig {
  readonly clusters?: readonly { readonly name: string; readonly cluster: Entry }[];
  readonly contexts?: readonly { readonly name: string; readonly context: { cluster: string; user: string } }[];
  readonly users?: readonly { readonly name: string; readonly user: Entry }[];
  readonly "current-context"?: string;
}

/** How to reach an API server, and with which credentials. Certificates and keys are PEM. */
export interface Access {
  /** `https://host:port` */
  readonly server: string;
  /** Name in the server's certificate, if it is not the server's address. */
  readonly servername?: string;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly token?: string;
}

/** One kubeconfig with everything that several hold. Its current context is the first one's. */
export function joinKubeconfigs(texts: readonly string[]): string {
  const all = texts.map((text) => parse(text) as Kubeconfig);
  const contexts = all.flatMap((one) => one.contexts ?? []);
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: all.flatMap((one) => one.clusters ?? []),
    contexts,
    users: all.flatMap((one) => one.users ?? []),
    "current-context": contexts[0]?.name ?? "",
  });
}

/**
 * How the current context of a kubeconfig reaches its API server. A run of the program asks for each object that it checks at an API
 * server, mostly with the same few texts.
 *
 * @param kubeconfig with certificates inline. @throws Error without one.
 */
export const accessOf: (kubeconfig: string) => Access = remembered(64, readAccess);

function readAccess(kubeconfig: string): Access {
  const config = parse(kubeconfig) as Kubeconfig;
  const context = config.contexts?.find((candidate) => candidate.name === config["current-context"])?.context;
  const cluster = config.clusters?.find((candidate) => candidate.name === context?.cluster)?.cluster;
  const user = config.users?.find((candidate) => candidate.name === context?.user)?.user;
  if (typeof cluster?.["server"] !== "string") throw new Error("the kubeconfig has no current context with a server");
  return {
    server: cluster["server"],
    servername: typeof cluster["tls-server-name"] === "string" ? cluster["tls-server-name"] : undefined,
    ca: decoded(cluster["certificate-authority-data"]),
    cert: decoded(user?.["client-certificate-data"]),
    key: decoded(user?.["client-key-data"]),
    token: typeof user?.["token"] === "string" ? user["token"] : undefined,
  };
}

/** What distinguishes a cluster from another one at the same address: a digest of its certificate authority, or of its address if there is none. */
export function clusterIdentity(kubeconfig: string): string {
  const { ca, server } = accessOf(kubeconfig);
  return createHash("sha256").update(ca ?? server).digest("hex");
}

function decoded(base64: unknown): string | undefined {
  return typeof base64 === "string" ? Buffer.from(base64, "base64").toString() : undefined;
}
