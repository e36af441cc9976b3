import * as fs from "node:fs";
import { repositoryRoot } from "../lib/paths";
import { closestThere } from "../lib/writable";
import { interruption, unusable } from "./builder/errors";
import { goCacheLimits, trimGoCaches } from "./builder/go-caches";
import { dockerImages } from "./builder/image-store";
import type { InspectedStep } from "./builder/inspect";
import { allReady, look, refuseHopeless, type Site } from "./builder/look";
import { airgapPaths, type AirgapPaths } from "./builder/paths";
import { plainReporter } from "./builder/plain-reporter";
import type { Reporter } from "./builder/reporter";
import type { Step } from "./builder/step";
import { ensureNpmPackages } from "./npm-packages";
import { allSteps } from "./steps";
import { benchSteps } from "./steps/bench";
import { GO_TOOLS } from "./steps/go-step";
import { olderSteps } from "./steps/older";

/** What to build, and how its progress is shown. */
export interface EnsureOptions {
  /** Names of the wanted pieces, built with all that they are made of; all pieces unless given. */
  readonly only?: readonly string[];
  /** Builds although disk or memory seem too small. */
  readonly force?: boolean;
  /** Shows the progress on standard error, unless given: as rows on a terminal, as plain lines elsewhere. */
  readonly reporter?: Reporter;
}

/** What only some tests or the benchmark need. It is found by name only: nothing else builds it or reports on it. */
const byName: readonly Step[] = [...olderSteps, ...benchSteps];

/** Where the air gap is built, and from what. */
function airgapSite(only?: readonly string[]): Site {
  const steps = only?.some((name) => byName.some((step) => step.name === name)) ? [...allSteps, ...byName] : allSteps;
  return { steps, only, repository: repositoryRoot, paths: airgapPaths(), images: dockerImages };
}

/** Rows on a terminal, plain lines elsewhere. */
async function defaultReporter(): Promise<Reporter> {
  if (!process.stderr.isTTY) return plainReporter((line) => process.stderr.write(`${line}\n`));
  const { terminalReporter } = await import("./builder/terminal-reporter.js");
  return terminalReporter();
}

/** Calls `work` with a signal that is aborted by Ctrl-C, SIGTERM and SIGHUP. */
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

/** See `ensureBuilt` in index.ts. */
export async function ensureBuilt(options: EnsureOptions): Promise<{ built: string[]; paths: AirgapPaths }> {
  const site = airgapSite(options.only);
  const limits = goCacheLimits();
  if (allReady(await look(site))) return { built: [], paths: site.paths };
  await ensureNpmPackages();
  const { build } = await import("./builder/build.js");
  const reporter = options.reporter ?? (await defaultReporter());
  const tidy = async (steps: readonly Step[]): Promise<void> => {
    if (!steps.some((step) => step.tools?.includes(GO_TOOLS[0]))) return;
    for (const line of await trimGoCaches(site.paths, limits)) reporter.say(line);
  };
  const built = await interruptibly((signal) => build({ ...site, reporter, signal, force: options.force, tidy }));
  return { built, paths: site.paths };
}

/** See `requireBuildable` in index.ts. */
export async function requireBuildable(only: readonly string[]): Promise<boolean> {
  return refuseHopeless(airgapSite(only));
}

/**
 * The state of every piece. Changes nothing.
 *
 * @throws MeshError when the home, or a folder above it, is not a folder.
 */
export async function inspectAirgap(): Promise<InspectedStep[]> {
  const site = airgapSite();
  const there = closestThere(site.paths.home);
  if (!fs.statSync(there).isDirectory()) throw unusable(`${there} is not a folder`);
  return look(site);
}

/** See `cleanAirgap` in index.ts. */
export async function cleanAirgap(all: boolean, say: (line: string) => void): Promise<void> {
  const { paths, images } = airgapSite();
  await ensureNpmPackages();
  const { clean } = await import("./builder/clean.js");
  await clean({ steps: [...allSteps, ...byName], paths, images, all, say });
}
