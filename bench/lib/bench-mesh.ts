import * as fs from "node:fs";
import * as path from "node:path";
import { stringify } from "yaml";
import { openSession, pulumiOf, type Session } from "../../cli/lib/session";
import { merge, type Tree } from "../../lib/merge";
import { repositoryRoot } from "../../lib/paths";
import type { MeshOutputs } from "../../outputs/contract";
import type { BenchContext } from "../case";
import { benchEnvironment } from "./environment";
import { execute, type Executed } from "./execute";
import { removeLeftovers } from "./leftovers";
import { MESH, type Cluster } from "./names";
import { operate, type Operation } from "./operation";

/** The stack that is measured: west and east on kind, in one stack. */
export const STACK = "local";

/** How an operation is watched. */
export interface Watch {
  /** Is told the engine's process id once it runs. */
  readonly started?: (pid: number) => void;
}

/** The default stack with names of its own and a home of its own, in a folder of the run. Make one with {@link BenchMesh.open}. */
export class BenchMesh {
  private settings: Tree;
  private known?: MeshOutputs;

  private constructor(
    /** Everything that it writes, secrets included. */
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

  /** Runs an operation of plain Pulumi on the stack, which has to succeed; see {@link operate}. */
  async pulumi(operation: "up" | "preview", args: readonly string[] = [], { started }: Watch = {}): Promise<Operation> {
    const { mesh, stacks } = this.session;
    const copy = stacks.copyTo(mesh.config, STACK);
    this.known = undefined;
    const all = ["--stack", STACK, "--config-file", copy, ...args];
    return operate({ operation, args: all, cwd: repositoryRoot, env: this.env, folder: this.folder, signal: this.context.signal, started });
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
      this.context.say(`./mesh down ended with ${ended.code}; removing containers and network with docker`);
      await removeLeftovers(this.env);
    }
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}
