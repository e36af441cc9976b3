import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { MeshError } from "../../lib/errors";
import { systemPath } from "./host";
import type { Run } from "./packages";

/** How a command ended, as a person would say it; undefined when all went well. */
type Ending = string | undefined;

/**
 * Runs commands whose output goes to a log.
 *
 * @param log the file, which is added to; its folder is created.
 * @returns runs one command; rejects with a MeshError that names the command, the log and its last lines.
 */
export function runOrThrow(log: string): Run {
  return async (command, args, options = {}) => {
    fs.mkdirSync(path.dirname(log), { recursive: true, mode: 0o700 });
    fs.appendFileSync(log, `$ ${[command, ...args].join(" ")}\n`, { mode: 0o600 });
    const env = { ...process.env, ...options.env, PATH: systemPath(process.env.PATH) };
    const child = spawn(command, [...args], { env, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    child.stdout.on("data", (data: Buffer) => {
      output += data.toString();
      fs.appendFileSync(log, data);
    });
    child.stderr.on("data", (data: Buffer) => fs.appendFileSync(log, data));
    const ending = await new Promise<Ending>((resolve) => {
      child.on("error", (error) => resolve(`cannot be started: ${error.message}`));
      child.on("close", (code, signal) => resolve(code === 0 ? undefined : signal ? `was ended by ${signal}` : `failed with exit code ${code}`));
    });
    if (ending === undefined) return output.replace(/\n$/, "");
    const lines = fs.readFileSync(log, "utf8").trim().split("\n").slice(-5);
    throw new MeshError(`${command} ${ending}`, [`Its output is in ${log}, which ends with:`, ...lines.map((line) => `  ${line}`)].join("\n"));
  };
}
