import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { stringify } from "yaml";
import { capture } from "../../../lib/process";
import { type Target, targetsFromKubeconfigs } from "../../../cli/verify/targets";
import type { MeshOutputs } from "../../../outputs/contract";
import { Terminal } from "./terminal";

const root = path.join(__dirname, "../../..");

/** Names of the mesh under test. They differ from the defaults, so that a mesh of the user on the same machine is left alone. */
export const NAMES = {
  network: "usmesh-e2e",
  client: "usmesh-e2e-mypc",
  kind: { west: "usmesh-e2e-west", east: "usmesh-e2e-east" },
} as const;

export type Key = keyof typeof NAMES.kind;
export const KEYS: readonly Key[] = ["west", "east"];

/** The files that Pulumi would like to write to, with what is in them. */
export function stackFiles(): Map<string, string> {
  const names = fs.readdirSync(root).filter((name) => /^Pulumi\..*yaml$/.test(name));
  return new Map(names.map((name) => [path.join(root, name), fs.readFileSync(path.join(root, name), "utf8")]));
}

/** Writes them back where they differ: plain pulumi writes its salt into a stack's file, which must not stay there. */
export function restoreStackFiles(files: ReadonlyMap<string, string>): void {
  for (const [file, text] of files) if (fs.readFileSync(file, "utf8") !== text) fs.writeFileSync(file, text);
}

/** Settings that give the mesh its own names. What failed may be used again sooner than by default, since tests wait for it. */
function settings(extra: Record<string, unknown>): Record<string, unknown> {
  return {
    docker: { network: NAMES.network },
    client: { name: NAMES.client },
    clusters: { west: { kindName: NAMES.kind.west }, east: { kindName: NAMES.kind.east } },
    failover: { ejectionSeconds: 10 },
    ...extra,
  };
}

/** What a command printed and how it ended. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The mesh that all end-to-end tests share, used as its user would: by `./mesh`, and by plain tools after `./mesh env`. */
export class TestMesh {
  /** Everything that the run writes, state and passphrase included. */
  readonly home = fs.mkdtempSync(path.join(os.tmpdir(), "usmesh-e2e-"));
  /** The folder for temporary files of everything that is run. */
  readonly temporary = path.join(this.home, "tmp");
  private readonly settingsFile = path.join(this.home, "settings.yaml");
  private readonly userHome = path.join(this.home, "user");
  private known?: Promise<MeshOutputs>;
  private exports?: Promise<string>;
  /** How many commands run that may write to the stacks' files, and what was in these before the first of them. */
  private running = 0;
  private tracked: ReadonlyMap<string, string> = new Map();

  constructor() {
    fs.mkdirSync(this.temporary);
    this.change({});
  }

  /** Rewrites the settings that are merged over the stack's: `extra` beside the names. */
  change(extra: Record<string, unknown>): void {
    fs.writeFileSync(this.settingsFile, stringify(settings(extra)));
  }

  /** Replaces the user's own kubeconfig; the server in it tells whether anything ever reads it. */
  trap(kubeconfig: string): void {
    fs.mkdirSync(this.userHome, { recursive: true });
    fs.writeFileSync(path.join(this.userHome, "config"), kubeconfig, { mode: 0o600 });
  }

  private get env(): NodeJS.ProcessEnv {
    const own = { MESH_HOME: path.join(this.home, "mesh"), USMESH_SETTINGS: this.settingsFile, KUBECONFIG: path.join(this.userHome, "config") };
    return { ...process.env, CI: "true", TMPDIR: this.temporary, ...own };
  }

  /** Runs `./mesh` with these arguments. */
  async mesh(...args: string[]): Promise<Ran> {
    const ran = await capture(...this.command(...args));
    // `env` writes the kubeconfigs, of which an `up` makes others. Something may have asked for them meanwhile.
    if (args[0] === "up") this.forgetEnvironment();
    return ran;
  }

  /** Makes {@link shell} ask `./mesh env` again: for an `up` that did not go through {@link mesh}. */
  forgetEnvironment(): void {
    this.exports = undefined;
  }

  /** The same, to be started with `spawn`: for a run that is not to reach its end by itself. */
  command(...args: string[]): [command: string, args: string[], options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv }] {
    return [path.join(root, "mesh"), args, { cwd: root, env: this.env }];
  }

  /** A shell as the user's, before `./mesh env`. */
  terminal(): Terminal {
    return new Terminal(root, this.env);
  }

  /** As {@link command}, for a line of shell as after `eval "$(./mesh env)"`. */
  async line(line: string, variables: NodeJS.ProcessEnv = {}): Promise<ReturnType<TestMesh["command"]>> {
    this.exports ??= this.mesh("env").then(({ stdout }) => stdout);
    return ["sh", ["-c", `${await this.exports}\n${line}`], { cwd: root, env: { ...this.env, ...variables } }];
  }

  /** Runs a line of shell as after `eval "$(./mesh env)"`. */
  async shell(line: string, input?: string): Promise<Ran> {
    const [command, args, options] = await this.line(line);
    if (this.running === 0) this.tracked = stackFiles();
    this.running += 1;
    try {
      return await capture(command, args, { ...options, input });
    } finally {
      this.running -= 1;
      restoreStackFiles(this.tracked);
    }
  }

  /** As {@link shell}, for what has to succeed; standard output without the last newline. */
  async sh(line: string, input?: string): Promise<string> {
    const { code, stdout, stderr } = await this.shell(line, input);
    if (code !== 0) throw new Error(`${line}\nended with ${code}: ${stderr.trim() || stdout.trim()}`);
    return stdout.replace(/\n$/, "");
  }

  /** Runs kubectl on one of the clusters. */
  async kubectl(cluster: Key, args: string, input?: string): Promise<string> {
    return this.sh(`kubectl --context kind-${NAMES.kind[cluster]} ${args}`, input);
  }

  /** Runs a command in the node of one of the clusters. */
  async node(cluster: Key, command: string): Promise<string> {
    return this.sh(`docker exec ${NAMES.kind[cluster]}-control-plane ${command}`);
  }

  /** The stack's outputs, secret ones included. */
  async outputs(): Promise<MeshOutputs> {
    this.known ??= this.sh("pulumi stack output --json --show-secrets -s local").then(
      (text) => JSON.parse(text) as MeshOutputs,
      (error: Error) => {
        // The stack may be up the next time.
        this.known = undefined;
        throw error;
      },
    );
    return this.known;
  }

  /** The clusters as `verify` takes them. */
  async targets(timeoutMs = 5000): Promise<Target[]> {
    return targetsFromKubeconfigs(Object.entries((await this.outputs()).kubeconfigs).reverse(), timeoutMs);
  }

  /** Removes everything, whatever state it is in. */
  async remove(): Promise<void> {
    const { code, stdout } = await this.shell(`docker ps -aq --filter name=${NAMES.network}; docker network ls -q --filter name=${NAMES.network}`);
    // All names begin with the network's. Where a test has taken the mesh down there is nothing left.
    if (code !== 0 || stdout.trim() !== "") {
      await this.mesh("down", "--yes", "local");
      for (const key of KEYS) await this.shell(`kind delete cluster --name ${NAMES.kind[key]}`);
      await this.shell(`docker rm -f ${NAMES.client}; docker network rm ${NAMES.network}`);
    }
    fs.rmSync(this.home, { recursive: true, force: true });
  }
}
