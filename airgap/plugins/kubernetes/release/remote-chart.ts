/** Charts that a repository or a registry serves, fetched into this process's private folder. */
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type { RepositoryOpts } from "./fields";
import { HelmError, helm } from "./helm";
import { type ChartMetadata, parseChartYaml } from "./local-chart";
import { privateFolder } from "./private-folder";

/** A chart's archive on this machine. */
export interface ChartArchive extends ChartMetadata {
  path: string;
}

/** Repositories whose index this process has, by folder. */
const known = new Map<string, Promise<unknown>>();

/**
 * Fetches a chart from a repository.
 *
 * @param version exact, or a constraint; empty for the newest release
 */
export async function pullFromRepository(name: string, version: string, opts: RepositoryOpts): Promise<ChartArchive> {
  if (!/^https?:\/\//.test(opts.repo)) {
    throw new Error(
      `repositoryOpts.repo "${opts.repo}" is no http(s) URL; the air-gap plugin kubernetes knows no repositories ` +
        "added with `helm repo add`, and an oci:// address belongs whole into chart",
    );
  }
  const folder = folderFor(opts);
  const config = path.join(folder, "repositories.yaml");
  const env = { HELM_REPOSITORY_CONFIG: config, HELM_REPOSITORY_CACHE: path.join(folder, "cache") };
  // Written by hand, for helm takes a user's name only on its command line.
  const { repo: url, ...access } = opts;
  const entry = { name: "repository", url, ...access };
  fs.writeFileSync(config, JSON.stringify({ apiVersion: "", repositories: [entry] }), { mode: 0o600 });
  if (!known.has(folder)) known.set(folder, fetchIndex(url, env));
  try {
    await known.get(folder);
  } catch (error) {
    known.delete(folder);
    throw error;
  }
  return download(folder, [`repository/${name}`], version, env);
}

async function fetchIndex(url: string, env: Record<string, string>): Promise<void> {
  try {
    await helm({ args: ["repo", "update", "repository", "--fail-on-repo-update-fail"], env });
  } catch (error) {
    // What went wrong is on stdout, indented; the error itself only counts the repositories.
    const detail = error instanceof HelmError ? /^\t(.+)$/m.exec(error.stdout)?.[1] : undefined;
    throw new Error(`the repository ${url} has no index that can be read: ${detail ?? (error as Error).message}`);
  }
}

/** Fetches a chart from a registry; `opts` says how to reach it, and with whose credentials. */
export async function pullFromRegistry(
  address: string,
  version: string,
  opts: RepositoryOpts | undefined,
): Promise<ChartArchive> {
  const folder = folderFor([opts, address]);
  const env = { HELM_REGISTRY_CONFIG: registryConfig(folder, address, opts) };
  const files = { "--ca-file": opts?.caFile, "--cert-file": opts?.certFile, "--key-file": opts?.keyFile };
  const flags = Object.entries(files).flatMap(([flag, file]) => (file ? [flag, file] : []));
  return download(folder, [address, ...flags], version, env);
}

/** The registry's credentials: those given, else the user's own from `helm registry login`. */
function registryConfig(folder: string, address: string, opts: RepositoryOpts | undefined): string {
  if (opts?.username && opts.password) {
    const auth = Buffer.from(`${opts.username}:${opts.password}`).toString("base64");
    const config = path.join(folder, "registry.json");
    fs.writeFileSync(config, JSON.stringify({ auths: { [new URL(address).host]: { auth } } }), { mode: 0o600 });
    return config;
  }
  const { env } = process;
  const settings = env["XDG_CONFIG_HOME"] || path.join(os.homedir(), ".config");
  const helmHome = env["HELM_CONFIG_HOME"] || path.join(settings, "helm");
  const own = env["PULUMI_K8S_HELM_REGISTRY_CONFIG_PATH"] || env["HELM_REGISTRY_CONFIG"];
  return own || path.join(helmHome, "registry", "config.json");
}

async function download(
  folder: string,
  chart: string[],
  version: string,
  env: Record<string, string>,
): Promise<ChartArchive> {
  const destination = fs.mkdtempSync(path.join(folder, "chart-"));
  const args = ["pull", ...chart, "--destination", destination, ...(version === "" ? [] : ["--version", version])];
  await helm({ args, env });
  const [archive] = fs.readdirSync(destination).filter((file) => file.endsWith(".tgz"));
  if (archive === undefined) throw new Error(`helm pull ${chart[0]} brought no archive`);
  const file = path.join(destination, archive);
  return { ...(await showArchive(file)), path: file };
}

/** What a chart archive says of itself. */
export async function showArchive(archive: string): Promise<ChartMetadata> {
  const { stdout } = await helm({ args: ["show", "chart", archive] });
  return parseChartYaml(stdout, `chart ${archive}`);
}

/** A private folder for one repository, so that several of them never share an index or credentials. */
function folderFor(what: unknown): string {
  const name = createHash("sha256").update(JSON.stringify(what)).digest("hex").slice(0, 16);
  const folder = path.join(privateFolder(), `repository-${name}`);
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}
