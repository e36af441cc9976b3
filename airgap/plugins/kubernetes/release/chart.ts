/** Finds the chart of a release: a folder or an archive on this machine, or one that a repository or registry serves. */
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { type ReleaseSettings, type RepositoryOpts } from "./fields";
import { helm } from "./helm";
import { type ChartMetadata, findLocalChart, parseChartYaml, readChartFolder } from "./local-chart";
import { privateFolder } from "./private-folder";

/** A chart that helm can be pointed at. */
export interface Chart extends ChartMetadata {
  /** Absolute path of its folder or archive. */
  path: string;
  /** Whether it is the user's own file, whose content may change while its version does not. */
  local: boolean;
}

type Source = Pick<ReleaseSettings, "chart" | "version" | "devel" | "repositoryOpts" | "dependencyUpdate">;

const downloads = new Map<string, Promise<Chart>>();

/**
 * Finds the chart and fetches it if need be. What was fetched stays for the life of the process, so that a preview and
 * its update, and several releases of one chart, download it once.
 *
 * @throws an error that says what was looked for, and where
 */
export async function locateChart(source: Source): Promise<Chart> {
  const name = source.chart.trim();
  const version = source.version.trim() || (source.devel ? ">0.0.0-0" : "");
  const opts = source.repositoryOpts;
  if (!opts?.repo) {
    const local = await findLocalChart(name);
    if (local !== undefined) return readLocal(local, source.dependencyUpdate);
    if (!isOci(name)) {
      throw new Error(
        `chart "${name}" was not found: ${path.resolve(name)} is neither a folder with a Chart.yaml nor a file, ` +
          "repositoryOpts.repo names no repository, and it is no oci:// address",
      );
    }
  }
  const key = (v: string) => JSON.stringify([name, v, opts]);
  const chart = await remember(key(version), () => (isOci(name) ? pullOci(name, version, opts) : pull(name, version, opts)));
  downloads.set(key(chart.version), Promise.resolve(chart));
  return chart;
}

async function readLocal(file: string, dependencyUpdate: boolean): Promise<Chart> {
  const metadata = fs.statSync(file).isDirectory() ? await readChartFolder(file, dependencyUpdate) : await show(file);
  return { ...metadata, path: file, local: true };
}

function remember(key: string, make: () => Promise<Chart>): Promise<Chart> {
  const known = downloads.get(key);
  if (known !== undefined) return known;
  const made = make();
  downloads.set(key, made);
  made.catch(() => downloads.delete(key));
  return made;
}

async function pull(name: string, version: string, opts: RepositoryOpts | undefined): Promise<Chart> {
  const repository = opts as RepositoryOpts;
  if (!/^https?:\/\//.test(repository.repo)) {
    throw new Error(
      `repositoryOpts.repo "${repository.repo}" is no http(s) URL; the air-gap plugin kubernetes knows no repositories ` +
        "added with `helm repo add`, and an oci:// address belongs whole into chart",
    );
  }
  const folder = folderFor(opts);
  const config = path.join(folder, "repositories.yaml");
  const { repo: url, ...access } = repository;
  const entry = { name: "repository", url, ...access };
  fs.writeFileSync(config, JSON.stringify({ apiVersion: "", repositories: [entry] }), { mode: 0o600 });
  const env = { HELM_REPOSITORY_CONFIG: config, HELM_REPOSITORY_CACHE: path.join(folder, "cache") };
  const secrets = [repository.password];
  await helm({ args: ["repo", "update", "repository", "--fail-on-repo-update-fail"], env, secrets });
  return download(folder, [`repository/${name}`], version, env, secrets);
}

async function pullOci(address: string, version: string, opts: RepositoryOpts | undefined): Promise<Chart> {
  const folder = folderFor([opts, address]);
  const args = [address];
  if (opts?.caFile) args.push("--ca-file", opts.caFile);
  if (opts?.certFile) args.push("--cert-file", opts.certFile);
  if (opts?.keyFile) args.push("--key-file", opts.keyFile);
  return download(folder, args, version, { HELM_REGISTRY_CONFIG: registryConfig(folder, address, opts) }, [
    opts?.password ?? "",
  ]);
}

/** The registry's credentials: those given, else the user's own from `helm registry login`. */
function registryConfig(folder: string, address: string, opts: RepositoryOpts | undefined): string {
  if (opts?.username && opts.password) {
    const auth = Buffer.from(`${opts.username}:${opts.password}`).toString("base64");
    const config = path.join(folder, "registry.json");
    fs.writeFileSync(config, JSON.stringify({ auths: { [new URL(address).host]: { auth } } }), { mode: 0o600 });
    return config;
  }
  const home = process.env["HELM_CONFIG_HOME"] || path.join(process.env["XDG_CONFIG_HOME"] || path.join(os.homedir(), ".config"), "helm");
  return (
    process.env["PULUMI_K8S_HELM_REGISTRY_CONFIG_PATH"] ||
    process.env["HELM_REGISTRY_CONFIG"] ||
    path.join(home, "registry", "config.json")
  );
}

async function download(
  folder: string,
  chart: string[],
  version: string,
  env: Record<string, string>,
  secrets: string[],
): Promise<Chart> {
  const destination = fs.mkdtempSync(path.join(folder, "chart-"));
  const args = ["pull", ...chart, "--destination", destination, ...(version === "" ? [] : ["--version", version])];
  await helm({ args, env, secrets });
  const [archive] = fs.readdirSync(destination).filter((file) => file.endsWith(".tgz"));
  if (archive === undefined) throw new Error(`helm pull ${chart[0]} brought no archive`);
  const file = path.join(destination, archive);
  return { ...(await show(file)), path: file, local: false };
}

async function show(archive: string): Promise<ChartMetadata> {
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

function isOci(name: string): boolean {
  return name.startsWith("oci://");
}
