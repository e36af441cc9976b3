/** Kubernetes quantities (`500m`, `1Gi`): the one spelling that the API server gives back. */

const PATTERN = /^([+-]?)(\d+(?:\.\d*)?|\.\d+)(?:(m|u|n|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)|[eE]([+-]?\d+))?$/;
const DECIMAL_SUFFIXES = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"];
const BINARY_SUFFIXES = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
/** Everything is counted in the smallest unit there is. */
const NANO = 10n ** 9n;

/**
 * The canonical spelling of a quantity: the largest suffix that needs no fraction, in the family (decimal, binary or
 * exponent) that was used. What is no quantity, or too fine to be held, is given back as it is.
 */
export function canonicalQuantity(text: string): string {
  const match = PATTERN.exec(text.trim());
  if (match === null) return text;
  const [, sign = "", digits = "", suffix = "", exponent] = match;
  const binary = suffix.endsWith("i");
  const nanos = inNanos(digits, binary ? 1024n ** BigInt(BINARY_SUFFIXES.indexOf(suffix)) : 1n, decimalPower(suffix, exponent));
  if (nanos === undefined) return text;
  if (nanos === 0n) return "0";
  const spelled = binary && nanos % NANO === 0n ? spellBinary(nanos / NANO) : spellDecimal(nanos, exponent !== undefined);
  return sign === "-" ? `-${spelled}` : spelled;
}

/** The power of ten that a suffix or an exponent stands for. */
function decimalPower(suffix: string, exponent: string | undefined): number {
  if (exponent !== undefined) return Number(exponent);
  return suffix.endsWith("i") ? 0 : (DECIMAL_SUFFIXES.indexOf(suffix) - 3) * 3;
}

function inNanos(digits: string, factor: bigint, power: number): bigint | undefined {
  const [whole = "", fraction = ""] = digits.split(".");
  const shift = 9 + power - fraction.length;
  const value = BigInt((whole + fraction) || "0") * factor;
  if (shift >= 0) return shift > 60 ? undefined : value * 10n ** BigInt(shift);
  const divisor = 10n ** BigInt(-shift);
  return value % divisor === 0n ? value / divisor : undefined;
}

function spellBinary(value: bigint): string {
  let step = 0;
  while (step < BINARY_SUFFIXES.length - 1 && value % 1024n === 0n) {
    value /= 1024n;
    step++;
  }
  return `${value}${BINARY_SUFFIXES[step]}`;
}

function spellDecimal(nanos: bigint, exponent: boolean): string {
  let step = 0;
  while (step < DECIMAL_SUFFIXES.length - 1 && nanos % 1000n === 0n) {
    nanos /= 1000n;
    step++;
  }
  if (exponent) return step === 3 ? `${nanos}` : `${nanos}e${(step - 3) * 3}`;
  return `${nanos}${DECIMAL_SUFFIXES[step]}`;
}
