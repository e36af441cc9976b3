/** What two runs of the same program have in common, without what differs from run to run. */
import { isReleaseRecord, nameOf, type Found } from "./inventory";
import type { State } from "./state";

/** What the API server fills in when an object is made, and differs each time. */
const ASSIGNED = new Set(["clusterIP", "clusterIPs", "nodePort", "healthCheckNodePort", "caBundle"]);

/** Annotations whose value follows from a key or a time. */
const RANDOM = new Set(["usmesh.io/cacerts", "kubernetes.io/service-account.uid"]);

/**
 * What a cluster holds beside what was there before, by name: labels, annotations, specification and, for Secrets, the names of
 * what is in them. Helm's records of releases are left out: a run that was cut off has more revisions.
 */
export function contents(objects: readonly Found[], before: readonly Found[]): Record<string, unknown> {
  const known = new Set(before.map(nameOf));
  const own = objects.filter((object) => !known.has(nameOf(object)) && !isReleaseRecord(object));
  return Object.fromEntries(own.map((object) => [nameOf(object), content(object)]));
}

function content({ kind, metadata: { labels, annotations }, spec, data }: Found): unknown {
  const plain = { labels, annotations, spec, data: kind === "Secret" ? Object.keys(data ?? {}).sort() : data };
  return settled(plain);
}

/** A value without what is assigned or random, at any depth. */
function settled(value: unknown): unknown {
  if (Array.isArray(value)) return (value as unknown[]).map(settled);
  if (value === null || typeof value !== "object") return value;
  const kept = Object.entries(value).filter(([key, item]) => item !== undefined && !ASSIGNED.has(key));
  return Object.fromEntries(kept.map(([key, item]) => [key, RANDOM.has(key) ? "random" : settled(item)]));
}

/** Every resource of a state, sorted. */
export function urns({ resources }: State): string[] {
  return resources.map(({ urn }) => urn).sort();
}
