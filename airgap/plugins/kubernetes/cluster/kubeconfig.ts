import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { parse, YAMLParseError } from "yaml";
import { type JsonObject, isObject, listAt, stringAt } from "../objects";

/** What a kubeconfig holds, by name. Every user is secret. */
export interface Kubeconfig {
  readonly currentContext: string;
  readonly contexts: ReadonlyMap<string, JsonObject>;
  readonly clusters: ReadonlyMap<string, JsonObject>;
  readonly users: ReadonlyMap<string, JsonObject>;
  /** Folder that relative file names are relative to; undefined if the kubeconfig was given as text. */
  readonly folder: string | undefined;
  /** The text itself; secret. */
  readonly text: string;
}

/** The cluster, user and namespace that a context picks. */
export interface ActiveContext {
  readonly name: string;
  readonly cluster: JsonObject;
  readonly user: JsonObject;
  /** The context's namespace; undefined if it names none. */
  readonly namespace: string | undefined;
}

/**
 * Reads a kubeconfig from its text (YAML or JSON) or from a path to it.
 * Throws if it is neither; the message never quotes the content, which holds credentials.
 */
export function loadKubeconfig(textOrPath: string): Kubeconfig {
  const file = expandHome(textOrPath);
  const isFile = !file.includes("\n") && fs.statSync(file, { throwIfNoEntry: false })?.isFile() === true;
  const text = isFile ? fs.readFileSync(file, "utf8") : textOrPath;
  const content = parseText(text, isFile ? `the kubeconfig ${file}` : "the kubeconfig");
  return {
    currentContext: stringAt(content, "current-context") ?? "",
    contexts: named(content, "contexts", "context"),
    clusters: named(content, "clusters", "cluster"),
    users: named(content, "users", "user"),
    folder: isFile ? path.dirname(path.resolve(file)) : undefined,
    text,
  };
}

/**
 * Picks the context to use: `context` if given, else the kubeconfig's current one; `cluster` replaces the cluster that
 * the context names. Throws, naming what is missing and what there is.
 */
export function activeContext(config: Kubeconfig, overrides: { context?: string; cluster?: string }): ActiveContext {
  const name = overrides.context || config.currentContext;
  if (name === "") {
    throw new Error('the kubeconfig has no current-context; set the provider\'s "context"');
  }
  const context = pick(config.contexts, name, "context");
  const clusterName = overrides.cluster || (stringAt(context, "cluster") ?? "");
  const userName = stringAt(context, "user") ?? "";
  return {
    name,
    cluster: pick(config.clusters, clusterName, "cluster"),
    user: userName === "" ? {} : pick(config.users, userName, "user"),
    namespace: stringAt(context, "namespace") || undefined,
  };
}

function pick(entries: ReadonlyMap<string, JsonObject>, name: string, what: string): JsonObject {
  const entry = entries.get(name);
  if (entry === undefined) {
    const names = [...entries.keys()].join(", ");
    throw new Error(`the kubeconfig has no ${what} "${name}" (it has: ${names || "none"})`);
  }
  return entry;
}

function named(content: JsonObject, list: string, key: string): Map<string, JsonObject> {
  const result = new Map<string, JsonObject>();
  for (const entry of listAt(content, list)) {
    const name = stringAt(entry, "name");
    if (isObject(entry) && name !== undefined) {
      const value = entry[key];
      result.set(name, isObject(value) ? value : {});
    }
  }
  return result;
}

function parseText(text: string, what: string): JsonObject {
  let content: unknown;
  try {
    // prettyErrors would quote the offending lines, and with them a key or a token.
    content = parse(text, { prettyErrors: false, logLevel: "error" });
  } catch (error) {
    const where = error instanceof YAMLParseError ? ` (${error.code}, at character ${error.pos[0]})` : "";
    throw new Error(`${what} is no valid YAML or JSON${where}`);
  }
  if (!isObject(content)) {
    throw new Error(`${what} is neither the text of a kubeconfig nor the path of one`);
  }
  return content;
}

function expandHome(file: string): string {
  return file === "~" || file.startsWith("~/") ? path.join(os.homedir(), file.slice(1)) : file;
}
