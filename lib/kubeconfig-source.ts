import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { parseDocument, stringify } from "yaml";
import { UserError } from "./errors";
import { isTree, type Tree } from "./merge";

/** A cluster, a user or a context of a kubeconfig, with whatever else it has. */
type Entry = Tree;

/** Fields that name a file, and the fields with the same content inline. */
const FILES = {
  "certificate-authority": "certificate-authority-data",
  "client-certificate": "client-certificate-data",
  "client-key": "client-key-data",
} as const;

/** Where a kubeconfig was found, as messages say it. */
interface Place {
  /** Path of the setting that names it. */
  readonly setting: string;
  /** Path of the setting of its context. */
  readonly context: string;
  /** What it is, such as its file. */
  readonly what: string;
  /** What would be right instead. */
  readonly remedy: string;
  /** The folder from which it names files; undefined for one that is not a file, and may come from another machine. */
  readonly folder?: string;
}

/**
 * One context of a kubeconfig file, as a kubeconfig of its own that works from any folder: the content of files that it names is
 * included, and a program that it names by a relative path has its whole path.
 *
 * @param file path of the kubeconfig, absolute or relative to the working directory.
 * @param context name of the context. Default: the kubeconfig's current one.
 * @param setting path of the cluster's settings, with which error messages begin.
 * @throws UserError when the file is not a kubeconfig, the context is missing or incomplete, or its server cannot be verified.
 */
export function readKubeconfig(file: string, context: string | undefined, setting: string): string {
  const place = {
    setting: `${setting}.kubeconfig`,
    context: `${setting}.context`,
    what: file,
    remedy: "name the cluster's kubeconfig file, as kubectl reads it",
    folder: dirname(resolve(file)),
  };
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new UserError("kubeconfig-unreadable", `${place.setting}: cannot read ${file} (${(error as Error).message}); ${place.remedy}`);
  }
  return oneContext(parsed(text, place), context, place);
}

/**
 * The same for a kubeconfig that is not a file.
 *
 * @param value its text, or the kubeconfig as an object.
 * @param source what it is, as messages say it: never what is in it.
 * @param settings path of the setting that names it, and of the cluster's settings.
 * @throws UserError as {@link readKubeconfig}, and for one that names files: they are on the machine that wrote it.
 */
export function kubeconfigFrom(value: unknown, context: string | undefined, source: string, settings: { readonly itself: string; readonly cluster: string }): string {
  const place = { setting: settings.itself, context: `${settings.cluster}.context`, what: source, remedy: "it must be a kubeconfig, as text or as an object" };
  return oneContext(typeof value === "string" ? parsed(value, place) : record(value, place), context, place);
}

function oneContext(config: Tree, wanted: string | undefined, place: Place): string {
  const contexts = named(config["contexts"], "context");
  const current = config["current-context"];
  const context = wanted ?? (typeof current === "string" && current !== "" ? current : undefined);
  const there = contexts.map(({ name }) => name).join(", ") || "none";
  if (context === undefined) throw new UserError("kubeconfig-unreadable", `${place.context}: ${place.what} has no current context; name one: ${there}`);
  const found = contexts.find((candidate) => candidate.name === context)?.value;
  const cluster = named(config["clusters"], "cluster").find(({ name }) => name === found?.["cluster"])?.value;
  const user = named(config["users"], "user").find(({ name }) => name === found?.["user"])?.value;
  if (!found || !cluster || !user) {
    throw new UserError("kubeconfig-unreadable", `${place.context}: ${place.what} has no complete context "${context}"; it has: ${there}`);
  }
  refuseServer(cluster, `${place.setting}: context "${context}" of ${place.what}`);
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: context, cluster: inline(cluster, place) }],
    users: [{ name: context, user: inline(user, place) }],
    contexts: [{ name: context, context: { ...found, cluster: context, user: context } }],
    "current-context": context,
  });
}

/** What a text holds. No message has any of it: it may be secret. @throws UserError when it is not a record. */
function parsed(text: string, place: Place): Tree {
  const document = parseDocument(text, { prettyErrors: false });
  const [wrong] = document.errors;
  if (wrong) {
    throw new UserError("kubeconfig-unreadable", `${place.setting}: ${place.what} is not YAML (line ${lineAt(text, wrong.pos[0])}: ${wrong.code}); ${place.remedy}`);
  }
  return record(document.toJS(), place);
}

function record(content: unknown, { setting, what, remedy }: Place): Tree {
  if (isTree(content)) return content;
  throw new UserError("kubeconfig-unreadable", `${setting}: ${what} is not a kubeconfig: it has no clusters, users and contexts; ${remedy}`);
}

/** The entries of a list of a kubeconfig that have a name and a record. */
function named(list: unknown, field: string): { readonly name: string; readonly value: Entry }[] {
  return (Array.isArray(list) ? (list as unknown[]) : []).flatMap((entry) => {
    const { name, [field]: value } = isTree(entry) ? entry : {};
    return typeof name === "string" && isTree(value) ? [{ name, value }] : [];
  });
}

/** Refuses a server whose identity cannot be verified, or whose connection is not encrypted. */
function refuseServer(cluster: Entry, where: string): void {
  const { server, "insecure-skip-tls-verify": insecure } = cluster;
  if (insecure) throw new UserError("tls-verification-skipped", `${where} skips TLS verification; name the server's certificate-authority`);
  if (typeof server !== "string" || !URL.canParse(server)) throw new UserError("api-server-in-plain-text", `${where} has no server; write its https:// address`);
  if (!server.startsWith("https://")) {
    throw new UserError("api-server-in-plain-text", `${where} has the server ${server}, to which tokens and Secrets would go in plain text; write its https:// address`);
  }
}

/** An entry with the content of the files that it names, and with the whole path of its program. Both are relative to the kubeconfig. */
function inline(entry: Entry, place: Place): Entry {
  const names = Object.keys(FILES) as (keyof typeof FILES)[];
  const certificates = names.reduce<Entry>((result, name) => {
    const { [name]: path, ...rest } = result;
    if (typeof path !== "string" || rest[FILES[name]] !== undefined) return rest;
    return { ...rest, [FILES[name]]: contentOf(name, path, place).toString("base64") };
  }, entry);
  const { tokenFile, exec, ...rest } = certificates;
  return {
    ...rest,
    ...(typeof tokenFile === "string" ? { token: contentOf("tokenFile", tokenFile, place).toString("utf8").trim() } : {}),
    ...(exec === undefined ? {} : { exec: withWholePath(exec, place) }),
  };
}

function contentOf(name: string, path: string, { setting, what, folder }: Place): Buffer {
  if (folder === undefined) {
    throw new UserError("kubeconfig-unreadable", `${setting}: ${what} names the file ${path} (${name}), which is on the machine that wrote it; put the file's content into the kubeconfig`);
  }
  try {
    return readFileSync(resolve(folder, path));
  } catch (error) {
    throw new UserError("kubeconfig-unreadable", `${setting}: cannot read the ${name} that ${what} names (${(error as Error).message}); correct its path, or put its content into the kubeconfig`);
  }
}

/** A program's name without a slash is looked for on `PATH`, as Kubernetes' own client does. */
function withWholePath(exec: unknown, { setting, what, folder }: Place): unknown {
  if (!isTree(exec) || typeof exec["command"] !== "string" || !exec["command"].includes("/")) return exec;
  const { command } = exec;
  if (folder !== undefined) return { ...exec, command: resolve(folder, command) };
  if (command.startsWith("/")) return exec;
  throw new UserError("kubeconfig-unreadable", `${setting}: ${what} names the program ${command} by a path from a folder that is not known here; write its name alone, or its whole path`);
}

function lineAt(text: string, position: number): number {
  return text.slice(0, position).split("\n").length;
}
