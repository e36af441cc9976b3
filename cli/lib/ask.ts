import * as readline from "node:readline";
import { Writable } from "node:stream";
import { EXIT, MeshError } from "../../lib/errors";

/** Whether there is a terminal with a user who can be asked. In continuous integration nobody is asked. */
export function canAsk(env: NodeJS.ProcessEnv = process.env): boolean {
  return Boolean(process.stdin.isTTY && process.stderr.isTTY) && !env.CI;
}

/**
 * Asks for something that is not shown while it is typed. The question is printed on standard error: standard output is for data.
 *
 * @returns what was typed; empty when the user only pressed Enter or closed the input.
 * @throws MeshError when the user presses Ctrl-C.
 */
export async function askSecret(question: string): Promise<string> {
  process.stderr.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = readline.createInterface({ input: process.stdin, output: silent, terminal: true });
  try {
    return await new Promise<string>((resolve, reject) => {
      lines.once("line", resolve);
      lines.once("close", () => resolve(""));
      lines.once("SIGINT", () => reject(new MeshError("interrupted; nothing was changed", undefined, EXIT.interrupted)));
    });
  } finally {
    lines.close();
    process.stderr.write("\n");
  }
}

/**
 * Asks a question that is answered with yes or no. It is printed on standard error.
 *
 * @returns whether the answer is yes; anything but `y` or `yes` is no.
 * @throws MeshError when the user presses Ctrl-C.
 */
export async function askYes(question: string): Promise<boolean> {
  const lines = readline.createInterface({ input: process.stdin, output: process.stderr, terminal: true });
  try {
    const answer = await new Promise<string>((resolve, reject) => {
      lines.question(question, resolve);
      lines.once("close", () => resolve(""));
      lines.once("SIGINT", () => reject(new MeshError("interrupted; nothing was changed", undefined, EXIT.interrupted)));
    });
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    lines.close();
  }
}
