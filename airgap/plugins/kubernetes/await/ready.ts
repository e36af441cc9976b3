/** Waits until an object is ready, or says why it is not. */
import type { Log } from "../../lib/kind";
import { type Api, refOf } from "../cluster/api";
import { UnreachableError } from "../cluster/errors";
import { type KubeObject, describe } from "../objects";
import { warningsAbout } from "./events";
import { Follower } from "./follow";
import type { Rule } from "./rule";
import { type Verdict, waiting } from "./verdict";

/** Milliseconds after which a rule looks again at what is around the object, though the object did not change. */
const LOOK_AGAIN = 2000;

/** The object exists and is not ready. */
export class NotReady extends Error {
  override readonly name = "NotReady";

  /**
   * @param object as it was last seen
   * @param reasons the first is the whole matter, those after it say what is behind it
   */
  constructor(
    readonly object: KubeObject,
    readonly reasons: string[],
  ) {
    super(reasons.join("; "));
  }
}

/** How long and in whose name to wait. */
export interface Wait {
  readonly api: Api;
  readonly rule: Rule;
  readonly seconds: number;
  readonly signal: AbortSignal;
  readonly log: Log;
}

/**
 * Waits until the rule calls the object ready.
 *
 * @param object as the last write left it
 * @returns the object as it is then
 * @throws NotReady when it fails, is deleted, the time is over or the run is cancelled
 */
export async function awaitReady(object: KubeObject, wait: Wait): Promise<KubeObject> {
  const began = Date.now();
  const follower = new Follower(wait.api, refOf(object), object);
  const cancel = () => follower.close();
  wait.signal.addEventListener("abort", cancel);
  let last = object;
  let shown = "";
  try {
    for (;;) {
      if (follower.latest === undefined) throw new NotReady(last, [`${describe(last)} was deleted while it was awaited`]);
      last = follower.latest;
      const elapsed = (Date.now() - began) / 1000;
      const verdict = await judge(last, wait, elapsed);
      if (verdict.ready) return last;
      if (verdict.failed === true) throw await notReady(last, wait, verdict, "failed");
      if (wait.signal.aborted) throw await notReady(last, wait, verdict, "was not ready when the run was cancelled");
      const left = wait.seconds - elapsed;
      if (left <= 0) throw await notReady(last, wait, verdict, `was not ready within ${wait.seconds} s`);
      if (verdict.message !== shown) wait.log.status(verdict.message);
      shown = verdict.message;
      await follower.next(Math.min(LOOK_AGAIN, left * 1000));
    }
  } finally {
    wait.signal.removeEventListener("abort", cancel);
    follower.close();
    if (shown !== "") wait.log.status("");
  }
}

/** Judges an object once, as a refresh does. Throws `NotReady` if it is not ready. */
export async function mustBeReady(object: KubeObject, wait: Pick<Wait, "api" | "rule" | "signal">): Promise<void> {
  // However the time counts, it is over.
  const verdict = await judge(object, wait, Number.POSITIVE_INFINITY);
  if (!verdict.ready) throw await notReady(object, wait, verdict, "is not ready");
}

async function judge(object: KubeObject, wait: Pick<Wait, "api" | "rule" | "signal">, elapsed: number): Promise<Verdict> {
  try {
    return await wait.rule.judge(object, { api: wait.api, signal: wait.signal, elapsed });
  } catch (error) {
    if (error instanceof UnreachableError) return waiting("Waiting for the API server", [error.message]);
    if (wait.signal.aborted) return waiting("Cancelled");
    throw error;
  }
}

async function notReady(
  object: KubeObject,
  wait: Pick<Wait, "api">,
  verdict: Verdict,
  what: string,
): Promise<NotReady> {
  const problems = verdict.problems.length > 0 ? verdict.problems : [verdict.message];
  return new NotReady(object, [`${describe(object)} ${what}`, ...problems, ...(await warningsAbout(wait.api, object))]);
}
