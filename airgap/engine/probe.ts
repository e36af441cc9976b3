import { systemPath } from "./host";
import { systemPlace, type Place } from "./place";
import type { EngineFacts } from "./decide";

/** Milliseconds after which an engine counts as not answering. */
const TIMEOUT_MS = 20_000;

/** How a command ended. */
interface Said {
  readonly ok: boolean;
  readonly text: string;
}

/** Not with `lib/process.ts`: Ctrl-C has to end this process too, or an engine would be set up because this one did not answer. */
async function ask(args: readonly string[], env: NodeJS.ProcessEnv): Promise<Said> {
  const { execa } = await import("execa");
  const options = { env: { ...env, PATH: systemPath(env.PATH) }, extendEnv: false, stdin: "ignore", timeout: TIMEOUT_MS, reject: false } as const;
  const { failed, code, stdout, stderr, shortMessage } = await execa("docker", args, options);
  if (!failed) return { ok: true, text: stdout.trim() };
  return { ok: false, text: code === "ENOENT" ? "the docker command is not installed" : (stderr ?? "").trim() || shortMessage || "" };
}

/** The engine that the user chose, if it is not this machine's own. */
async function namedEngine(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  if (env.DOCKER_HOST) return env.DOCKER_HOST;
  const { ok, text } = await ask(["context", "show"], env);
  return ok && text !== "default" && text !== "" ? `docker context ${text}` : undefined;
}

/**
 * Asks the engine that the `docker` command uses.
 *
 * @param env environment of the command.
 * @param place the place of the engine, if it is not the machine's own.
 */
export async function lookForEngine(env: NodeJS.ProcessEnv, place: Place = systemPlace): Promise<EngineFacts> {
  const own = place === systemPlace ? env : { ...env, DOCKER_HOST: `unix://${place.socket}` };
  const { ok, text } = await ask(["version", "--format", "{{.Server.Version}}"], own);
  if (ok) return { version: text, said: "" };
  // When it cannot reach the engine, the command still prints lines about itself.
  const said = text.split("\n").at(-1) ?? text;
  return { said, named: place === systemPlace ? await namedEngine(env) : undefined };
}
