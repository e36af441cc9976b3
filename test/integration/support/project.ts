/** A throw-away Pulumi project with a state of its own, run by the real engine with the air gap's plugins. */
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { run, type Finished } from "../../support/run";
import { readEvents, type Outcome } from "./events";
import { airgapBinary, pulumiHome, type Plugin } from "./home";
import { JAVASCRIPT, LIGHT_PULUMI, requiring } from "./node-options";
import { deploymentIn, type Deployment, type StateResource } from "./state";

const REPOSITORY = resolve(__dirname, "../../..");
const STACK = "test";

/** How a test wants its project. */
export interface ProjectOptions {
  /** The plugins its program needs. */
  plugins: readonly Plugin[];
  /** The program, CommonJS JavaScript; `exports` are the stack's outputs. */
  program: string;
  /** Further environment of the engine (and so of program and plugins). */
  env?: Record<string, string>;
}

/** How one command is run. */
export interface RunOptions {
  /** Further arguments of the command. */
  args?: string[];
  /** Whether a failure is what the test expects: it is returned then instead of thrown. */
  fails?: boolean;
  /** Aborts the engine with SIGINT, as Ctrl-C does. */
  signal?: AbortSignal;
}

/** A project in a temporary folder. Make one with {@link createProject}, and `remove` it in the end. */
export class Project {
  /** Its name in its Pulumi.yaml. */
  protected readonly name: string = "project";

  constructor(
    /** The project's folder: program, state and settings are in it. */
    readonly folder: string,
    private readonly env: Record<string, string>,
  ) {}

  /** Replaces the program. */
  async write(program: string): Promise<void> {
    await writeFile(join(this.folder, "index.js"), program);
  }

  preview(options?: RunOptions): Promise<Outcome> {
    return this.operate("preview", [], options);
  }

  /** `pulumi up` without a preview before it. */
  up(options?: RunOptions): Promise<Outcome> {
    return this.operate("up", ["--yes", "--skip-preview"], options);
  }

  refresh(options?: RunOptions): Promise<Outcome> {
    return this.operate("refresh", ["--yes", "--skip-preview"], options);
  }

  destroy(options?: RunOptions): Promise<Outcome> {
    return this.operate("destroy", ["--yes", "--skip-preview"], options);
  }

  /** The stack's outputs, secrets in the clear. */
  async outputs(): Promise<Record<string, unknown>> {
    const { stdout } = await this.pulumi(["stack", "output", "--json", "--show-secrets"]);
    return JSON.parse(stdout) as Record<string, unknown>;
  }

  /** The state's resources; secrets are ciphertext unless asked for in the clear. */
  async export({ showSecrets = false } = {}): Promise<StateResource[]> {
    if (!showSecrets) return deploymentIn(await this.stateText())?.resources ?? [];
    const { stdout } = await this.pulumi(["stack", "export", "--show-secrets"]);
    return (JSON.parse(stdout) as { deployment: Deployment }).deployment.resources ?? [];
  }

  /** The state's only resource of a name in the program, secrets encrypted; throws when it is not there. */
  async resource(name: string): Promise<StateResource> {
    const found = (await this.export()).find(({ urn }) => urn.endsWith(`::${name}`));
    if (!found) throw new Error(`the state holds no resource ${name}`);
    return found;
  }

  /** Everything the project has on disk about its state, as text: what a search for leaked secrets goes through. */
  async stateText(): Promise<string> {
    return readFile(join(fileURLToPath(this.env["PULUMI_BACKEND_URL"] ?? ""), ".pulumi", "stacks", this.name, `${STACK}.json`), "utf8");
  }

  /** Runs any other pulumi command in the project. */
  async pulumi(args: string[], options: RunOptions = {}): Promise<Finished> {
    return run(airgapBinary("pulumi"), [...args, "--stack", STACK], {
      cwd: this.folder,
      env: this.env,
      extendEnv: false,
      reject: !options.fails,
      cancelSignal: options.signal,
      forceKillAfterDelay: false,
      stdin: "ignore",
    });
  }

  /** Removes the folder. Destroy what was made first. */
  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  private async operate(command: string, args: string[], options: RunOptions = {}): Promise<Outcome> {
    const log = join(this.folder, "events.json");
    await rm(log, { force: true });
    const common = ["--non-interactive", "--color", "never", "--event-log", log];
    const all = [command, ...args, ...common, ...(options.args ?? [])];
    const { exitCode, stdout, stderr } = await this.pulumi(all, { ...options, fails: true });
    const output = `${stdout}\n${stderr}`;
    if ((exitCode !== 0) !== (options.fails ?? false)) {
      throw new Error(`pulumi ${command} ended with ${exitCode}, which was not expected:\n${output}`);
    }
    return { exitCode: exitCode ?? -1, output, ...(await readEvents(log)) };
  }
}

/** Makes a project with an empty stack. */
export async function createProject({ plugins, program, env = {} }: ProjectOptions): Promise<Project> {
  const folder = await mkdtemp(join(tmpdir(), "usmesh-project-"));
  await mkdir(join(folder, ".state"));
  await linkPackages(folder, plugins);
  await writeFile(
    join(folder, "Pulumi.yaml"),
    "name: project\nmain: index.js\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n",
  );
  await writeFile(join(folder, "package.json"), '{"name": "project", "main": "index.js"}\n');
  const project = new Project(folder, await environment(folder, plugins, { NODE_OPTIONS: requiring(LIGHT_PULUMI, JAVASCRIPT), ...env }));
  await project.write(program);
  await project.pulumi(["stack", "init"]);
  return project;
}

/** Links Pulumi's packages that a program needs, and no others: the language host looks at every file below `node_modules` in each run. */
async function linkPackages(folder: string, plugins: readonly Plugin[]): Promise<void> {
  const scope = join("node_modules", "@pulumi");
  await mkdir(join(folder, scope), { recursive: true });
  await Promise.all(["pulumi", ...plugins].map((name) => symlink(join(REPOSITORY, scope, name), join(folder, scope, name))));
}

/**
 * The environment in which the engine works on a project in a folder, with a state in it and the plugins of {@link pulumiHome}.
 * @param env what is to be otherwise
 */
export async function environment(folder: string, plugins: readonly Plugin[], env: Record<string, string> = {}): Promise<Record<string, string>> {
  return {
    ...inherited(),
    PATH: [dirname(airgapBinary("pulumi")), dirname(process.execPath), process.env["PATH"]].join(delimiter),
    PULUMI_HOME: await pulumiHome(plugins),
    PULUMI_BACKEND_URL: `file://${folder}/.state`,
    PULUMI_CONFIG_PASSPHRASE: "a passphrase for tests",
    PULUMI_SKIP_UPDATE_CHECK: "1",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "1",
    NODE_OPTIONS: requiring(LIGHT_PULUMI),
    // Shows --event-log.
    PULUMI_DEBUG_COMMANDS: "1",
    ...env,
  };
}

/** This process's environment without what would lead the engine to another backend or other plugins. */
function inherited(): Record<string, string> {
  const kept = Object.entries(process.env).filter(([name, value]) => value !== undefined && !name.startsWith("PULUMI_"));
  return Object.fromEntries(kept) as Record<string, string>;
}
