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

/** Whether a certificate is made anew at each run, because it does not live longer than its `earlyRenewalHours`. */
export function isAlwaysDue(inputs: Props): boolean {
  const { validityPeriodHours: valid, earlyRenewalHours: hours } = reveal<Props>(inputs);
  return typeof valid === "number" && valid <= (typeof hours === "number" ? hours : 0);
}

/** A time as the official plugin writes it: RFC 3339, in the zone of this machine and with the fraction of its second. */
export function timestamp(date: Date): string {
  const offset = -date.getTimezoneOffset();
  const local = new Date(date.getTime() + offset * 60_000).toISOString().replace(/\.?0*Z$/, "");
  const two = (n: number): string => String(Math.floor(Math.abs(n))).padStart(2, "0");
  return `${local}${offset === 0 ? "Z" : `${offset < 0 ? "-" : "+"}${two(offset / 60)}:${two(offset % 60)}`}`;
}
