import * as fs from "node:fs";
import * as path from "node:path";
import { EXIT, MeshError } from "../lib/errors";
import { build, look, refuseHopeless, type Site } from "./builder/build";
import { clean } from "./builder/clean";
import { AirgapError, interruption, unusable } from "./builder/errors";
import { goCacheLimits, trimGoCaches } from "./builder/go-caches";
import { dockerImages } from "./builder/image-store";
import { airgapPaths, type AirgapPaths } from "./builder/paths";
import { plainReporter } from "./builder/plain-reporter";
import type { Reporter } from "./builder/reporter";
import { terminalReporter } from "./builder/terminal-reporter";
import { closestThere } from "../lib/writable";
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

/** The builder's errors as those that a command ends with. */
async function withExitCode<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AirgapError) throw new MeshError(error.message, undefined, EXIT_CODES[error.reason]);
    throw error;
  }
}

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
  return withExitCode(async () => {
    const limits = goCacheLimits();
    const reporter = options.reporter ?? defaultReporter();
    const tidy = async (steps: readonly Step[]): Promise<void> => {
      if (!steps.some((step) => step.tools?.includes(GO_TOOLS[0]))) return;
      for (const line of await trimGoCaches(site.paths, limits)) reporter.say(line);
    };
    const built = await interruptibly((signal) => build({ ...site, reporter, signal, force: options.force, tidy }));
    return { built, paths: site.paths };
  });
}

/**
 * Refuses what {@link ensureBuilt} would refuse before its first step, and makes nothing but the home.
 *
 * @param only names of the wanted pieces.
 * @returns whether something is left to build.
 * @throws MeshError when the machine lacks something or the home cannot be written to.
 */
export async function requireBuildable(only: readonly string[]): Promise<boolean> {
  return withExitCode(() => refuseHopeless(airgapSite(only)));
}

/**
 * How every piece stands, changing nothing.
 *
 * @throws MeshError when what should be the home, or a folder above it, is something else.
 */
export async function airgapStandings(): ReturnType<typeof look> {
  const site = airgapSite();
  return withExitCode(async () => {
    const there = closestThere(site.paths.home);
    if (!fs.statSync(there).isDirectory()) throw unusable(`${there} is not a folder`);
    return look(site);
  });
}

/**
 * Frees space: see {@link clean}.
 *
 * @param all takes everything away, images of the Docker engine too; else only what no tool needs.
 * @param say takes what there is to say.
 * @throws MeshError when the home cannot be written to.
 */
export async function cleanAirgap(all: boolean, say: (line: string) => void): Promise<void> {
  const { steps, paths, images } = airgapSite();
  await withExitCode(() => clean({ steps, paths, images, all, say }));
}
