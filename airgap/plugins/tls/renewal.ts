/** When a certificate is due for renewal. */
import { reveal, type Props } from "../lib/values";

/** The output that says that a certificate is due for renewal. */
export const RENEWAL = "readyForRenewal";

const MS_PER_HOUR = 3_600_000;

/**
 * Whether a certificate has expired, or expires within its `earlyRenewalHours`.
 *
 * @param state has `validityEndTime`; when that or the hours are not known, the certificate is not due
 */
export function isDue(state: Props, now: Date): boolean {
  const { validityEndTime: end, earlyRenewalHours: hours = 0 } = reveal<Props>(state);
  if (typeof end !== "string" || typeof hours !== "number") return false;
  return Date.parse(end) - hours * MS_PER_HOUR <= now.getTime();
}

/** Whether a certificate is replaced in each run, because its lifetime does not exceed its `earlyRenewalHours`. */
export function isAlwaysDue(inputs: Props): boolean {
  const { validityPeriodHours: valid, earlyRenewalHours: hours } = reveal<Props>(inputs);
  return typeof valid === "number" && valid <= (typeof hours === "number" ? hours : 0);
}

/** A time as the official plugin writes it: RFC 3339, in this machine's time zone and with fractions of a second. */
export function timestamp(date: Date): string {
  const offset = -date.getTimezoneOffset();
  const local = new Date(date.getTime() + offset * 60_000).toISOString().replace(/\.?0*Z$/, "");
  const two = (n: number): string => String(Math.floor(Math.abs(n))).padStart(2, "0");
  return `${local}${offset === 0 ? "Z" : `${offset < 0 ? "-" : "+"}${two(offset / 60)}:${two(offset % 60)}`}`;
}
