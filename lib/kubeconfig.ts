import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { parse, stringify } from "yaml";
import { UserError } from "./errors";

/** A cluster or a user of a kubeconfig, with whatever else it has. */
type Entry = { [key: string]: unknown };

interface Kubeconfig {
  readonly clusters?: readonly { readonly name: string; readonly cluster: Entry }[];
  readonly contexts?: readonly { readonly name: string; readonly context: { cluster: string; user: string } }[];
  readonly users?: readonly { readonly name: string; readonly user: Entry }[];
  readonly "current-context"?: string;
}

/** Fields that name a file, and the fields with the same content inline. */
const FILES = {
  "certificate-authority": "certificate-authority-data",
  "client-certificate": "client-certificate-data",
  "client-key": "client-key-data",
} as const;

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

/**
 * One context of a kubeconfig file, as a kubeconfig of its own: the content of files that it names is included.
 *
 * @param file path of the kubeconfig, absolute or relative to the working directory.
 * @param context name of the context.
 * @param setting path of the cluster's settings, with which error messages begin.
 * @throws UserError when the file or the context is missing, or when its server cannot be verified.
 */
export function readKubeconfig(file: string, context: string, setting: string): string {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new UserError("kubeconfig-unreadable", `${setting}.kubeconfig: cannot read ${file} (${(error as Error).message}); name the cluster's kubeconfig file`);
  }
  const config = (parse(text) ?? {}) as Kubeconfig;
  const found = config.contexts?.find((candidate) => candidate.name === context)?.context;
  const cluster = config.clusters?.find((candidate) => candidate.name === found?.cluster)?.cluster;
  const user = config.users?.find((candidate) => candidate.name === found?.user)?.user;
  if (!found || !cluster || !user) {
    const there = (config.contexts ?? []).map((candidate) => candidate.name).join(", ") || "none";
    throw new UserError("kubeconfig-unreadable", `${setting}.context: ${file} has no complete context "${context}"; it has: ${there}`);
  }
  if (cluster["insecure-skip-tls-verify"]) {
    throw new UserError("tls-verification-skipped", `${setting}.kubeconfig: context "${context}" skips TLS verification; name the server's certificate-authority`);
  }
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: context, cluster: inline(cluster, file) }],
    users: [{ name: context, user: inline(user, file) }],
    contexts: [{ name: context, context: { ...found, cluster: context, user: context } }],
    "current-context": context,
  });
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

/** How the current context of a kubeconfig reaches its API server. @param kubeconfig with certificates inline. @throws Error without one. */
export function accessOf(kubeconfig: string): Access {
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

function inline(entry: Entry, file: string): Entry {
  const names = Object.keys(FILES) as (keyof typeof FILES)[];
  return names.reduce<Entry>((result, name) => {
    const { [name]: path, ...rest } = result;
    if (typeof path !== "string" || rest[FILES[name]] !== undefined) return rest;
    return { ...rest, [FILES[name]]: readFileSync(resolve(dirname(file), path)).toString("base64") };
  }, entry);
}

function decoded(base64: unknown): string | undefined {
  return typeof base64 === "string" ? Buffer.from(base64, "base64").toString() : undefined;
}
