import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { parse, parseDocument, stringify } from "yaml";
import { UserError } from "./errors";
import { isTree, type Tree } from "./merge";

/** A cluster, a user or a context of a kubeconfig, with whatever else it has. */
type Entry = Tree;

/** A kubeconfig that {@link readKubeconfig} or kind has written. */
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
 * One context of a kubeconfig file, as a kubeconfig of its own that is good wherever it is read: the content of files that it names is
 * included, and a program that it names by a relative path has its whole path.
 *
 * @param file path of the kubeconfig, absolute or relative to the working directory.
 * @param context name of the context.
 * @param setting path of the cluster's settings, with which error messages begin.
 * @throws UserError when the file is not a kubeconfig, the context is missing or incomplete, or its server cannot be verified.
 */
export function readKubeconfig(file: string, context: string, setting: string): string {
  const config = parseFile(file, `${setting}.kubeconfig`);
  const contexts = named(config["contexts"], "context");
  const found = contexts.find((candidate) => candidate.name === context)?.value;
  const cluster = named(config["clusters"], "cluster").find(({ name }) => name === found?.["cluster"])?.value;
  const user = named(config["users"], "user").find(({ name }) => name === found?.["user"])?.value;
  if (!found || !cluster || !user) {
    const there = contexts.map(({ name }) => name).join(", ") || "none";
    throw new UserError("kubeconfig-unreadable", `${setting}.context: ${file} has no complete context "${context}"; it has: ${there}`);
  }
  refuseServer(cluster, `${setting}.kubeconfig: context "${context}" of ${file}`);
  const inlined = (entry: Entry): Entry => inline(entry, file, `${setting}.kubeconfig`);
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: context, cluster: inlined(cluster) }],
    users: [{ name: context, user: inlined(user) }],
    contexts: [{ name: context, context: { ...found, cluster: context, user: context } }],
    "current-context": context,
  });
}

/** What is in the file of a kubeconfig. Nothing of it is in a message: it may be secret. @throws UserError when that is no record. */
function parseFile(file: string, setting: string): Tree {
  const kubeconfig = "name the cluster's kubeconfig file, as kubectl reads it";
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new UserError("kubeconfig-unreadable", `${setting}: cannot read ${file} (${(error as Error).message}); ${kubeconfig}`);
  }
  const document = parseDocument(text, { prettyErrors: false });
  const [wrong] = document.errors;
  if (wrong) {
    throw new UserError("kubeconfig-unreadable", `${setting}: ${file} is not YAML (line ${lineAt(text, wrong.pos[0])}: ${wrong.code}); ${kubeconfig}`);
  }
  const content: unknown = document.toJS();
  if (!isTree(content)) throw new UserError("kubeconfig-unreadable", `${setting}: ${file} is not a kubeconfig: it has no clusters, users and contexts; ${kubeconfig}`);
  return content;
}

/** The entries of a list of a kubeconfig that have a name and a record. */
function named(list: unknown, field: string): { readonly name: string; readonly value: Entry }[] {
  return (Array.isArray(list) ? (list as unknown[]) : []).flatMap((entry) => {
    const { name, [field]: value } = isTree(entry) ? entry : {};
    return typeof name === "string" && isTree(value) ? [{ name, value }] : [];
  });
}

/** Refuses a server that would be asked without knowing that it is the right one, or whose answers anybody could read. */
function refuseServer(cluster: Entry, where: string): void {
  const { server, "insecure-skip-tls-verify": insecure } = cluster;
  if (insecure) throw new UserError("tls-verification-skipped", `${where} skips TLS verification; name the server's certificate-authority`);
  if (typeof server !== "string" || !URL.canParse(server)) throw new UserError("api-server-in-plain-text", `${where} has no server; write its https:// address`);
  if (!server.startsWith("https://")) {
    throw new UserError("api-server-in-plain-text", `${where} has the server ${server}, to which tokens and Secrets would go in plain text; write its https:// address`);
  }
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

/** An entry with the content of the files that it names, and with the whole path of its program. Both are relative to the kubeconfig. */
function inline(entry: Entry, file: string, setting: string): Entry {
  const folder = dirname(resolve(file));
  const read = (name: string, path: string): Buffer => {
    try {
      return readFileSync(resolve(folder, path));
    } catch (error) {
      throw new UserError("kubeconfig-unreadable", `${setting}: cannot read the ${name} that ${file} names (${(error as Error).message}); correct its path, or put its content into the kubeconfig`);
    }
  };
  const names = Object.keys(FILES) as (keyof typeof FILES)[];
  const certificates = names.reduce<Entry>((result, name) => {
    const { [name]: path, ...rest } = result;
    if (typeof path !== "string" || rest[FILES[name]] !== undefined) return rest;
    return { ...rest, [FILES[name]]: read(name, path).toString("base64") };
  }, entry);
  const { tokenFile, exec, ...rest } = certificates;
  return {
    ...rest,
    ...(typeof tokenFile === "string" ? { token: read("tokenFile", tokenFile).toString("utf8").trim() } : {}),
    ...(exec === undefined ? {} : { exec: withWholePath(exec, folder) }),
  };
}

/** A program's name without a slash is looked for on `PATH`, as Kubernetes' own client does. */
function withWholePath(exec: unknown, folder: string): unknown {
  if (!isTree(exec) || typeof exec["command"] !== "string" || !exec["command"].includes("/")) return exec;
  return { ...exec, command: resolve(folder, exec["command"]) };
}

function lineAt(text: string, position: number): number {
  return text.slice(0, position).split("\n").length;
}

function decoded(base64: unknown): string | undefined {
  return typeof base64 === "string" ? Buffer.from(base64, "base64").toString() : undefined;
}
