import * as path from "node:path";
import { build, look, type Site } from "./builder/build";
import { goCacheLimits, trimGoCaches } from "./builder/go-caches";
import { dockerImages } from "./builder/image-store";
import { airgapPaths, type AirgapPaths } from "./builder/paths";
import { plainReporter } from "./builder/plain-reporter";
import type { Reporter } from "./builder/reporter";
import { terminalReporter } from "./builder/terminal-reporter";
import { allSteps } from "./steps";

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

/**
 * Makes sure that the air gap is built. Where all is ready this only looks, in about a second. Ctrl-C ends it soon; what was
 * finished by then is kept.
 *
 * @returns names of the pieces that had to be built, and where everything is.
 * @throws StepFailed when a piece cannot be built; Error when the machine lacks something, a name is unknown, or it is interrupted.
 */
export async function ensureBuilt(options: EnsureOptions = {}): Promise<{ built: string[]; paths: AirgapPaths }> {
  const site = airgapSite(options.only);
  const limits = goCacheLimits();
  const reporter = options.reporter ?? defaultReporter();
  const interrupted = new AbortController();
  const interrupt = (): void => interrupted.abort();
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.once(signal, interrupt);
  try {
    const built = await build({
      ...site,
      reporter,
      signal: interrupted.signal,
      force: options.force,
      async tidy(steps) {
        if (!steps.some((step) => step.tools?.includes("go"))) return;
        for (const line of trimGoCaches(site.paths, limits)) reporter.say(line);
      },
    });
    return { built, paths: site.paths };
  } finally {
    for (const signal of signals) process.off(signal, interrupt);
  }
}

/** How every piece stands, changing nothing. */
export async function airgapStandings(): ReturnType<typeof look> {
  return look(airgapSite());
}
