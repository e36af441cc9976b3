/** The whole program through `./mesh` and plain pulumi, on API servers without Docker, with a home of its own. */
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { stringify } from "yaml";
import { airgapHome } from "../../../../airgap/builder/paths";
import { meshPaths } from "../../../../lib/paths";
import { run } from "../../../support/run";
import { startApiServers, type ApiServer } from "../../support/api-server";
import { readEvents, type Outcome } from "../../support/events";
import { LIGHT_PULUMI, LIGHT_TYPESCRIPT, requiring } from "../../support/node-options";
import { deploymentIn } from "../../support/state";
import { balanceLoad } from "./load-balancer";
import { openTrap, type Trap } from "./trap";

const REPOSITORY = resolve(__dirname, "../../../..");
/** What Pulumi's language host has compiled of the program, for all sites: each would compile it again in its own home. */
const COMPILED = join(REPOSITORY, "node_modules", ".cache", "usmesh", "ts-node");
const CHARTS = resolve(__dirname, "../../fixtures/mesh");

/** How a command ended. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a stack's settings are for a test, beside the charts: as in its file, without the namespace. */
export type Settings = Record<string, unknown>;

/** How a site's programs are run. */
export interface SiteOptions {
  /** Whether they start sooner than a user's do. Not where their time is measured. Default: true. */
  readonly light?: boolean;
  /** Milliseconds after which one counts as one that never ends. Default: less than a test has. */
  readonly limitMs?: number;
}

/** API servers, one for each cluster, and a home for `./mesh`. Make one with {@link openSite}, `close` it in the end. */
export class Site {
  readonly home: string;
  /** Folder of the charts that stand in for the real ones. */
  readonly charts = CHARTS;
  private variables: Promise<Record<string, string>> | undefined;

  constructor(
    private readonly folder: string,
    /** By cluster key. */
    readonly servers: ReadonlyMap<string, ApiServer>,
    private readonly stopBalancing: () => void,
    private readonly trap: Trap,
    private readonly options: SiteOptions,
  ) {
    this.home = join(folder, "home");
    const { cache, compiled } = meshPaths(this.home);
    mkdirSync(COMPILED, { recursive: true });
    mkdirSync(cache, { recursive: true, mode: 0o700 });
    symlinkSync(COMPILED, compiled);
    mkdirSync(join(folder, "settings"));
    mkdirSync(join(folder, "user", ".kube"), { recursive: true });
    writeFileSync(join(folder, "user", ".kube", "config"), trap.kubeconfig);
  }

  /** The API server of a cluster. */
  server(key: string): ApiServer {
    const server = this.servers.get(key);
    if (!server) throw new Error(`the site has no cluster ${key}`);
    return server;
  }

  /** How often anything asked the cluster that the user's own kubeconfig names. */
  get strayRequests(): number {
    return this.trap.requests();
  }

  /** Where peers would reach a cluster's API server. No such host exists: nothing here reads another cluster, and the real address is loopback. */
  address(key: string): string {
    return `https://${key}.example:${new URL(this.server(key).url).port}`;
  }

  /** The settings of a cluster whose API server is that of a key. */
  cluster(key: string): Settings {
    return { driver: "existing", kubeconfig: this.server(key).kubeconfigPath, context: key, metallb: false, apiServer: this.address(key) };
  }

  /** Lays settings over a stack's own: its clusters are the API servers of the same keys. */
  configure(stack: string, keys: readonly string[], extra: Settings = {}): void {
    const clusters = keys.map((key) => [key, this.cluster(key)]);
    const charts = { charts: CHARTS };
    const settings = { clusters: Object.fromEntries(clusters) as unknown, istio: { ...charts, hub: "pretence", tag: "1" }, metallb: charts, ...extra };
    writeFileSync(join(this.folder, "settings", `${stack}.yaml`), stringify(settings));
  }

  /** The user's environment. Nothing in it leads to another state, and its kubeconfigs lead into the trap. */
  get env(): NodeJS.ProcessEnv {
    const kept = Object.entries(process.env).filter(([name]) => !name.startsWith("PULUMI_"));
    const user = join(this.folder, "user");
    return {
      ...Object.fromEntries(kept),
      HOME: user,
      KUBECONFIG: join(user, ".kube", "config"),
      MESH_HOME: this.home,
      MESH_AIRGAP_HOME: airgapHome(),
      MESH_AIRGAP: "1",
      NODE_OPTIONS: this.options.light !== false ? requiring(LIGHT_PULUMI, LIGHT_TYPESCRIPT) : requiring(),
      USMESH_SETTINGS: join(this.folder, "settings", "{stack}.yaml"),
    };
  }

  /** Runs `./mesh`. */
  mesh(...args: string[]): Promise<Ended> {
    return this.execute(join(REPOSITORY, "mesh"), args, this.env);
  }

  /** Runs `./mesh`, which has to succeed, and gives back its standard output. */
  async meshDoes(...args: string[]): Promise<string> {
    const ended = await this.mesh(...args);
    if (ended.code !== 0) throw new Error(`./mesh ${args.join(" ")} ended with ${ended.code}:\n${ended.stdout}\n${ended.stderr}`);
    return ended.stdout;
  }

  /** What `./mesh env` sets, on top of the user's environment. It is asked for once: it depends on nothing that changes in a site. */
  async workingEnv(): Promise<NodeJS.ProcessEnv> {
    this.variables ??= this.meshDoes("env", "--json").then((text) => JSON.parse(text) as Record<string, string>);
    return { ...this.env, ...(await this.variables) };
  }

  /** Runs an operation of plain pulumi, as after `eval "$(./mesh env)"`, and tells what it did to which resource. */
  async pulumi(operation: "preview" | "up" | "refresh" | "destroy", stack: string, ...args: string[]): Promise<Outcome> {
    const log = join(this.folder, "events.json");
    rmSync(log, { force: true });
    const copy = join(this.home, "config", `Pulumi.${stack}.yaml`);
    const proceed = operation === "preview" ? [] : ["--yes", "--skip-preview"];
    const all = [operation, ...proceed, "--stack", stack, "--config-file", copy, "--non-interactive", "--color", "never", "--event-log", log, ...args];
    const ended = await this.execute("pulumi", all, { ...(await this.workingEnv()), PULUMI_DEBUG_COMMANDS: "1" });
    if (ended.code !== 0) throw new Error(`pulumi ${operation} --stack ${stack} ended with ${ended.code}:\n${ended.stdout}\n${ended.stderr}`);
    return { exitCode: ended.code, output: `${ended.stdout}\n${ended.stderr}`, ...(await readEvents(log)) };
  }

  /** The stack's state as `pulumi stack export` prints it, secrets encrypted; from its file, which takes no process. */
  async state(stack: string): Promise<string> {
    const file = join(this.home, "state", ".pulumi", "stacks", "usmesh", `${stack}.json`);
    const text = readFileSync(file, "utf8");
    const { version } = JSON.parse(text) as { version: number };
    return JSON.stringify({ version, deployment: deploymentIn(text) });
  }

  /** Runs plain pulumi, as after `eval "$(./mesh env)"`, however it ends. */
  async pulumiEnds(...args: string[]): Promise<Ended> {
    return this.execute("pulumi", [...args, "--non-interactive", "--color", "never"], await this.workingEnv());
  }

  private async execute(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Ended> {
    // The last PATH wins where a shell would have exported it, and so does this one for finding the command itself.
    const file = command.includes("/") ? command : join((env["PATH"] ?? "").split(delimiter)[0] ?? "", command);
    const { limitMs } = this.options;
    const limit = limitMs === undefined ? {} : { timeout: limitMs };
    const { exitCode = 128, stdout, stderr } = await run(file, args, { ...limit, env, extendEnv: false, cwd: REPOSITORY, reject: false, stdin: "ignore", stripFinalNewline: false });
    return { code: exitCode, stdout, stderr };
  }

  /** Command lines of what still runs of anything that was started with this site's environment. */
  processes(): string[] {
    return this.processIds().map((pid) => procFile(pid, "cmdline").replaceAll("\0", " "));
  }

  /** What still runs of anything that was started with this site's environment. */
  processIds(): number[] {
    const pids = readdirSync("/proc").filter((pid) => /^\d+$/.test(pid)).map(Number);
    return pids.filter((pid) => procFile(pid, "environ").split("\0").includes(`MESH_HOME=${this.home}`));
  }

  /** Ends everything and removes what there was. */
  async close(): Promise<void> {
    this.stopBalancing();
    this.trap.close();
    await Promise.all([...this.servers.values()].map((server) => server.stop()));
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Starts an API server for each cluster key; Services of type LoadBalancer on them get addresses at once. */
export async function openSite(keys: readonly string[], options: SiteOptions = {}): Promise<Site> {
  const folder = mkdtempSync(join(tmpdir(), "usmesh-site-"));
  const servers = await startApiServers(keys);
  return new Site(folder, servers, balanceLoad([...servers.values()]), await openTrap(), options);
}

/** A file of a process; empty when the process has ended. */
function procFile(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}
