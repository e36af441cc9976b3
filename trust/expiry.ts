import { see } from "../lib/troubleshooting";

const HOUR_MS = 3_600_000;
/** Hours before its end from which on a root's is said: a replacement takes three steps of every stack, and must not be done in a hurry. */
const ROOT_HOURS = 8_760;

/** A root of this stack. */
export interface EndingRoot {
  readonly root: string;
  /** RFC 3339 time. */
  readonly ends: string;
  /** Hours for which it is valid in all; undefined when that is not known. */
  readonly validityHours?: number | undefined;
}

/** An intermediate that only other stacks can renew. */
export interface EndingIntermediate {
  readonly cluster: string;
  /** RFC 3339 time. */
  readonly ends: string;
  /** Hours before its end at which the authority reissues it; from then on, that it is still in use is worth a warning. */
  readonly earlyRenewalHours: number;
  /** The commands that renew it, in order. */
  readonly next: readonly string[];
}

/** Warnings of roots that end within a year, or within a tenth of their life where that is less. */
export function rootWarnings(roots: readonly EndingRoot[], now: number): string[] {
  return roots.flatMap(({ root, ends, validityHours = Infinity }) => {
    const left = hoursLeft(ends, now);
    if (left === undefined || left > Math.min(ROOT_HOURS, validityHours / 10)) return [];
    return [`root "${root}" ${endsIn(left, ends)}, and nothing that it signed is accepted after that. Replace it in three steps${see("certificate-ends")}`];
  });
}

/** Warnings of intermediates that should have been reissued, and are still in use. */
export function intermediateWarnings(intermediates: readonly EndingIntermediate[], now: number): string[] {
  return intermediates.flatMap(({ cluster, ends, earlyRenewalHours, next }) => {
    const left = hoursLeft(ends, now);
    if (left === undefined || left > earlyRenewalHours) return [];
    return [`the intermediate of cluster ${cluster} ${endsIn(left, ends)}. Next: ${next.join(", then ")}${see("certificate-ends")}`];
  });
}

function endsIn(left: number, ends: string): string {
  const day = new Date(ends).toISOString().slice(0, 10);
  return left < 0 ? `ended on ${day}` : `ends in ${Math.floor(left / 24)} days, on ${day}`;
}

/** Undefined for what is not a time. */
function hoursLeft(ends: string, now: number): number | undefined {
  const time = Date.parse(ends);
  return Number.isNaN(time) ? undefined : (time - now) / HOUR_MS;
}
