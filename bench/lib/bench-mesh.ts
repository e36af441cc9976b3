import * as fs from "node:fs";
import * as path from "node:path";
import { stringify } from "yaml";
import { airgapPaths } from "../../airgap";
import { openSession, pulumiOf, type Session } from "../../cli/lib/session";
import { merge, type Tree } from "../../lib/merge";
import { repositoryRoot } from "../../lib/paths";
import type { MeshOutputs } from "../../outputs/contract";
import { testEnvironment } from "../../tools/test/environment";
import { PARTS } from "../../tools/test/parts";
import type { BenchContext } from "../case";
import { execute, succeeded, type Executed } from "./execute";
import { MESH, type Cluster } from "./names";

/** The stack that is measured: west and east on kind, in one stack. */
export const STACK = "local";

/** How an operation of plain Pulumi ended. */
export interface Operation extends Executed {
  /** The engine's event log. */
  readonly eventLog: string;
}

/** How an operation is watched. */
export interface Watch {
  /** Is told the engine's process id once it runs. */
  readonly started?: (pid: number) => void;
}

/**
 * The environment that the benchmark's commands get: the caller's, without what leads to the caller's own meshes, state and clusters. It
 * is the one of the end-to-end tests, which need the same.
 */
export function benchEnvironment(caller: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const part = PARTS.find(({ name }) => name === "e2e");
  if (part === undefined) throw new Error("the tests have no part e2e");
  return testEnvironment(caller, airgapPaths(), part);
}

/** The default stack with names of its own and a home of its own, in a folder of the run. Make one with {@link BenchMesh.open}. */
export class BenchMesh {
  private settings: Tree;
  private operations = 0;
  private known?: MeshOutputs;

  private constructor(
    private readonly folder: string,
    private readonly context: Pick<BenchContext, "signal" | "say">,
    private readonly userEnv: NodeJS.ProcessEnv,
    readonly session: Session,
    settings: Tree,
  ) {
    this.settings = settings;
  }

  /**
   * Makes the home and the stack; nothing is created in Docker.
   *
   * @param name part of the folder's name.
   */
  static async open(name: string, context: Pick<BenchContext, "folder" | "signal" | "say">): Promise<BenchMesh> {
    const folder = fs.mkdtempSync(path.join(context.folder, `${name}-`));
    const temporary = path.join(folder, "tmp");
    fs.mkdirSync(temporary);
    const settings: Tree = {
      docker: { network: MESH.network },
      client: { name: MESH.client },
      clusters: { west: { kindName: MESH.kind.west }, east: { kindName: MESH.kind.east } },
    };
    fs.writeFileSync(path.join(folder, "settings.yaml"), stringify(settings));
    const env = {
      ...benchEnvironment(),
      CI: "true",
      TMPDIR: temporary,
      MESH_HOME: path.join(folder, "home"),
      USMESH_SETTINGS: path.join(folder, "settings.yaml"),
      // No such file: whatever asks for the user's own cluster finds none.
      KUBECONFIG: path.join(folder, "no-kubeconfig"),
    };
    const session = await openSession([STACK], env);
    const mesh = new BenchMesh(folder, context, env, session, settings);
    await pulumiOf(session, true).init(STACK);
    return mesh;
  }

  /** The environment in which plain `pulumi`, `docker`, `kind`, `kubectl` and `helm` work on this mesh, as after `./mesh env`. */
  get env(): NodeJS.ProcessEnv {
    return { ...this.session.env };
  }

  /** Lays settings over those of the names, until the next call: the next `up` applies them. */
  change(extra: Tree): void {
    this.settings = merge(this.settings, extra);
    fs.writeFileSync(path.join(this.folder, "settings.yaml"), stringify(this.settings));
  }

  /** Runs `./mesh`, however it ends. */
  async mesh(...args: readonly string[]): Promise<Executed> {
    const ended = await execute(path.join(repositoryRoot, "mesh"), args, { cwd: repositoryRoot, env: this.userEnv, signal: this.context.signal });
    this.context.signal.throwIfAborted();
    if (args[0] === "up") this.known = undefined;
    return ended;
  }

  /**
   * Runs an operation of plain Pulumi on the stack, which has to succeed.
   *
   * @returns what it printed and how long it took, from the start of the process to its end.
   */
  async pulumi(operation: "up" | "preview" | "destroy", args: readonly string[] = [], { started }: Watch = {}): Promise<Operation> {
    const { mesh, stacks } = this.session;
    const eventLog = path.join(this.folder, `events-${(this.operations += 1)}.jsonl`);
    const copy = stacks.copyTo(mesh.config, STACK);
    const proceed = operation === "preview" ? [] : ["--yes", "--skip-preview"];
    const all = [operation, ...proceed, "--stack", STACK, "--config-file", copy, "--non-interactive", "--color", "never", "--suppress-outputs", "--event-log", eventLog, ...args];
    // The engine hides the option for the log unless it is told to debug.
    const ended = await execute("pulumi", all, { cwd: repositoryRoot, env: { ...this.env, PULUMI_DEBUG_COMMANDS: "1" }, signal: this.context.signal, started });
    this.known = undefined;
    return { ...succeeded(`pulumi ${operation}`, ended, this.context.signal), eventLog };
  }

  /** The stack's outputs, secret ones included: never to be printed. */
  async outputs(): Promise<MeshOutputs> {
    this.known ??= (await pulumiOf(this.session, true).outputs(STACK)) as MeshOutputs;
    return this.known;
  }

  /** Path of the administrator's kubeconfig of one cluster, in a file of this user alone. */
  async kubeconfig(cluster: Cluster): Promise<string> {
    const file = path.join(this.folder, `${cluster}.kubeconfig`);
    const text = (await this.outputs()).kubeconfigs[cluster];
    if (text === undefined) throw new Error(`the stack exports no kubeconfig of ${cluster}`);
    fs.writeFileSync(file, text, { mode: 0o600 });
    return file;
  }

  /** The state's file: secrets in it are encrypted. */
  get stateFile(): string {
    return path.join(this.session.mesh.state, ".pulumi", "stacks", this.session.stacks.project, `${STACK}.json`);
  }

  /** Removes everything, whatever state it is in, also after an interrupt. */
  async remove(): Promise<void> {
    const ended = await execute(path.join(repositoryRoot, "mesh"), ["down", "--yes", STACK], { cwd: repositoryRoot, env: this.userEnv });
    if (ended.code !== 0) {
      this.context.say(`./mesh down ended with ${ended.code}; removing clusters and network with kind and docker`);
      await removeByName(this.env, [MESH]);
    }
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Removes what has these names from Docker. What is not there is no error. */
export async function removeByName(env: NodeJS.ProcessEnv, meshes: readonly (typeof MESH)[]): Promise<void> {
  const quietly = async (command: string, ...args: readonly string[]): Promise<void> => void (await execute(command, args, { env }));
  for (const { kind, client, network } of meshes) {
    await quietly("kind", "delete", "clusters", ...Object.values(kind));
    await quietly("docker", "rm", "--force", client);
    await quietly("docker", "volume", "rm", "--force", ...Object.values(kind).map((name) => `usmesh.kind.${name}`));
    await quietly("docker", "network", "rm", network);
  }
}
