/** When a certificate is to be made anew. */
import { reveal, type Props } from "../lib/values";

/** The output that says that the time has come. */
export const RENEWAL = "readyForRenewal";

const MS_PER_HOUR = 3_600_000;

/**
 * Whether a certificate has ended, or ends within its `earlyRenewalHours`.
 *
 * @param state has `validityEndTime`; where that or the hours are not known, nothing is due
 */
export function isDue(state: Props, now: Date): boolean {
  const { validityEndTime: end, earlyRenewalHours: hours = 0 } = reveal<Props>(state);
  if (typeof end !== "string" || typeof hours !== "number") return false;
  return Date.parse(end) - hours * MS_PER_HOUR <= now.getTime();
}

/** A time as the official plugin writes it: RFC 3339, in whole seconds. */
export function timestamp(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, "Z");
}
