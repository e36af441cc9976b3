import { announce, needsOf } from "./checks";
import { AirgapError, StepFailed } from "./errors";
import { inspect, type InspectedStep } from "./inspect";
import { endLeftovers, removeScratch } from "./leftovers";
import { takeLock } from "./lock";
import { allReady, leftOf, look, obstaclesTo, refusal, refuseUnusable, type InspectMachine, type Site } from "./look";
import { makeStep, prefetchStep, type BuildContext } from "./make-step";
import type { Reporter } from "./reporter";
import { schedule } from "./schedule";
import type { Step } from "./step";
import { Tally } from "./tally";

/** What a build works on and with. */
export interface BuildOptions extends Site {
  readonly reporter: Reporter;
  /** Aborting it ends the build soon. */
  readonly signal: AbortSignal;
  /** Builds although disk or memory seem too small. */
  readonly force?: boolean;
  /** Inspects the machine; the real one unless given. */
  readonly machine?: InspectMachine;
  /** Called with what was built while the lock is still held, also after a failure: keeps caches within their limits. */
  readonly tidy?: (built: readonly Step[]) => Promise<void>;
  /** Milliseconds without a sign of life after which the lock's holder counts as dead; see `takeLock`. */
  readonly staleMs?: number;
}

/**
 * Builds what is not ready. When everything is ready, nothing is touched and nothing is said.
 *
 * @returns names of the steps that were built.
 * @throws StepFailed when a step fails; AirgapError when the machine lacks something, or when the build is interrupted.
 */
export async function build(options: BuildOptions): Promise<string[]> {
  if (allReady(await look(options))) return [];
  refuseUnusable(options.paths);
  const lost = new AbortController();
  const signal = AbortSignal.any([options.signal, lost.signal]);
  const release = await takeLock(options.paths, {
    say: (line) => options.reporter.say(line),
    onLost: () => lost.abort(new AirgapError("airgap-interrupted", "failed", "another air-gap build took over while this one was asleep; start it again")),
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

/** Says what the build takes, and refuses to start one that cannot succeed. */
function check(inspected: readonly InspectedStep[], { reporter, force, paths, machine }: BuildOptions): void {
  const steps = leftOf(inspected);
  if (steps.length === 0) return;
  reporter.say(announce(needsOf(steps), steps.length));
  const found = obstaclesTo(steps, paths, machine);
  if (found.length > 0 && !force) throw refusal(found);
  for (const line of found) reporter.say(`Going on although ${line}`);
}

/** Builds what is not ready while the lock is held. */
async function buildLocked(options: BuildOptions): Promise<string[]> {
  const { paths, repository, images, reporter, signal } = options;
  if ((await endLeftovers(paths)) > 0) reporter.say("Ended commands that a killed build had left running");
  await removeScratch(paths.scratch);
  const inspected = await look(options);
  check(inspected, options);
  const byStep = new Map(inspected.map((item) => [item.step, item]));
  const pending = inspected.filter(({ state }) => state !== "ready").map(({ step }) => step);
  const tally = new Tally(pending, inspected.length - pending.length);
  const context: BuildContext = { paths, repository, images, signal };

  const buildOne = async (step: Step): Promise<void> => {
    const { hash = "", problem = "" } = byStep.get(step) ?? {};
    reporter.started(step, tally.start(step), problem);
    // An image may turn out to be ready once the engine has been started.
    const [now] = await inspect([step], new Map([[step.name, hash]]), paths, images);
    let seconds: number | undefined;
    try {
      if (now?.state !== "ready") ({ seconds } = await makeStep(step, hash, context, (line) => reporter.line(step, line)));
    } catch (error) {
      tally.fail(step);
      if (error instanceof StepFailed && !signal.aborted) reporter.failed(step, error);
      throw error;
    }
    tally.finish(step, seconds);
    reporter.finished(step, seconds, tally.left());
  };

  reporter.begin(pending, inspected.length);
  const ticking = setInterval(() => reporter.tick(tally.done, tally.left()), 1000);
  try {
    await schedule(pending, { build: buildOne, prefetch: (step) => prefetchStep(step, context) }, signal);
  } finally {
    clearInterval(ticking);
    await reporter.end();
    await removeScratch(paths.scratch);
    if (tally.made.length > 0) await options.tidy?.(tally.made);
  }
  return tally.made.map(({ name }) => name);
}
