import { EXIT, MeshError } from "../../lib/errors";
import { runner, stream, type Finished, type Runner } from "../../lib/process";
import { localStacks } from "./backend";
import { readLocks, type LockHolder } from "./locks";
import { PulumiError } from "./pulumi-errors";
import { say } from "./say";
import type { StackFiles } from "./stacks";
import type { Deployment } from "./state";
import { inTemporaryFolder, removeLeftFolders } from "./temporary-folder";

/** How Pulumi is run. */
export interface PulumiOptions {
  /** The whole environment, as {@link meshEnvironment} completes it. */
  readonly env: NodeJS.ProcessEnv;
  readonly stacks: StackFiles;
  /** Where the copies of the stacks' files are kept. */
  readonly configFolder: string;
  /** Whether standard output is for data, so that Pulumi's progress goes to standard error. */
  readonly quietStdout: boolean;
}

/** A state as `pulumi stack export` prints it. */
export interface ExportedState {
  readonly deployment: Deployment;
  /** The whole of it, for `pulumi stack import`. */
  readonly text: string;
}

/** Makes the provider remove from the state what is in a cluster that does not answer. */
const FORGET = { PULUMI_K8S_DELETE_UNREACHABLE: "true" };

/** What can be done with {@link Pulumi}; tests do it with a fake. */
export type PulumiCommands = Pick<Pulumi, keyof Pulumi>;

/**
 * Runs the `pulumi` program on the project's stacks, and leaves the tracked files as they are.
 *
 * Not the Automation API. Loading it takes 0.9 s, which each command would pay for. It always adds `--non-interactive`, so that a terminal
 * would show no live progress. And it runs this very program and matches its messages to tell what is wrong, which is done in one place
 * here too: `pulumi-errors.ts`.
 */
export class Pulumi {
  /** @param programs runs programs. Default: real ones. */
  constructor(
    private readonly options: PulumiOptions,
    private readonly programs: Pick<Runner, "capture"> & { readonly stream: typeof stream } = { capture: runner.capture, stream },
  ) {}

  /** Creates the stack in the backend, unless it exists. */
  async init(stack: string): Promise<void> {
    const { configFolder, env, stacks } = this.options;
    stacks.copyTo(configFolder, stack);
    const provider = stacks.secretsProvider(stack);
    const flags = ["--cwd", configFolder, "--stack", stack, "--no-select", "--non-interactive", ...(provider === undefined ? [] : ["--secrets-provider", provider])];
    const { code, stderr } = await this.programs.capture("pulumi", ["stack", "init", ...flags], { env });
    if (code === 0) return say(`created stack ${stack}`);
    const error = new PulumiError(`pulumi stack init --stack ${stack}`, code, stderr);
    if (error.problem !== "stack-exists") throw error;
  }

  /** Names of the project's stacks that the backend knows. Pulumi is asked only where they are not files: it takes half a second. */
  async list(): Promise<string[]> {
    const local = localStacks(this.options.env.PULUMI_BACKEND_URL ?? "", this.options.stacks.project);
    if (local) return local;
    const text = await this.query(["stack", "ls"], ["--json"]);
    return (JSON.parse(text) as readonly { readonly name: string }[]).map((stack) => stack.name);
  }

  /**
   * Removes the locks that a killed Pulumi left.
   *
   * @returns whether there was one.
   * @throws MeshError when somebody is working on the stack.
   */
  async unlock(stack: string): Promise<boolean> {
    const { live, stale } = readLocks(this.options.env.PULUMI_BACKEND_URL ?? "", this.options.stacks.project, stack);
    if (live.length > 0) throw lockedBy(stack, live);
    removeLeftFolders(stack);
    if (stale === 0) return false;
    say(`stack ${stack} was locked by a pulumi that is no longer running; removing the lock`);
    await this.query(["cancel"], ["--yes", "--stack", stack]);
    return true;
  }

  /** `pulumi up`, without asking. */
  async up(stack: string): Promise<void> {
    await this.operate(stack, ["up", "--yes", "--skip-preview", "--suppress-outputs"]);
  }

  /** `pulumi preview`: what `up` would do. */
  async preview(stack: string): Promise<void> {
    await this.operate(stack, ["preview", "--diff", "--suppress-outputs"]);
  }

  /** `pulumi preview` as JSON on standard output: all resources, without secrets. One that failed is returned with what it said. */
  async previewJson(stack: string): Promise<Finished> {
    const { configFolder, env, stacks } = this.options;
    const copy = stacks.copyTo(configFolder, stack);
    const flags = ["--json", "--show-sames", "--non-interactive", "--stack", stack, "--config-file", copy, "--cwd", stacks.root];
    return inTemporaryFolder(stack, (folder) => this.programs.capture("pulumi", ["preview", ...flags], { env: { ...env, TMPDIR: folder } }));
  }

  /**
   * `pulumi destroy`, without asking.
   *
   * @param options `forget`: what is in a cluster that does not answer is first removed from the state. The provider would drop an object
   * in such a cluster when it deletes it, but fail for a Helm release.
   */
  async destroy(stack: string, options: { readonly forget: boolean }): Promise<void> {
    const { forget } = options;
    await this.operate(stack, ["destroy", "--yes", "--skip-preview", "--suppress-outputs", ...(forget ? ["--refresh"] : [])], forget ? FORGET : {});
  }

  /** Lets the engine delete resources that are protected. */
  async unprotect(stack: string, urns: readonly string[]): Promise<void> {
    for (const urn of urns) await this.query(["state", "unprotect"], [urn, "--yes", "--stack", stack]);
  }

  /** Removes an empty stack from the backend. */
  async remove(stack: string): Promise<void> {
    // Without --preserve-config the stack's tracked file would be deleted, too.
    await this.query(["stack", "rm"], ["--yes", "--preserve-config", "--stack", stack]);
  }

  /**
   * All outputs of a stack, secret ones in plain text: never to be printed or written to a file that others can read.
   *
   * @throws PulumiError `no-such-stack`.
   */
  async outputs(stack: string): Promise<unknown> {
    return JSON.parse(await this.query(["stack", "output"], ["--json", "--show-secrets", "--stack", stack]));
  }

  /** The stack's state, its secrets encrypted. `showSecrets`: in plain text, never to be printed or written to a file. */
  async export(stack: string, options: { readonly showSecrets?: boolean } = {}): Promise<ExportedState> {
    const text = await this.query(["stack", "export"], [...(options.showSecrets === true ? ["--show-secrets"] : []), "--stack", stack]);
    const { deployment } = JSON.parse(text) as { readonly deployment: Deployment | null };
    return { deployment: deployment ?? {}, text };
  }

  /** Imports a state that was exported, without what was pending in it. */
  async import(stack: string, state: Pick<ExportedState, "text">): Promise<void> {
    await this.query(["stack", "import"], ["--stack", stack], state.text);
  }

  /** `pulumi refresh` of some resources: those that no longer exist are removed from the state. */
  async refresh(stack: string, urns: readonly string[]): Promise<void> {
    await this.operate(stack, ["refresh", "--yes", "--skip-preview", "--suppress-outputs", ...urns.flatMap((urn) => ["--target", urn])]);
  }

  /** Runs an operation on the terminal, with a fresh copy of the stack's file. */
  private async operate(stack: string, args: readonly string[], more: NodeJS.ProcessEnv = {}): Promise<void> {
    const { configFolder, env, quietStdout, stacks } = this.options;
    const copy = stacks.copyTo(configFolder, stack);
    const all = [...args, "--stack", stack, "--config-file", copy, "--cwd", stacks.root];
    const stdout = quietStdout ? "stderr" : "inherit";
    const code = await inTemporaryFolder(stack, (folder) => this.programs.stream("pulumi", all, { env: { ...env, ...more, TMPDIR: folder }, stdout }));
    if (code === EXIT.interrupted) throw new MeshError("interrupted", `interrupted; stack ${stack} is partially updated`, "Run the same command again to continue.", code);
    if (code !== 0) throw new PulumiError(`pulumi ${args[0]} --stack ${stack}`, code, "");
  }

  /** Runs a command and returns its standard output. */
  private async query(command: readonly string[], flags: readonly string[], input?: string): Promise<string> {
    const { env, stacks } = this.options;
    const { code, stdout, stderr } = await this.programs.capture("pulumi", [...command, ...flags, "--non-interactive", "--cwd", stacks.root], { env, input });
    if (code !== 0) throw new PulumiError(["pulumi", ...command].join(" "), code, stderr);
    return stdout;
  }
}

function lockedBy(stack: string, holders: readonly LockHolder[]): MeshError {
  const who = holders.map((holder) => `${holder.username}@${holder.hostname} (process ${holder.pid}) since ${holder.timestamp}`).join(", ");
  return new MeshError(
    "stack-locked",
    `stack ${stack} is being worked on by ${who}`,
    `Wait until that has ended, then run this again. If it can no longer end, because its machine is gone: pulumi cancel --stack ${stack}`,
    EXIT.unusable,
  );
}
