/** Durations as Go writes them, such as `1m30s`. */

const NANOSECONDS: Record<string, number> = { ns: 1, us: 1e3, µs: 1e3, ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 };

/** The nanoseconds of a duration; undefined for what is none. */
export function nanoseconds(text: string): number | undefined {
  if (text === "0") return 0;
  if (!/^(\d+(\.\d*)?(ns|us|µs|ms|s|m|h))+$/.test(text)) return undefined;
  const parts = [...text.matchAll(/(\d+(?:\.\d*)?)(ns|us|µs|ms|s|m|h)/g)];
  return Math.round(parts.reduce((sum, [, n, unit]) => sum + Number(n) * (NANOSECONDS[unit as string] as number), 0));
}

/** The duration of some nanoseconds in its usual form: `0s`, `1.5s`, `1m30s`, `250ms`. */
export function duration(ns = 0): string {
  if (ns === 0) return "0s";
  for (const unit of ["ns", "µs", "ms"]) {
    const size = NANOSECONDS[unit] as number;
    if (ns < size * 1000) return `${ns / size}${unit}`;
  }
  const hours = Math.floor(ns / 3600e9);
  const minutes = Math.floor((ns % 3600e9) / 60e9);
  const seconds = `${(ns % 60e9) / 1e9}s`;
  if (hours) return `${hours}h${minutes}m${seconds}`;
  return minutes ? `${minutes}m${seconds}` : seconds;
}
