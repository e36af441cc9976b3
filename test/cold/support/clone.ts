/** A fresh clone of the last commit, with empty homes: what a new user has. Everything is in one temporary folder. */
import { execFileSync, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { airgapPaths } from "../../../airgap/builder/paths";
import { removeFolder } from "../../../airgap/builder/folders";
import { repositoryRoot } from "../../../lib/paths";
import { testEnvironment } from "../../../tools/test/environment";
import { PARTS } from "../../../tools/test/parts";
import { MARK } from "../../../tools/test/processes";

/** What `./mesh test cold` keeps of the caller's variables, also when mocha was started by hand. */
const KEEPS = [...(PARTS.find(({ name }) => name === "cold")?.keeps ?? []), MARK];

/** How long a command may take: less than a test, so that the error says which one it was. The first one builds everything. */
const COMMAND_MINUTES = 110;

/** How a command ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** See above. Delete it with {@link Clone.remove}. */
export class Clone {
  private readonly folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "usmesh-cold-")));
  /** The clone itself. */
  readonly root = path.join(this.folder, "usmesh");
  /** What `MESH_HOME` names. */
  readonly meshHome = path.join(this.folder, "mesh");

  constructor() {
    execFileSync("git", ["clone", "--quiet", "--no-hardlinks", repositoryRoot, this.root], { stdio: ["ignore", "inherit", "inherit"] });
    fs.mkdirSync(path.join(this.folder, "home"));
  }

  /** The last commit: what is not committed is not tested. */
  get commit(): string {
    return execFileSync("git", ["log", "-1", "--format=%h %s"], { cwd: this.root, encoding: "utf8" }).trim();
  }

  private get env(): NodeJS.ProcessEnv {
    const homes = { HOME: path.join(this.folder, "home"), MESH_HOME: this.meshHome, MESH_AIRGAP_HOME: path.join(this.folder, "airgap") };
    const { XDG_CACHE_HOME: _cache, XDG_STATE_HOME: _state, XDG_CONFIG_HOME: _config, ...caller } = testEnvironment(process.env, airgapPaths(), { keeps: KEEPS });
    return { ...caller, ...homes };
  }

  /** Runs the clone's `./mesh`. What it says is shown as it comes, since the first run takes long. */
  mesh(...args: string[]): Promise<Ended> {
    return this.run("./mesh", args);
  }

  /** Runs a line of shell as after `eval "$(./mesh env)"`. */
  async shell(line: string): Promise<Ended> {
    return this.run("sh", ["-c", `eval "$(./mesh env)"\n${line}`]);
  }

  /** Deletes everything that was built and kept. */
  async remove(): Promise<void> {
    await removeFolder(this.folder);
  }

  private run(command: string, args: readonly string[]): Promise<Ended> {
    return new Promise((resolve, reject) => {
      const child = spawn(command, args, { cwd: this.root, env: this.env, stdio: ["ignore", "pipe", "pipe"] });
      const said = { stdout: "", stderr: "" };
      for (const name of ["stdout", "stderr"] as const) {
        child[name].on("data", (data: Buffer) => {
          said[name] += data.toString();
          process.stderr.write(data);
        });
      }
      const timer = setTimeout(() => {
        child.kill("SIGTERM");
        reject(new Error(`${command} ${args.join(" ")} did not end within ${COMMAND_MINUTES} minutes; last seen:\n${said.stderr.slice(-2000)}`));
      }, COMMAND_MINUTES * 60_000);
      child.on("error", reject);
      child.on("close", (code) => {
        clearTimeout(timer);
        resolve({ code, ...said });
      });
    });
  }
}
