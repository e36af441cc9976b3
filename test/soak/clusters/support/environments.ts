import { spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as path from "node:path";
import { parse, parseDocument, stringify } from "yaml";
import { merge, type Tree } from "../../../../lib/merge";
import { repositoryRoot } from "../../../../lib/paths";
import { capture, type Finished } from "../../../../lib/process";
import { keepOutput } from "../../../support/output";
import { ownFolder } from "../../../support/folder";
import { until } from "../../../support/wait";
import { readLocks } from "../../../../cli/lib/locks";
import type { VerifyReport } from "../../../../cli/verify/report/json";
import type { MeshOutputs } from "../../../../outputs/contract";

/** Names of everything in Docker: its own, so that meshes of the user and of other tests are left alone. */
const PREFIX = "usmesh-soak";
export const CLIENT = `${PREFIX}-mypc`;

/** Milliseconds that a command may take: real clusters come up in minutes. */
const MESH_MS = 60 * 60_000;

/** The environments that the tests know, one cluster each, called like its stack. */
export type Stack = "west" | "east" | "north";
export const STACKS: readonly Stack[] = ["west", "east", "north"];

/** Name of the kind cluster of a stack. */
export const kindName = (stack: Stack): string => `${PREFIX}-${stack}`;

/** The third environment's file, as somebody who joins would write it. */
const NORTH = `config:
  usmesh:clusters:
    north:
      region: northus
      addressIndex: 3
  usmesh:trust:
    authority: west
  usmesh:peers: [west, east]
`;

/** Environments that meet: each a stack with a file of its own, in a folder apart from the program, used by `./mesh` alone. */
export class Environments {
  /** Everything that the run writes, state and passphrase included. */
  readonly home = ownFolder(PREFIX);
  private readonly stacks = path.join(this.home, "stacks");
  private readonly names = path.join(this.home, "names");
  private variables?: Readonly<Record<string, string>>;

  /**
   * @param program folder of the program and its `./mesh`. Default: this repository.
   * @param more settings of each environment beside those that its file has. Default: none.
   */
  constructor(
    private program: string = repositoryRoot,
    more: (stack: Stack) => Tree = () => ({}),
  ) {
    for (const folder of [this.stacks, this.names]) fs.mkdirSync(folder);
    for (const stack of ["west", "east"]) fs.copyFileSync(path.join(program, `Pulumi.${stack}.yaml`), this.file(stack));
    for (const stack of STACKS) {
      // Nothing is asked twice anywhere in the mesh: a retry would hide a failure.
      const istio = { values: { istiod: { meshConfig: { defaultHttpRetryPolicy: { attempts: 0 } } } } };
      const own = { docker: { network: PREFIX }, client: { name: CLIENT }, clusters: { [stack]: { kindName: kindName(stack) } }, istio };
      fs.writeFileSync(path.join(this.names, `${stack}.yaml`), stringify(merge(own, more(stack))));
    }
  }

  private file(stack: string): string {
    return path.join(this.stacks, `Pulumi.${stack}.yaml`);
  }

  /** Adds the file of stack north, or removes it. */
  north(there: boolean): void {
    if (there) fs.writeFileSync(this.file("north"), NORTH);
    else fs.rmSync(this.file("north"));
    this.variables = undefined;
  }

  /** Lays settings over those of every stack. */
  over(settings: Tree): void {
    for (const stack of STACKS) {
      const file = path.join(this.names, `${stack}.yaml`);
      fs.writeFileSync(file, stringify(merge(parse(fs.readFileSync(file, "utf8")) as Tree, settings)));
    }
  }

  /** A setting in a stack's file, by its path below the configuration; undefined where it is not set. */
  setting(stack: Stack, ...keys: readonly string[]): unknown {
    return parseDocument(fs.readFileSync(this.file(stack), "utf8")).getIn(["config", ...keys]);
  }

  /** Whether the engine works on a stack. What a killed one left does not count. */
  isLocked(stack: Stack): boolean {
    return readLocks(`file://${path.join(this.home, "mesh", "state")}`, "usmesh", stack).live.length > 0;
  }

  /** Changes one setting in a stack's file; `undefined` removes it. */
  set(stack: Stack, setting: string, value: unknown): void {
    const document = parseDocument(fs.readFileSync(this.file(stack), "utf8"));
    if (value === undefined) document.deleteIn(["config", `usmesh:${setting}`]);
    else document.setIn(["config", `usmesh:${setting}`], value);
    fs.writeFileSync(this.file(stack), document.toString());
  }

  private get env(): NodeJS.ProcessEnv {
    // Nothing of the user's own: neither another state nor another cluster.
    const kept = Object.entries(process.env).filter(([name]) => !name.startsWith("PULUMI_") && name !== "KUBECONFIG");
    const own = { MESH_HOME: path.join(this.home, "mesh"), MESH_STACKS: this.stacks, USMESH_SETTINGS: path.join(this.names, "{stack}.yaml"), CI: "true" };
    return { ...Object.fromEntries(kept), ...own };
  }

  /** Goes on with this repository's program. */
  useThisVersion(): void {
    this.program = repositoryRoot;
    this.variables = undefined;
  }

  /** Runs `./mesh`. */
  async mesh(...args: string[]): Promise<Finished> {
    const ran = await capture(path.join(this.program, "mesh"), args, { cwd: this.program, env: this.env, timeoutMs: MESH_MS });
    // `env` writes the kubeconfigs, of which an `up` makes others. Something may have asked for them meanwhile.
    if (args[0] === "up") this.variables = undefined;
    return ran;
  }

  /** Runs `./mesh`, which has to succeed; what it printed, standard error after standard output. */
  async meshDoes(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await this.mesh(...args);
    if (code !== 0) throw new Error(`./mesh ${args.join(" ")} ended with ${code}:\n${stdout}\n${stderr}`);
    return `${stdout}\n${stderr}`;
  }

  /** Starts `./mesh up` of stacks and kills all of it, as when a machine fails, as soon as the moment has come. */
  async upKilled(stacks: readonly Stack[], moment: () => Promise<boolean>): Promise<void> {
    await this.killed(["up", ...stacks], moment);
  }

  /** The same for any command. */
  async killed(args: readonly string[], moment: () => Promise<boolean>): Promise<void> {
    const child = spawn(path.join(repositoryRoot, "mesh"), args, { cwd: repositoryRoot, env: this.env, stdio: ["ignore", "pipe", "pipe"], detached: true });
    const said = keepOutput(child);
    const ended = once(child, "exit");
    const hasCome = async (): Promise<boolean> => child.exitCode !== null || (await moment());
    await until(`./mesh ${args.join(" ")} to be where it is to be killed`, hasCome, { timeoutMs: MESH_MS, intervalMs: 100, seen: said });
    if (child.exitCode !== null || child.pid === undefined) throw new Error(`./mesh ${args.join(" ")} ended before it could be killed:\n${said()}`);
    process.kill(-child.pid, "SIGKILL");
    await ended;
  }

  /** The environment as after `eval "$(./mesh env)"`. */
  async tools(): Promise<NodeJS.ProcessEnv> {
    this.variables ??= JSON.parse((await this.mesh("env", "--json")).stdout) as Record<string, string>;
    return { ...this.env, ...this.variables };
  }

  /** Runs a line of shell in that environment. */
  async shell(line: string, input?: string): Promise<Finished> {
    return capture("sh", ["-c", line], { cwd: repositoryRoot, env: await this.tools(), input, timeoutMs: MESH_MS });
  }

  /** As {@link shell}, for what has to succeed; standard output without the last newline. */
  async sh(line: string, input?: string): Promise<string> {
    const { code, stdout, stderr } = await this.shell(line, input);
    if (code !== 0) throw new Error(`${line}\nended with ${code}: ${stderr.trim() || stdout.trim()}`);
    return stdout.replace(/\n$/, "");
  }

  /** Runs kubectl on the cluster of a stack. */
  async kubectl(stack: Stack, args: string, input?: string): Promise<string> {
    return this.sh(`kubectl --context kind-${kindName(stack)} ${args}`, input);
  }

  /** What a stack exports, secrets included. */
  async outputs(stack: Stack): Promise<MeshOutputs> {
    return JSON.parse(await this.sh(`pulumi stack output --json --show-secrets -s ${stack}`)) as MeshOutputs;
  }

  /** The stacks that the state holds. */
  async known(): Promise<string[]> {
    return (JSON.parse(await this.sh("pulumi stack ls --json")) as { name: string }[]).map(({ name }) => name).sort();
  }

  /** What `./mesh verify` finds wrong: nothing as soon as all is well, else what is left after the timeout, since proxies take a moment. */
  async faults(stacks: readonly Stack[], timeoutSeconds = 180): Promise<string[]> {
    const deadline = Date.now() + timeoutSeconds * 1000;
    for (;;) {
      const { stdout, stderr } = await this.mesh("verify", ...stacks, "--json");
      const report = parse(stdout || "null") as VerifyReport | null;
      const found = report ? report.findings.filter(({ status }) => status === "fail").map((f) => [f.check, f.cluster, f.peer, f.seen].join(" ")) : [stderr];
      if (found.length === 0 && report?.exitCode === 0) return [];
      if (Date.now() > deadline) return found.length > 0 ? found : [stderr];
    }
  }

  /** Which containers, networks and volumes are there. */
  async leftovers(): Promise<string[]> {
    const all = await this.sh("docker ps -a --format '{{.Names}}'; docker network ls --format '{{.Name}}'; docker volume ls --format '{{.Name}}'");
    return all.split("\n").filter((name) => name.includes(PREFIX));
  }

  /** Removes everything, whatever state it is in. */
  async remove(): Promise<void> {
    for (const stack of [...STACKS].reverse()) {
      if (fs.existsSync(this.file(stack))) await this.mesh("down", "--yes", stack);
      await this.shell(`kind delete cluster --name ${kindName(stack)}; docker volume rm usmesh.kind.${kindName(stack)}`);
    }
    await this.shell(`docker rm -f ${CLIENT}; docker network rm ${PREFIX}`);
    fs.rmSync(this.home, { recursive: true, force: true });
  }
}
