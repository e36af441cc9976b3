/** Runs the `helm` command line: without anything of the user's Helm, and without a secret in its arguments. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { type JsonObject, stringAt } from "../objects";
import { activeContext, loadKubeconfig } from "../cluster/kubeconfig";
import type { ClusterAccess } from "../access";
import { run } from "../../lib/run";
import { FOLDER_VARIABLE, privateFolder, withPrivateFile } from "./private-folder";

/** One run of helm. */
export interface HelmRun {
  /** Arguments; every process on the machine can read them. */
  args: string[];
  /** What helm reads where an argument says `-`; may be secret. */
  stdin?: string;
  /** Further environment variables. */
  env?: Record<string, string>;
  /** Aborting it ends helm with SIGTERM, upon which helm marks the release as failed. */
  signal?: AbortSignal;
}

/** Helm said no. The message is Helm's own, without its prefixes; it may quote values. */
export class HelmError extends Error {
  override readonly name = "HelmError";
  constructor(
    message: string,
    /** What helm printed before it failed. */
    readonly stdout: string,
  ) {
    super(message);
  }

  /** Whether Helm's storage has no release of that name. */
  get isNotFound(): boolean {
    return /release: not found/.test(this.message);
  }
}

/** What a run gave. */
export interface HelmOutput {
  stdout: string;
  /** Lines that Helm marks as warnings. */
  warnings: string[];
}

/** Seconds between SIGTERM and SIGKILL: with `atomic` Helm takes everything back first. */
const KILL_AFTER_SECONDS = 30;

/** Runs helm without a cluster. */
export async function helm({ args, stdin = "", env = {}, signal }: HelmRun): Promise<HelmOutput> {
  const { exitCode, stdout, stderr } = await run(findHelm(), args, {
    input: stdin,
    env: { ...environment(), ...env },
    extendEnv: false,
    reject: false,
    ...(signal === undefined ? {} : { cancelSignal: signal }),
    forceKillAfterDelay: KILL_AFTER_SECONDS * 1000,
  });
  if (exitCode === 0) return { stdout, warnings: warningsIn(stderr) };
  const message = signal?.aborted ? `helm ${args[0]} was cancelled` : errorIn(stderr);
  const ending = exitCode === undefined ? "was killed" : `ended with exit code ${exitCode}`;
  throw new HelmError(message || `helm ${args[0]} ${ending}`, stdout);
}

/** Runs helm on the provider's cluster. Its kubeconfig is a private file that exists only while helm runs. */
export async function helmOn(access: ClusterAccess, request: HelmRun): Promise<HelmOutput> {
  return withPrivateFile(kubeconfigFor(access), (file) =>
    helm({ ...request, env: { ...request.env, KUBECONFIG: file, HELM_DRIVER: driverOf(access) } }),
  );
}

/** A kubeconfig with nothing but the cluster, user and context that the provider means. */
export function kubeconfigFor(access: ClusterAccess): string {
  if (access.kubeconfig === undefined) throw new Error("the provider was given no kubeconfig that can be read");
  const { cluster, user } = activeContext(loadKubeconfig(access.kubeconfig), {
    ...(access.context === undefined ? {} : { context: access.context }),
    ...(access.cluster === undefined ? {} : { cluster: access.cluster }),
  });
  const name = "release";
  const folder = access.kubeconfigFolder;
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name, cluster: withFiles(cluster, ["certificate-authority"], folder) }],
    users: [{ name, user: withFiles(user, ["client-certificate", "client-key", "tokenFile"], folder) }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    "current-context": name,
  });
}

/** Names files wholly: the copy lies elsewhere than the kubeconfig whose names were relative to it. */
function withFiles(entry: JsonObject, keys: string[], folder = "."): JsonObject {
  const named = keys.flatMap((key) => {
    const file = stringAt(entry, key);
    return file ? [[key, path.resolve(folder, file)]] : [];
  });
  const command = stringAt(entry, "exec", "command");
  const exec = command?.includes("/") ? { exec: { ...(entry["exec"] as JsonObject), command: path.resolve(folder, command) } } : {};
  return { ...entry, ...Object.fromEntries(named), ...exec } as JsonObject;
}

function driverOf(access: ClusterAccess): string {
  return stringAt(access.helmSettings, "driver") || process.env["PULUMI_K8S_HELM_DRIVER"] || "secret";
}

/** Helm's own settings, plugins and caches are this process's alone, so that parallel runs and the user's Helm never meet. */
function environment(): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [key, value] of Object.entries(process.env)) {
    if (value !== undefined && !/^(HELM_|KUBE|PULUMI_)/.test(key)) env[key] = value;
  }
  const home = privateFolder();
  return {
    ...env,
    [FOLDER_VARIABLE]: home,
    HELM_CACHE_HOME: path.join(home, "cache"),
    HELM_CONFIG_HOME: path.join(home, "config"),
    HELM_DATA_HOME: path.join(home, "data"),
    KUBECACHEDIR: path.join(home, "kube"),
  };
}

/** The air gap's helm, else the one on PATH. */
function findHelm(): string {
  const cache = process.env["XDG_CACHE_HOME"] || path.join(os.homedir(), ".cache");
  const home = process.env["MESH_AIRGAP_HOME"] || path.join(cache, "usmesh", "airgap");
  const folders = [path.join(home, "bin"), ...(process.env["PATH"] ?? "").split(path.delimiter)];
  const found = folders.map((folder) => path.join(folder, "helm")).find((file) => fs.existsSync(file));
  if (found === undefined) {
    throw new Error(`helm was not found, neither in ${folders[0]} nor on PATH; ./mesh airgap build builds it`);
  }
  return found;
}

function warningsIn(stderr: string): string[] {
  const mark = "WARNING: ";
  return stderr.split("\n").flatMap((line) => (line.startsWith(mark) ? [line.slice(mark.length)] : []));
}

/** The part of Helm's output that says why it failed. */
function errorIn(stderr: string): string {
  const start = stderr.search(/^Error: /m);
  const text = start < 0 ? stderr : stderr.slice(start + "Error: ".length);
  return text.replace(/^(INSTALLATION|UPGRADE) FAILED: /, "").trim();
}
