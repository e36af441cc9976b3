import { announce, needsOf, obstacles, thisMachine, type Machine } from "./checks";
import { AirgapError, StepFailed, unusable } from "./errors";
import { select } from "./graph";
import { stepHashes } from "./hash";
import type { ImageStore } from "./image-store";
import { inspect, type Standing } from "./inspect";
import { endLeftovers, removeScratch } from "./leftovers";
import { isHeld, takeLock } from "./lock";
import { makeStep, prefetchStep, type Workshop } from "./make-step";
import { homeFolders, type AirgapPaths } from "./paths";
import type { Reporter } from "./reporter";
import { schedule } from "./schedule";
import type { Step } from "./step";
import { Tally } from "./tally";
import { obstacleBelow } from "../../lib/writable";

/** Which steps are meant, and where. */
export interface Site {
  /** All steps. */
  readonly steps: readonly Step[];
  /** Names of the wanted steps, with all that they need; all unless given. */
  readonly only?: readonly string[];
  /** The repository's root. */
  readonly repository: string;
  readonly paths: AirgapPaths;
  /** The Docker engine's images. */
  readonly images: ImageStore;
}

/** What a build works on and with. */
export interface BuildOptions extends Site {
  readonly reporter: Reporter;
  /** Aborting it ends the build soon. */
  readonly signal: AbortSignal;
  /** Builds though disk or memory look too small. */
  readonly force?: boolean;
  /** Looks at the machine; the real one unless given. */
  readonly machine?: (home: string) => Machine;
  /** Called with what was built while the lock is still held, after a failure too: keeps caches bounded. */
  readonly tidy?: (built: readonly Step[]) => Promise<void>;
  /** Milliseconds after which a lock without a sign of life counts as left behind; see `takeLock`. */
  readonly staleMs?: number;
}

/**
 * How the wanted steps stand, each after all that it needs.
 *
 * @throws AirgapError when a step is unknown; Error when an input is missing.
 */
export async function look({ steps, only, repository, paths, images }: Site): Promise<Standing[]> {
  const wanted = select(steps, only);
  return inspect(wanted, stepHashes(wanted, repository), paths, images);
}

/** Whether nothing is left to build. */
export function allReady(standings: readonly Standing[]): boolean {
  return standings.every(({ state }) => state === "ready");
}

/**
 * Refuses what a build would refuse before its first step, and makes nothing but the home: for those who have something else to set up
 * before they build. While another run is at work nothing is refused, since what it will leave to do is not known.
 *
 * @returns whether something is left to build.
 * @throws AirgapError when the home cannot be written to or the machine lacks something.
 */
export async function refuseHopeless(options: Site & Pick<BuildOptions, "machine">): Promise<boolean> {
  const standings = await look(options);
  if (allReady(standings)) return false;
  if (isHeld(options.paths)) return true;
  refuseUnusable(options.paths);
  const found = obstaclesTo(leftOf(standings), options);
  if (found.length > 0) throw refusal(found);
  return true;
}

/** @throws AirgapError when the home or a folder of it cannot be written to. */
function refuseUnusable(paths: AirgapPaths): void {
  const obstacle = obstacleBelow(paths.home, homeFolders(paths));
  if (obstacle !== undefined) throw unusable(obstacle);
}

/**
 * Builds what is not ready. When all is, nothing is touched and nothing said.
 *
 * @returns names of the steps that were built.
 * @throws StepFailed when a step fails; AirgapError when the machine lacks something, or when it is interrupted.
 */
export async function build(options: BuildOptions): Promise<string[]> {
  if (allReady(await look(options))) return [];
  refuseUnusable(options.paths);
  const lost = new AbortController();
  const signal = AbortSignal.any([options.signal, lost.signal]);
  const release = await takeLock(options.paths, {
    say: (line) => options.reporter.say(line),
    onLost: () => lost.abort(new AirgapError("failed", "another run of the air-gap build took over while this one was asleep; start it again")),
    signal,
    staleMs: options.staleMs,
  });
  try {
    return await buildLocked({ ...options, signal });
  } finally {
    // A lock that was lost belongs to another run by now.
    if (!lost.signal.aborted) await release();
  }
}

/** The steps that are left to build, as far as that is known. */
function leftOf(standings: readonly Standing[]): Step[] {
  return standings.filter(({ state }) => state !== "ready" && state !== "unknown").map(({ step }) => step);
}

/** What stands against building steps here. */
function obstaclesTo(steps: readonly Step[], { paths, machine = thisMachine }: Pick<BuildOptions, "paths" | "machine">): string[] {
  return steps.length === 0 ? [] : obstacles(needsOf(steps), machine(paths.home), paths.home);
}

function refusal(found: readonly string[]): AirgapError {
  const list = found.map((line) => `  - ${line}`).join("\n");
  return new AirgapError("refused", `the air gap cannot be built here:\n${list}\nWith ./mesh airgap build --force it is tried all the same.`);
}

/** Says what building takes, and refuses to begin what cannot end well. */
function check(standings: readonly Standing[], options: BuildOptions): void {
  const { reporter, force } = options;
  const steps = leftOf(standings);
  if (steps.length === 0) return;
  reporter.say(announce(needsOf(steps), steps.length));
  const found = obstaclesTo(steps, options);
  if (found.length > 0 && !force) throw refusal(found);
  for (const line of found) reporter.say(`Going on although ${line}`);
}

/** Builds what is not ready, the lock being held. */
async function buildLocked(options: BuildOptions): Promise<string[]> {
  const { paths, repository, images, reporter, signal } = options;
  if ((await endLeftovers(paths)) > 0) reporter.say("Ended what a killed run had left running");
  await removeScratch(paths.scratch);
  const standings = await look(options);
  check(standings, options);
  const byStep = new Map(standings.map((standing) => [standing.step, standing]));
  const pending = standings.filter(({ state }) => state !== "ready").map(({ step }) => step);
  const tally = new Tally(pending, standings.length - pending.length);
  const workshop: Workshop = { paths, repository, images, signal };

  const buildOne = async (step: Step): Promise<void> => {
    const { hash = "", problem = "" } = byStep.get(step) ?? {};
    reporter.started(step, tally.start(step), problem);
    // An image may turn out to be there once the engine has been started.
    const [now] = await inspect([step], new Map([[step.name, hash]]), paths, images);
    let seconds: number | undefined;
    try {
      if (now?.state !== "ready") ({ seconds } = await makeStep(step, hash, workshop, (line) => reporter.line(step, line)));
    } catch (error) {
      tally.fail(step);
      if (error instanceof StepFailed && !signal.aborted) reporter.failed(step, error);
      throw error;
    }
    tally.finish(step, seconds);
    reporter.finished(step, seconds, tally.left());
  };

  reporter.begin(pending, standings.length);
  const ticking = setInterval(() => reporter.tick(tally.done, tally.left()), 1000);
  try {
    await schedule(pending, { build: buildOne, prefetch: (step) => prefetchStep(step, workshop) }, signal);
  } finally {
    clearInterval(ticking);
    await reporter.end();
    await removeScratch(paths.scratch);
    if (tally.made.length > 0) await options.tidy?.(tally.made);
  }
  return tally.made.map(({ name }) => name);
}
