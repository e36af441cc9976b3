import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

/** The providers of the program, by the begin of their folders' names. */
const PROVIDERS = ["kubernetes", "command", "docker", "tls"] as const;

/** Where no engine answers: a plugin connects only when it has something to say. */
const NO_ENGINE = "127.0.0.1:1";

/** Milliseconds after which a plugin counts as one that does not start. */
const LIMIT_MS = 30_000;

/** The executables of the providers' plugins that are installed, by provider: the newest of each, by name. */
export function providerPlugins(env: NodeJS.ProcessEnv): ReadonlyMap<string, string> {
  const folder = path.join(env["PULUMI_HOME"] ?? path.join(os.homedir(), ".pulumi"), "plugins");
  const installed = fs.existsSync(folder) ? fs.readdirSync(folder).sort() : [];
  const found = PROVIDERS.flatMap((provider): (readonly [string, string])[] => {
    const name = installed.findLast((entry) => entry.startsWith(`resource-${provider}-v`) && fs.statSync(path.join(folder, entry)).isDirectory());
    return name === undefined ? [] : [[provider, path.join(folder, name, `pulumi-resource-${provider}`)]];
  });
  return new Map(found);
}

/** Seconds from the start of a plugin to the line with its port, with which it says that it serves. */
export function startOf(plugin: string, env: NodeJS.ProcessEnv): Promise<number> {
  const started = performance.now();
  // Its standard input stays open: some plugins end with it.
  const child = spawn(plugin, [NO_ENGINE], { env, stdio: ["pipe", "pipe", "ignore"] });
  return new Promise<number>((resolve, reject) => {
    const limit = setTimeout(() => reject(new Error(`${plugin} did not start`)), LIMIT_MS);
    const release = (): void => clearTimeout(limit);
    child.once("error", (error) => {
      release();
      reject(error);
    });
    child.once("exit", () => {
      release();
      reject(new Error(`${plugin} ended before it served`));
    });
    child.stdout.once("data", () => {
      release();
      resolve((performance.now() - started) / 1000);
    });
  }).finally(() => child.kill("SIGKILL"));
}
