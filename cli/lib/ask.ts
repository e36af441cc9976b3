import * as readline from "node:readline";
import { Writable } from "node:stream";

/** Whether somebody sits at a terminal who can be asked. Continuous integration never asks. */
export function canAsk(env: NodeJS.ProcessEnv = process.env): boolean {
  return Boolean(process.stdin.isTTY && process.stderr.isTTY) && !env.CI;
}

/**
 * Asks for something that is not shown while it is typed. The question goes to standard error, so that standard output stays data.
 *
 * @returns what was typed; empty when the user just pressed Enter or closed the input.
 */
export async function askSecret(question: string): Promise<string> {
  process.stderr.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = readline.createInterface({ input: process.stdin, output: silent, terminal: true });
  try {
    return await new Promise<string>((resolve, reject) => {
      lines.once("line", resolve);
      lines.once("close", () => resolve(""));
      lines.once("SIGINT", () => reject(new Error("interrupted")));
    });
  } finally {
    lines.close();
    process.stderr.write("\n");
  }
}
