/** A machine as a new user has it: an empty home, Node and what every Debian has on PATH; no Go, no Docker engine, no downloads. */
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { airgapPaths, type AirgapPaths } from "../../../airgap/builder/paths";
import { meshPaths, repositoryRoot, type MeshPaths } from "../../../lib/paths";
import { findOnPath } from "../../../cli/lib/tools";

/** Commands of the real machine that are on PATH: what `./mesh` and Pulumi are started with. */
const COMMANDS = ["sh", "env", "node", "cat", "cmp", "cp", "dirname", "ln", "mkdir", "mv", "readlink", "rm"];

/** Milliseconds after which a command counts as one that never ends. */
const PATIENCE_MS = 240_000;

/** How a command ended. */
export interface Ended {
  /** Exit code; undefined when it had to be killed. */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** See above. Take it away with {@link Machine.remove}. */
export class Machine {
  readonly folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "usmesh-fresh-")));
  /** Variables beside those that every row has. */
  readonly variables: NodeJS.ProcessEnv = {};

  constructor() {
    for (const folder of [this.bin, this.home, this.stacks]) fs.mkdirSync(folder);
    for (const command of COMMANDS) fs.symlinkSync(real(command), path.join(this.bin, command));
  }

  /** Folder of all commands. */
  get bin(): string {
    return path.join(this.folder, "bin");
  }

  /** The user's home. */
  get home(): string {
    return path.join(this.folder, "home");
  }

  /** A folder for stacks' files of the test's own; used once `MESH_STACKS` names it. */
  get stacks(): string {
    return path.join(this.folder, "stacks");
  }

  /** Where the air gap is built without `MESH_AIRGAP_HOME`. */
  get airgap(): AirgapPaths {
    return airgapPaths(path.join(this.home, ".cache", "usmesh", "airgap"));
  }

  /** Where the state is kept without `MESH_HOME`. */
  get mesh(): MeshPaths {
    return meshPaths(path.join(this.home, ".local", "state", "usmesh"));
  }

  /** Puts a command on PATH. */
  install(name: string, file: string): void {
    fs.copyFileSync(file, path.join(this.bin, name));
    fs.chmodSync(path.join(this.bin, name), 0o755);
  }

  /** Makes a stack `local` with this configuration the only one. */
  configure(config: string): void {
    fs.writeFileSync(path.join(this.stacks, "Pulumi.local.yaml"), config);
    this.variables.MESH_STACKS = this.stacks;
  }

  /** Everything that is in the home, as paths relative to it, sorted. */
  inHome(): string[] {
    return (fs.readdirSync(this.home, { recursive: true }) as string[]).sort();
  }

  /** Runs `./mesh`. */
  does(...args: string[]): Promise<Ended> {
    return this.run(path.join(repositoryRoot, "mesh"), args);
  }

  /** Runs a command to its end. */
  run(command: string, args: readonly string[]): Promise<Ended> {
    // No download can be reached, which is found out at once; and no test gets to a Docker engine, whatever it does wrong.
    const sealed = { HTTPS_PROXY: "http://127.0.0.1:9", DOCKER_HOST: `unix://${path.join(this.folder, "no-docker.sock")}` };
    const env = { PATH: this.bin, HOME: this.home, CI: "true", ...sealed, ...this.variables };
    return new Promise((resolve, reject) => {
      const child = spawn(command, args, { env, cwd: repositoryRoot, stdio: ["ignore", "pipe", "pipe"], timeout: PATIENCE_MS, killSignal: "SIGKILL" });
      const said = { stdout: "", stderr: "" };
      child.stdout.on("data", (data: Buffer) => (said.stdout += data.toString()));
      child.stderr.on("data", (data: Buffer) => (said.stderr += data.toString()));
      child.on("error", reject);
      child.on("close", (code) => resolve({ code: code ?? undefined, ...said }));
    });
  }

  remove(): void {
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}

function real(command: string): string {
  const file = command === "node" ? process.execPath : findOnPath(command);
  if (file === undefined) throw new Error(`${command} is not on PATH`);
  return file;
}
