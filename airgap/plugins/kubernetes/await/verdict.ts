/** What one look at an object says about its being ready. */
import { type Json, type KubeObject, listAt, numberAt, stringAt } from "../objects";

/** The outcome of one look. */
export interface Verdict {
  readonly ready: boolean;
  /** What it waits for, in one sentence; shown as progress. */
  readonly message: string;
  /** What is wrong, one sentence each; shown if it never gets ready. */
  readonly problems: readonly string[];
  /** It never will be ready: there is nothing to wait for. */
  readonly failed?: boolean;
}

/** The object is ready. */
export const READY: Verdict = { ready: true, message: "ready", problems: [] };

/** The object is not ready yet. */
export function waiting(message: string, problems: readonly string[] = []): Verdict {
  return { ready: false, message, problems };
}

/** The condition of a type in an object's status. */
export function condition(object: KubeObject, type: string): Json | undefined {
  return listAt(object, "status", "conditions").find((entry) => stringAt(entry, "type") === type);
}

/** Whether a condition is there and `True`. */
export function holds(object: KubeObject, type: string): boolean {
  return stringAt(condition(object, type), "status") === "True";
}

/** `[Reason] message` of a condition, if it is there and not `True`. */
export function complaint(object: KubeObject, type: string): string[] {
  const found = condition(object, type);
  const [reason, message] = [stringAt(found, "reason"), stringAt(found, "message")];
  if (found === undefined || stringAt(found, "status") === "True" || !message) return [];
  return [reason ? `[${reason}] ${message}` : message];
}

/** Whether the object's controller has seen its latest wishes. */
export function isObserved(object: KubeObject): boolean {
  const observed = numberAt(object, "status", "observedGeneration");
  return observed !== undefined && observed >= (numberAt(object, "metadata", "generation") ?? 0);
}

/** Whether `object` was made for `owner`. */
export function isOwnedBy(object: KubeObject, owner: KubeObject): boolean {
  const uid = stringAt(owner, "metadata", "uid");
  return uid !== undefined && listAt(object, "metadata", "ownerReferences").some((ref) => stringAt(ref, "uid") === uid);
}
