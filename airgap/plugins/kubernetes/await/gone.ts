/** Waits until a deleted object is gone. */
import type { Log } from "../../lib/kind";
import { type Api, refOf } from "../cluster/api";
import { isNotFound } from "../cluster/errors";
import { type KubeObject, describe, listAt, stringAt } from "../objects";
import { Follower } from "./follow";

/** How long and in whose name to wait. */
export interface GoneWait {
  readonly api: Api;
  readonly seconds: number;
  readonly signal: AbortSignal;
  readonly log: Log;
}

/** Kinds for which the annotation `pulumi.com/skipAwait` also leaves this wait out, as it does officially. */
const SKIPPABLE = new Set(["DaemonSet", "Deployment", "Job", "Namespace", "Pod", "ReplicationController", "StatefulSet"]);

/** Whether `pulumi.com/skipAwait` on an object of the kind also means not to wait for its end. */
export function maySkipGone(object: KubeObject): boolean {
  return SKIPPABLE.has(stringAt(object, "kind") ?? "");
}

/**
 * Waits until the object is gone. One of the same name that was made since counts as another.
 *
 * @param object as it was when its deletion was asked for
 * @throws when the time is over or the run is cancelled, saying what holds it
 */
export async function awaitGone(object: KubeObject, wait: GoneWait): Promise<void> {
  const start = await find(wait.api, object);
  if (start === undefined) return;
  const began = Date.now();
  const follower = new Follower(wait.api, refOf(object), start);
  const cancel = () => follower.close();
  wait.signal.addEventListener("abort", cancel);
  wait.log.status(`Waiting for ${describe(start)} to be gone`);
  try {
    for (;;) {
      const latest = follower.latest;
      if (latest === undefined || uidOf(latest) !== uidOf(start)) return;
      const left = wait.seconds - (Date.now() - began) / 1000;
      const over = wait.signal.aborted ? "when the run was cancelled" : `within ${wait.seconds} s`;
      if (wait.signal.aborted || left <= 0) {
        throw new Error([`${describe(latest)} was not gone ${over}`, ...holders(latest)].join("; "));
      }
      await follower.next(left * 1000);
    }
  } finally {
    wait.signal.removeEventListener("abort", cancel);
    follower.close();
    wait.log.status("");
  }
}

async function find(api: Api, object: KubeObject): Promise<KubeObject | undefined> {
  try {
    return await api.get(refOf(object));
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** What keeps an object from going, one sentence each. */
export function holders(object: KubeObject): string[] {
  const finalizers = listAt(object, "metadata", "finalizers").map(String);
  const conditions = listAt(object, "status", "conditions")
    .filter((entry) => stringAt(entry, "status") === "True" && stringAt(object, "kind") === "Namespace")
    .map((entry) => stringAt(entry, "message") ?? "");
  return [...(finalizers.length > 0 ? [`its finalizers may hold it: ${finalizers.join(", ")}`] : []), ...conditions];
}

function uidOf(object: KubeObject): string | undefined {
  return stringAt(object, "metadata", "uid");
}
