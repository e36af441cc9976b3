import * as path from "node:path";
import { EXIT, MeshError } from "../cli/lib/errors";
import { build, look, type Site } from "./builder/build";
import { AirgapError, interruption } from "./builder/errors";
import { goCacheLimits, trimGoCaches } from "./builder/go-caches";
import { dockerImages } from "./builder/image-store";
import { airgapPaths, type AirgapPaths } from "./builder/paths";
import { plainReporter } from "./builder/plain-reporter";
import type { Reporter } from "./builder/reporter";
import { terminalReporter } from "./builder/terminal-reporter";
import type { Step } from "./builder/step";
import { allSteps } from "./steps";
import { GO_TOOLS } from "./steps/go-step";

export { airgapHome, airgapPaths, type AirgapPaths } from "./builder/paths";

/** What to build, and how it is shown. */
export interface EnsureOptions {
  /** Names of the wanted pieces, built with all that they are made of; all unless given. */
  readonly only?: readonly string[];
  /** Builds though disk or memory look too small. */
  readonly force?: boolean;
  /** Shows the progress; rows on a terminal and plain lines elsewhere, on standard error, unless given. */
  readonly reporter?: Reporter;
}

/**
 * Where the air gap is built, and from what.
 *
 * @param only names of the wanted pieces; all unless given.
 */
export function airgapSite(only?: readonly string[]): Site {
  return { steps: allSteps, only, repository: path.resolve(__dirname, ".."), paths: airgapPaths(), images: dockerImages };
}

/** Rows on a terminal, plain lines elsewhere. */
function defaultReporter(): Reporter {
  return process.stderr.isTTY ? terminalReporter() : plainReporter((line) => process.stderr.write(`${line}\n`));
}

/** Exit code by why a build did not come to its end. */
const EXIT_CODES = { failed: EXIT.failed, refused: EXIT.unusable, interrupted: EXIT.interrupted } as const;

/** Calls `work` with a signal that Ctrl-C and the like abort. */
async function interruptibly<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const interrupt = (): void => controller.abort(interruption());
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, interrupt);
  try {
    return await work(controller.signal);
  } finally {
    for (const signal of signals) process.off(signal, interrupt);
  }
}

/**
 * Makes sure that the air gap is built. Where all is ready this only looks, in about a second. Ctrl-C ends it soon; what was
 * finished by then is kept.
 *
 * @returns names of the pieces that had to be built, and where everything is.
 * @throws MeshError when a piece cannot be built, the machine lacks something, a name is unknown, or it is interrupted.
 */
export async function ensureBuilt(options: EnsureOptions = {}): Promise<{ built: string[]; paths: AirgapPaths }> {
  const site = airgapSite(options.only);
  try {
    const limits = goCacheLimits();
    const reporter = options.reporter ?? defaultReporter();
    const tidy = async (steps: readonly Step[]): Promise<void> => {
      if (!steps.some((step) => step.tools?.includes(GO_TOOLS[0]))) return;
      for (const line of await trimGoCaches(site.paths, limits)) reporter.say(line);
    };
    const built = await interruptibly((signal) => build({ ...site, reporter, signal, force: options.force, tidy }));
    return { built, paths: site.paths };
  } catch (error) {
    if (error instanceof AirgapError) throw new MeshError(error.message, undefined, EXIT_CODES[error.reason]);
    throw error;
  }
}

/** How every piece stands, changing nothing. */
export async function airgapStandings(): ReturnType<typeof look> {
  return look(airgapSite());
}
