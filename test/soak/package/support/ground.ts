/** Real clusters that components of the package make, and what programs of a user's own need to bring up meshes over them. */
import * as fs from "node:fs";
import * as path from "node:path";
import { stringify } from "yaml";
import { isRunNamespace } from "../../../../cli/verify/traffic/objects";
import { repositoryRoot } from "../../../../lib/paths";
import { capture, type Finished } from "../../../../lib/process";
import type { MeshModel } from "../../../../settings/model";
import { readStackSettings } from "../../../../settings/reader";
import { loadBalancerRanges } from "../../../../topology/addresses";
import { unpackPackage } from "../../../integration/support/package";
import { ownFolder } from "../../../support/folder";
import { until } from "../../../support/wait";
import { inventory, nameOf } from "../../support/inventory";

/** Names of everything in Docker: its own, so that meshes of the user and of other tests are left alone. */
const PREFIX = "usmesh-ways";

/** Name of every stack, whatever its project. */
export const STACK = "ways";
/** The stack that made the clusters, as others name it. */
export const CLUSTERS = `organization/clusters/${STACK}`;

export const KEYS = ["west", "east"] as const;
export type Key = (typeof KEYS)[number];

/** Milliseconds that a command may take: real clusters come up in minutes. */
const COMMAND_MS = 60 * 60_000;

/** Namespaces that a mesh makes in a cluster. */
const NAMESPACES = ["istio-system", "metallb-system", "usmesh-discovery", "usmesh-no-secrets"];

/** Makes the clusters with the package's components. */
const program = (kind: object): string => `
const pulumi = require("@pulumi/pulumi");
const { Cluster, DockerNetwork } = require("usmesh");
const network = new DockerNetwork("docker", { network: "${PREFIX}" });
exports.subnet = network.subnet;
exports.apiServers = {};
for (const [key, kind] of Object.entries(${JSON.stringify(kind)})) {
  const cluster = new Cluster(key, { kind: { ...kind, dockerNetwork: network.name, dockerSubnet: network.subnet } });
  exports[key] = cluster.kubeconfig;
  exports.apiServers[key] = cluster.apiServer;
}
`;

/** What the stack of the clusters exports. */
interface Exports extends Readonly<Record<Key, string>> {
  readonly subnet: string;
  readonly apiServers: Readonly<Record<Key, string>>;
}

export class Ground {
  /** Everything that the run writes, state and passphrase included. */
  readonly home = ownFolder(PREFIX);
  private readonly stacks = path.join(this.home, "stacks");
  private variables?: Readonly<Record<string, string>>;
  private known?: Exports;
  private readonly before = new Map<Key, ReadonlySet<string>>();

  constructor() {
    fs.mkdirSync(this.stacks);
    this.settings({ clusters: {} });
  }

  /** Writes the file of the stack of this repository's program. */
  settings(settings: Readonly<Record<string, unknown>>): void {
    const config = Object.fromEntries(Object.entries(settings).map(([name, value]) => [`usmesh:${name}`, value]));
    fs.writeFileSync(path.join(this.stacks, `Pulumi.${STACK}.yaml`), stringify({ config }));
  }

  private get env(): NodeJS.ProcessEnv {
    // Nothing of the user's own: neither another state nor another cluster.
    const kept = Object.entries(process.env).filter(([name]) => !name.startsWith("PULUMI_") && !["KUBECONFIG", "USMESH_SETTINGS"].includes(name));
    return { ...Object.fromEntries(kept), MESH_HOME: path.join(this.home, "mesh"), MESH_STACKS: this.stacks, CI: "true" };
  }

  /** Runs `./mesh`. */
  mesh(...args: string[]): Promise<Finished> {
    return capture(path.join(repositoryRoot, "mesh"), args, { cwd: repositoryRoot, env: this.env, timeoutMs: COMMAND_MS });
  }

  /** Runs `./mesh`, which has to succeed; what it printed. */
  async meshDoes(...args: string[]): Promise<string> {
    return done(`./mesh ${args.join(" ")}`, await this.mesh(...args));
  }

  /** The environment as after `eval "$(./mesh env)"`: the state and the tools that `./mesh` uses. */
  async tools(): Promise<NodeJS.ProcessEnv> {
    this.variables ??= JSON.parse(await this.meshDoes("env", "--json")) as Record<string, string>;
    // The programs are not checked by the compiler each time.
    return { ...this.env, ...this.variables, PULUMI_NODEJS_TRANSPILE_ONLY: "true" };
  }

  /** Runs a command in a folder with those tools; it has to succeed. What it printed on standard output. */
  async run(folder: string, command: string, args: readonly string[], input?: string): Promise<string> {
    const env = await this.tools();
    return done(`${command} ${args.slice(0, 2).join(" ")}`, await capture(command, args, { cwd: folder, env, input, timeoutMs: COMMAND_MS }));
  }

  /** A folder with the package and these files, with an empty stack. */
  async project(name: string, files: Readonly<Record<string, string>>): Promise<string> {
    const folder = path.join(this.home, name);
    fs.mkdirSync(folder);
    for (const [file, text] of Object.entries(files)) fs.writeFileSync(path.join(folder, file), text);
    await unpackPackage(folder);
    await this.pulumi(folder, "stack", "init", STACK);
    return folder;
  }

  /** Runs Pulumi on the stack of a folder. */
  async pulumi(folder: string, ...args: string[]): Promise<string> {
    const stack = args[0] === "stack" && args[1] === "init" ? [] : ["--stack", STACK];
    return this.run(folder, "pulumi", [...args, ...stack, "--non-interactive"]);
  }

  /** Settings of the program, complete, as if its clusters were kind's: images, charts and ranges are those of this machine. */
  async model(): Promise<MeshModel> {
    const { USMESH_SETTINGS: files } = await this.tools();
    const config = { "usmesh:clusters": JSON.stringify({ west: {}, east: {} }) };
    return readStackSettings({ stack: STACK, project: "usmesh", config, secretKeys: [], files, exists: fs.existsSync });
  }

  /** Makes the clusters. */
  async create(): Promise<void> {
    const { clusters, kind } = await this.model();
    const wanted = clusters.map(({ key, driver, region, zone }) => {
      if (driver.type !== "kind") throw new Error(`cluster ${key} is not kind's`);
      const { podSubnet, serviceSubnet } = driver;
      return [key, { ...kind, kindName: `${PREFIX}-${key}`, podSubnet, serviceSubnet, region, zone }] as const;
    });
    const folder = await this.project("clusters", {
      "Pulumi.yaml": "name: clusters\nmain: index.js\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n",
      "package.json": '{"name": "clusters", "main": "index.js"}\n',
      "index.js": program(Object.fromEntries(wanted)),
    });
    await this.pulumi(folder, "up", "--yes", "--skip-preview");
    this.known = JSON.parse(await this.pulumi(folder, "stack", "output", "--json", "--show-secrets")) as Exports;
    for (const key of KEYS) this.before.set(key, new Set(await this.names(key)));
  }

  /** What the stack of the clusters exports. */
  get exports(): Exports {
    if (!this.known) throw new Error("there are no clusters yet");
    return this.known;
  }

  /** From which addresses a cluster's load balancers get theirs. */
  async addresses(key: Key): Promise<string[]> {
    const cluster = (await this.model()).clusters.find((one) => one.key === key)!;
    return loadBalancerRanges(cluster, this.exports.subnet);
  }

  private async names(key: Key): Promise<string[]> {
    const kubeconfigPath = path.join(this.home, `${key}.kubeconfig`);
    fs.writeFileSync(kubeconfigPath, this.exports[key], { mode: 0o600 });
    const found = await inventory({ kubeconfigPath });
    // What MetalLB's speakers report has a new name each time, and so has the namespace of each `verify`, which is being removed.
    return found.filter(({ kind, metadata }) => kind !== "ServiceL2Status" && !isRunNamespace(metadata.namespace ?? metadata.name)).map(nameOf);
  }

  /** Names of what is in a cluster that was not there when it was new, sorted. */
  async made(key: Key): Promise<string[]> {
    const before = this.before.get(key) ?? new Set();
    return (await this.names(key)).filter((name) => !before.has(name)).sort();
  }

  /** Which namespaces of a mesh are in a cluster. */
  async namespaces(key: Key): Promise<string[]> {
    return (await this.made(key)).filter((name) => NAMESPACES.some((namespace) => name === `v1/Namespace/${namespace}`));
  }

  /** What `verify` of the package finds wrong over the clusters' kubeconfigs: nothing as soon as all is well, else what is left after three minutes. */
  async faults(folder: string): Promise<string[]> {
    const clusters = Object.fromEntries(KEYS.map((key) => [key, this.exports[key]]));
    // Over standard input, since everybody can list arguments.
    const script = `const clusters = JSON.parse(require("fs").readFileSync(0, "utf8"));
      require("usmesh/automation").verify({ clusters }).then((report) => console.log(JSON.stringify(report)));`;
    let left: string[] = [];
    const isGreen = async (): Promise<boolean> => {
      const report = JSON.parse(await this.run(folder, process.execPath, ["-e", script], JSON.stringify(clusters))) as { exitCode: number; findings: { check: string; cluster?: string; status: string; seen?: string }[] };
      left = report.findings.filter(({ status }) => status === "fail" || status === "unknown").map(({ check, cluster, seen }) => [check, cluster, seen].join(" "));
      return report.exitCode === 0;
    };
    await until("verify to be green", isGreen, { timeoutMs: 180_000, intervalMs: 2_000, seen: () => left.join("\n") }).catch((error: Error) => left.push(error.message));
    return left;
  }

  /** Removes everything, whatever state it is in. */
  async remove(): Promise<void> {
    const env = await this.tools();
    for (const key of KEYS) await capture("kind", ["delete", "cluster", "--name", `${PREFIX}-${key}`], { env });
    for (const key of KEYS) await capture("docker", ["volume", "rm", `usmesh.kind.${PREFIX}-${key}`], { env });
    await capture("docker", ["network", "rm", PREFIX], { env });
    fs.rmSync(this.home, { recursive: true, force: true });
  }
}

function done(what: string, { code, stdout, stderr }: Finished): string {
  if (code !== 0) throw new Error(`${what} ended with ${code}:\n${stdout}\n${stderr}`);
  return stdout.replace(/\n$/, "");
}
