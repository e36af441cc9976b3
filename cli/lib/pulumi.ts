import { EXIT, MeshError } from "../../lib/errors";
import { capture, run, stream, type Finished } from "../../lib/process";
import { readLocks, type LockHolder } from "./locks";
import { say } from "./say";
import type { StackFiles } from "./stacks";

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

/** The parts of an exported state that the command looks at. */
export interface Deployment {
  readonly resources?: readonly StateResource[];
  readonly pending_operations?: readonly { readonly type: string; readonly resource: StateResource }[];
}

/** A state as `pulumi stack export` gives it. */
export interface ExportedState {
  readonly deployment: Deployment;
  /** The whole of it, for `pulumi stack import`. */
  readonly text: string;
}

/** A resource as the state holds it; inputs and outputs may hold encrypted secrets. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly custom?: boolean;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
  readonly provider?: string;
  /** Whether it was replaced and is still to be deleted. */
  readonly delete?: boolean;
  /** Why it did not become ready, if it did not. */
  readonly initErrors?: readonly string[];
  /** URN of what it vanishes with. */
  readonly deletedWith?: string;
}

/** Runs the `pulumi` program on the project's stacks, and leaves the tracked files as they are. */
export class Pulumi {
  constructor(private readonly options: PulumiOptions) {}

  /** Creates the stack in the backend unless it is there. */
  async init(stack: string): Promise<void> {
    this.options.stacks.copyTo(this.options.configFolder, stack);
    const { code, stderr } = await capture(
      "pulumi",
      ["stack", "init", "--cwd", this.options.configFolder, "--stack", stack, "--no-select", "--non-interactive"],
      { env: this.options.env },
    );
    if (code === 0) say(`created stack ${stack}`);
    else if (!/already exists/.test(stderr)) throw failure(`pulumi stack init --stack ${stack}`, code, stderr);
  }

  /** Names of the project's stacks that the backend knows. */
  async list(): Promise<string[]> {
    const text = await run("pulumi", ["stack", "ls", "--json", "--non-interactive", "--cwd", this.options.stacks.root], { env: this.options.env });
    return (JSON.parse(text) as readonly { readonly name: string }[]).map((stack) => stack.name);
  }

  /**
   * Sets locks aside that a killed Pulumi left behind.
   *
   * @returns whether there was one.
   * @throws MeshError when somebody works on the stack right now.
   */
  async unlock(stack: string): Promise<boolean> {
    const { live, stale } = readLocks(this.options.env.PULUMI_BACKEND_URL ?? "", this.options.stacks.project, stack);
    if (live.length > 0) throw lockedBy(stack, live);
    if (stale === 0) return false;
    say(`stack ${stack} was locked by a pulumi that is no longer there; taking the lock away`);
    await run("pulumi", ["cancel", "--yes", "--non-interactive", "--stack", stack, "--cwd", this.options.stacks.root], { env: this.options.env });
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

  /** `pulumi preview` as JSON on standard output: all resources, secrets left out. A failed one is given back with what it said. */
  async previewJson(stack: string): Promise<Finished> {
    const copy = this.options.stacks.copyTo(this.options.configFolder, stack);
    const flags = ["--json", "--show-sames", "--non-interactive", "--stack", stack, "--config-file", copy, "--cwd", this.options.stacks.root];
    return capture("pulumi", ["preview", ...flags], { env: this.options.env });
  }

  /**
   * `pulumi destroy`, without asking.
   *
   * @param options `refresh`: what is gone, or in a cluster that does not answer, first goes from the state. The provider forgets an object in
   * such a cluster when it deletes it, but fails with a Helm release.
   */
  async destroy(stack: string, options: { readonly refresh: boolean }): Promise<void> {
    await this.operate(stack, ["destroy", "--yes", "--skip-preview", "--suppress-outputs", ...(options.refresh ? ["--refresh"] : [])]);
  }

  /** Removes an empty stack from the backend. */
  async remove(stack: string): Promise<void> {
    // Without --preserve-config the stack's tracked file would go, too.
    const flags = ["stack", "rm", "--yes", "--preserve-config", "--non-interactive", "--stack", stack, "--cwd", this.options.stacks.root];
    await run("pulumi", flags, { env: this.options.env });
  }

  /** All outputs of a stack, secret ones in plain text: never to be printed or written to a file that others can read. */
  async outputs(stack: string): Promise<unknown> {
    const flags = ["stack", "output", "--json", "--show-secrets", "--non-interactive", "--stack", stack, "--cwd", this.options.stacks.root];
    return JSON.parse(await run("pulumi", flags, { env: this.options.env }));
  }

  /** The stack's state, secrets encrypted unless `showSecrets` asks for plain text: never to be printed or written to a file. */
  async export(stack: string, options: { readonly showSecrets?: boolean } = {}): Promise<ExportedState> {
    const secrets = options.showSecrets === true ? ["--show-secrets"] : [];
    const flags = ["stack", "export", ...secrets, "--non-interactive", "--stack", stack, "--cwd", this.options.stacks.root];
    const text = await run("pulumi", flags, { env: this.options.env });
    const { deployment } = JSON.parse(text) as { readonly deployment: Deployment | null };
    return { deployment: deployment ?? {}, text };
  }

  /** Puts a state back that was exported, without what was pending in it. */
  async import(stack: string, state: Pick<ExportedState, "text">): Promise<void> {
    const flags = ["stack", "import", "--non-interactive", "--stack", stack, "--cwd", this.options.stacks.root];
    await run("pulumi", flags, { env: this.options.env, input: state.text });
  }

  /** `pulumi refresh` of some resources: what is gone goes from the state. */
  async refresh(stack: string, urns: readonly string[]): Promise<void> {
    await this.operate(stack, ["refresh", "--yes", "--skip-preview", "--suppress-outputs", ...urns.flatMap((urn) => ["--target", urn])]);
  }

  /** Runs an operation on the terminal, with a fresh copy of the stack's file. */
  async operate(stack: string, args: readonly string[]): Promise<void> {
    const copy = this.options.stacks.copyTo(this.options.configFolder, stack);
    const all = [...args, "--stack", stack, "--config-file", copy, "--cwd", this.options.stacks.root];
    const code = await stream("pulumi", all, { env: this.options.env, stdout: this.options.quietStdout ? "stderr" : "inherit" });
    if (code === EXIT.interrupted) throw new MeshError(`interrupted; stack ${stack} is part of the way`, "Run the same command again to go on.", code);
    if (code !== 0) throw failure(`pulumi ${args[0]} --stack ${stack}`, code);
  }
}

function lockedBy(stack: string, holders: readonly LockHolder[]): MeshError {
  const who = holders.map((holder) => `${holder.username}@${holder.hostname} (process ${holder.pid}) since ${holder.timestamp}`).join(", ");
  return new MeshError(
    `stack ${stack} is being worked on by ${who}`,
    "Wait until that has ended, then run this again. Where it can no longer end (its machine is gone): pulumi cancel --stack " + stack,
    EXIT.unusable,
  );
}

function failure(what: string, code: number, said = ""): MeshError {
  const hint = /incorrect passphrase/.test(said)
    ? "The state is protected by another passphrase: set PULUMI_CONFIG_PASSPHRASE_FILE to the file that holds it."
    : said.trim() || "Its own message is above. What was made is recorded: mend the cause and run this again to go on.";
  return new MeshError(`${what} failed with exit code ${code}`, hint);
}
