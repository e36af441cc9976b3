/** Keeps secrets out of messages: an API server may quote what it refuses. */
import { type Props, type Value, Secret } from "../lib/values";
import { isObject, stringAt } from "./objects";

/** Shorter strings are no secrets worth the name, and hiding them would cut up every message. */
const MIN_LENGTH = 4;

/**
 * The strings in properties that nobody may see, as they are, encoded and decoded as base64; longest first. An object's
 * own name and namespace are none of them, though a token's Secret holds its namespace.
 */
export function secretStrings(props: Props): string[] {
  const found = new Set<string>();
  collect(props, false, found);
  for (const key of ["name", "namespace"]) found.delete(stringAt(props, "metadata", key) ?? "");
  return [...found].sort((a, b) => b.length - a.length);
}

function collect(value: Value, hidden: boolean, found: Set<string>): void {
  if (value instanceof Secret) collect(value.value, true, found);
  else if (Array.isArray(value)) value.forEach((item) => collect(item, hidden, found));
  else if (isObject(value)) Object.values(value).forEach((item) => collect(item, hidden, found));
  else if (hidden && typeof value === "string") {
    for (const form of [value, encode(value), decode(value)]) {
      if (form !== undefined && form.length >= MIN_LENGTH) found.add(form);
    }
  }
}

function encode(text: string): string {
  return Buffer.from(text, "utf8").toString("base64");
}

/** What base64 says; undefined for what is no base64 of a text. */
function decode(text: string): string | undefined {
  const decoded = Buffer.from(text, "base64").toString("utf8");
  return encode(decoded) === text ? decoded : undefined;
}

/** A message without any of the strings. */
export function redact(message: string, strings: readonly string[]): string {
  return strings.reduce((text, hidden) => text.replaceAll(hidden, "[secret]"), message);
}
