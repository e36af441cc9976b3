import * as fs from "node:fs";
import * as path from "node:path";
import { MeshError } from "../../lib/errors";
import { systemPath } from "./host";
import type { Run } from "./packages";

/**
 * Runs commands whose output goes to a log.
 *
 * @param log the log file, which is appended to; its folder is created.
 * @returns runs one command; rejects with a MeshError that names the command, the log and its last lines.
 */
export function runOrThrow(log: string): Run {
  return async (command, args, options = {}) => {
    fs.mkdirSync(path.dirname(log), { recursive: true, mode: 0o700 });
    fs.appendFileSync(log, `$ ${[command, ...args].join(" ")}\n`, { mode: 0o600 });
    const env = { ...options.env, PATH: systemPath(process.env.PATH) };
    const { execa } = await import("execa");
    const running = execa(command, args, { env, stdin: "ignore", all: true, reject: false, maxBuffer: Infinity });
    running.all.on("data", (data: Buffer) => fs.appendFileSync(log, data));
    const result = await running;
    if (!result.failed) return result.stdout;
    const lines = fs.readFileSync(log, "utf8").trim().split("\n").slice(-5);
    const hint = [`Its output is in ${log}, which ends with:`, ...lines.map((line) => `  ${line}`)].join("\n");
    throw new MeshError("command-failed", `${command} ${howItFailed(result)}`, hint);
  };
}

function howItFailed({ signal, exitCode, originalMessage }: { signal?: string; exitCode?: number; originalMessage?: string }): string {
  if (signal !== undefined) return `was ended by ${signal}`;
  return exitCode === undefined ? `cannot be started: ${originalMessage}` : `failed with exit code ${exitCode}`;
}
