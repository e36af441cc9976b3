/** Takes secrets out of what Helm says. */
import { Secret, isObject, reveal, type Value } from "../../lib/values";

/** Shorter texts are not looked for: they would be found everywhere and hide the message instead of the secret. */
const SHORTEST = 4;

/** Every text that is secret somewhere in the given values. */
export function secretTexts(...values: Value[]): string[] {
  const found = new Set<string>();
  const visit = (value: Value, secret: boolean): void => {
    if (value instanceof Secret) visit(reveal(value), true);
    else if (Array.isArray(value)) value.forEach((item) => visit(item, secret));
    else if (isObject(value)) Object.values(value).forEach((item) => visit(item, secret));
    else if (secret && typeof value === "string") found.add(value);
  };
  values.forEach((value) => visit(value, false));
  return [...found].filter((text) => text.length >= SHORTEST);
}

/** The text with `[secret]` in place of every secret: as it is, quoted, in base64, and line by line. */
export function redact(text: string, secrets: string[]): string {
  return secrets
    .filter((secret) => secret !== "")
    .flatMap((secret) => [
      secret,
      JSON.stringify(secret).slice(1, -1),
      Buffer.from(secret).toString("base64"),
      ...secret.split("\n").filter((line) => line.trim().length >= SHORTEST * 2),
    ])
    .sort((a, b) => b.length - a.length)
    .reduce((clean, form) => clean.split(form).join("[secret]"), text);
}
