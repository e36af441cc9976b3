import type { TrafficFacts } from "../verify/facts";
import type { Outcome } from "./statistics";

/** Seconds after which a request without an answer has failed. */
export const TIMEOUT_SECONDS = 1;

/** How a request to the cluster `to` ended that was sent. */
export function outcomeOf({ status, servedBy, latencyMs }: TrafficFacts, to: string): Outcome {
  if (status === 200 && servedBy === to) return { kind: "answered", latencyMs };
  if (status === 200) return { kind: "failed", seen: `answered by ${servedBy ?? "something else"}` };
  return { kind: "failed", seen: `HTTP ${status}${MEANINGS[status] ?? ""}` };
}

/** What a proxy's status means where it answers instead of the other cluster. */
const MEANINGS: Readonly<Record<number, string>> = {
  403: ", a policy denies it",
  503: ", no connection or no endpoint",
  504: `, no answer within ${TIMEOUT_SECONDS} s`,
};

/** How a request ended that could not be sent. */
export function unasked(cluster: string, error: unknown): Outcome {
  const { message, cause } = error instanceof Error ? error : new Error(String(error));
  return { kind: "unasked", why: `${cluster}: ${cause instanceof Error ? cause.message || message : message}` };
}
