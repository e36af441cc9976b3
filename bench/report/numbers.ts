import type { Series } from "../case";

/** A value as a table shows it: three digits that mean something, and whole numbers from 100 on. */
export function number(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return String(value);
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toFixed(Math.min(digits, 3));
}

/** A value with its unit. */
export function quantity(value: number, unit: Series["unit"] | "×"): string {
  if (unit === "count") return number(value);
  return unit === "%" ? `${number(value)} %` : `${number(value)} ${unit}`;
}

/** A ratio, such as `0.49 ×`. */
export function times(ratio: number): string {
  return `${ratio.toFixed(2)} ×`;
}
