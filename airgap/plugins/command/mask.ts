/** Keeping secrets out of what a command prints. */
import { isObject, reveal, Secret, type Value } from "../lib/values";

/** Shorter secrets are not searched for: they would be found everywhere, and hide what is said. */
const SHORTEST = 4;
/** The same for one line of a secret that has several. */
const SHORTEST_LINE = 16;

/** What stands for a secret. */
const MASK = "[secret]";

/** Makes a function that hides every secret text in `inputs` wherever it stands in a text. */
export function maskOf(inputs: Value): (text: string) => string {
  // Longest first, so that a secret within another one does not leave the rest of it behind.
  const secrets = [...new Set(secretTexts(inputs))].sort((a, b) => b.length - a.length);
  return (text) => secrets.reduce((masked, secret) => masked.replaceAll(secret, MASK), text);
}

function secretTexts(v: Value): string[] {
  if (v instanceof Secret) return texts(reveal(v.value));
  if (Array.isArray(v)) return v.flatMap(secretTexts);
  return isObject(v) ? Object.values(v).flatMap(secretTexts) : [];
}

/** All texts in a value, and the lines of those that have several: output comes line by line. */
function texts(v: Value): string[] {
  if (typeof v === "string") {
    const lines = v.split("\n").filter((line) => line.trim().length >= SHORTEST_LINE);
    return [v, ...lines].map((text) => text.trim()).filter((text) => text.length >= SHORTEST);
  }
  if (Array.isArray(v)) return v.flatMap(texts);
  return isObject(v) ? Object.values(v).flatMap(texts) : [];
}
