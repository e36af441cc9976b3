/** The longest chain of waits in an operation of the engine: what it would take if nothing else did. */
import type { StampedEvent } from "./lib/event-log";

/** When the engine worked on a resource, in seconds from the start of the operation. */
export interface Worked {
  readonly urn: string;
  readonly type: string;
  readonly from: number;
  readonly to: number;
}

/** What is used of a resource in a state. */
export interface StateResource {
  readonly urn: string;
  /** Whether a provider makes it; a component is made by the program alone. */
  readonly custom?: boolean;
  readonly parent?: string;
  /** URNs of what its inputs come from or what it was told to wait for. */
  readonly dependencies?: readonly string[];
  /** Its provider: URN, `::` and an id. */
  readonly provider?: string;
}

/** The longest chain, its first resource first. */
export interface CriticalPath {
  readonly seconds: number;
  readonly chain: readonly Worked[];
}

/**
 * When each resource was worked on, by its first and last event. One whose end was never reported is left out; so is what only was deleted,
 * which waits for nothing that the operation creates.
 */
export function worked(events: readonly StampedEvent[]): Worked[] {
  const begun = new Map<string, number>();
  const done = new Map<string, Worked>();
  for (const { at, event } of events) {
    const before = event.resourcePreEvent?.metadata;
    if (before && !isRemoval(before.op) && !begun.has(before.urn)) begun.set(before.urn, at);
    const after = event.resOutputsEvent?.metadata;
    if (!after || isRemoval(after.op)) continue;
    done.set(after.urn, { urn: after.urn, type: after.type, from: begun.get(after.urn) ?? at, to: at });
  }
  return [...done.values()];
}

/**
 * The chain of resources, each depending on the one before it, whose durations have the greatest sum. A component takes no time of its own:
 * its end is reported once its outputs are known, which is the time of what is in it.
 *
 * @param state the stack's resources after the operation
 * @throws Error when resources depend on each other in a circle, which the engine does not allow
 */
export function criticalPath(all: readonly Worked[], state: readonly StateResource[]): CriticalPath {
  const times = new Map(all.map((one) => [one.urn, one]));
  const resources = new Map(state.map((resource) => [resource.urn, resource]));
  const longest = new Map<string, CriticalPath>();
  const onTheWay = new Set<string>();
  const to = (urn: string): CriticalPath => {
    const known = longest.get(urn);
    if (known) return known;
    const resource = resources.get(urn);
    if (resource === undefined) return NOTHING;
    if (onTheWay.has(urn)) throw new Error(`${urn} depends on itself`);
    onTheWay.add(urn);
    const before = waitsFor(resource).map(to).reduce((a, b) => (b.seconds > a.seconds ? b : a), NOTHING);
    onTheWay.delete(urn);
    const time = resource.custom === false ? undefined : times.get(urn);
    const path = time === undefined ? before : { seconds: before.seconds + (time.to - time.from), chain: [...before.chain, time] };
    longest.set(urn, path);
    return path;
  };
  return state.map(({ urn }) => to(urn)).reduce((a, b) => (b.seconds > a.seconds ? b : a), NOTHING);
}

const NOTHING: CriticalPath = { seconds: 0, chain: [] };

/** What has to be there before a resource. */
function waitsFor({ parent, dependencies = [], provider }: StateResource): string[] {
  // A provider's reference ends with its id.
  const providers = provider === undefined ? [] : [provider.slice(0, provider.lastIndexOf("::"))];
  return [...dependencies, ...providers, ...(parent === undefined ? [] : [parent])];
}

function isRemoval(op: string): boolean {
  return op === "delete" || op === "delete-replaced" || op === "discard" || op === "remove-pending-replace";
}

/** The name of a resource: the end of its URN. */
export function nameOf(urn: string): string {
  return urn.slice(urn.lastIndexOf("::") + 2);
}
