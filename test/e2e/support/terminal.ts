import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";

/** Ends the output of each command. */
const END = "--end-of-command--";

/** A shell that stays open from one command to the next, as a user's does: variables that one sets are there in the next. */
export class Terminal {
  private readonly shell: ChildProcessWithoutNullStreams;
  private printed = "";
  private changed: () => void = () => undefined;

  constructor(cwd: string, env: NodeJS.ProcessEnv) {
    this.shell = spawn("bash", ["--noprofile", "--norc"], { cwd, env });
    for (const stream of [this.shell.stdout, this.shell.stderr]) {
      stream.on("data", (chunk: Buffer) => {
        this.printed += chunk.toString();
        this.changed();
      });
    }
    this.shell.on("close", () => this.changed());
  }

  /** Runs a command, and returns what it printed on standard output and standard error. */
  async run(command: string): Promise<string> {
    this.printed = "";
    // Nothing for the command to read, and a line of its own for the end.
    this.shell.stdin.write(`{ ${command}\n} 2>&1 </dev/null; printf '\\n${END}\\n'\n`);
    await new Promise<void>((resolve, reject) => {
      this.changed = () => {
        if (this.printed.endsWith(`\n${END}\n`)) resolve();
        else if (this.shell.exitCode !== null) reject(new Error(`the shell ended: ${this.printed}`));
      };
    });
    return this.printed.slice(0, -`\n${END}\n`.length);
  }

  close(): void {
    this.shell.stdin.end();
  }
}
