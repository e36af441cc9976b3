/** Runs the scripts of the components against a pretended docker and kind. */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { chmodSync, copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const REPOSITORY = resolve(__dirname, "../../../..");

/** How a script ended. */
export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A pretended machine with docker and kind. Remove it in the end. */
export class FakeEngine {
  readonly folder = mkdtempSync(join(tmpdir(), "usmesh-fake-"));
  /** Where the scripts put what they need for a while. */
  readonly temporary = join(this.folder, "tmp");
  private path = `${join(this.folder, "bin")}:/usr/bin:/bin`;

  constructor() {
    for (const name of ["bin", "network", "volume", "node", "tmp"]) mkdirSync(join(this.folder, name));
    this.install("docker");
    this.install("kind");
    this.install("sleep");
  }

  /** Has from now on what another one has, as if the same had been done here. */
  become(other: FakeEngine): void {
    cpSync(other.folder, this.folder, { recursive: true });
  }

  /** Runs a script with the environment that the components give it, and with what is given over it. */
  run(script: string, environment: Record<string, string> = {}, stdin = ""): Ended {
    const options = { cwd: REPOSITORY, input: stdin, encoding: "utf8", env: this.environment(environment) } as const;
    const { status, stdout, stderr } = spawnSync("/bin/sh", [`components/scripts/${script}`], options);
    return { status, stdout, stderr };
  }

  /** Starts a script and leaves it to itself, as an engine does that is killed. */
  start(script: string, stdin = ""): ChildProcess {
    const child = spawn("/bin/sh", [`components/scripts/${script}`], {
      cwd: REPOSITORY,
      stdio: ["pipe", "ignore", "ignore"],
      env: this.environment({}),
    });
    child.stdin.end(stdin);
    return child;
  }

  /** What docker and kind were asked to do that changes something, in order, shortened to verb and object. */
  changes(): string[] {
    const file = join(this.folder, "log");
    const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n") : [];
    return lines.map((line) => line.split(" ").slice(0, 3).join(" ")).filter((line) => /(create|delete|rm)/.test(line));
  }

  /** Content of a file below the machine's folder; undefined when it is not there. */
  read(path: string): string | undefined {
    const file = join(this.folder, path);
    return existsSync(file) ? readFileSync(file, "utf8") : undefined;
  }

  write(path: string, text = ""): void {
    const file = join(this.folder, path);
    mkdirSync(join(file, ".."), { recursive: true });
    writeFileSync(file, text);
  }

  remove(path = ""): void {
    rmSync(join(this.folder, path), { recursive: true, force: true });
  }

  /** Names of what is in a folder. */
  list(path: string): string[] {
    return readdirSync(join(this.folder, path)).sort();
  }

  /** Takes `flock` away, as on macOS: what is left on PATH are links to all other programs. */
  withoutFlock(): void {
    const programs = ["cat", "chmod", "cksum", "grep", "head", "ln", "ls", "mkdir", "perl", "readlink", "rm", "sed", "sh", "sleep", "tar", "timeout", "tr", "dirname", "printf", "cp"];
    for (const program of programs) {
      const where = ["/usr/bin", "/bin"].map((folder) => join(folder, program)).find(existsSync);
      if (where !== undefined && !existsSync(join(this.folder, "bin", program))) symlinkSync(where, join(this.folder, "bin", program));
    }
    this.path = join(this.folder, "bin");
  }

  private environment(over: Record<string, string>): Record<string, string> {
    return {
      PATH: this.path,
      FAKE: this.folder,
      TMPDIR: this.temporary,
      MESH_HOME: join(this.folder, "home"),
      KIND_NAME: "fake",
      KIND_NODE: "fake-control-plane",
      KIND_IMAGE: "node:1",
      OWNER: "organization/usmesh/local",
      INCARNATION: "1",
      DOCKER_NETWORK: "usmesh",
      DOCKER_SUBNET: "",
      ...over,
    };
  }

  private install(name: string): void {
    const file = join(this.folder, "bin", name);
    copyFileSync(join(__dirname, `fake-${name}.sh`), file);
    chmodSync(file, 0o755);
  }
}
