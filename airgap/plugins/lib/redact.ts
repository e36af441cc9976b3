/** Keeps secrets out of what a plugin says, whoever it quotes: scripts, Helm, API servers. */
import { StatusError } from "./errors";
import { InitializationFailed, type Log } from "./kind";
import { isObject, Secret, type Props, type Value } from "./values";

/** Shorter texts are no secrets worth the name, and hiding them would cut up every message. */
const SHORTEST = 4;
/** The same for one line of a secret that has several. */
const SHORTEST_LINE = 16;

/** What stands for a secret. */
const MASK = "[secret]";

/** Hides secrets in a text. */
export type Redact = (text: string) => string;

/**
 * Makes a function that hides every secret text in the properties: as it is, quoted, encoded or decoded as base64, and
 * line by line. A text that the properties also show openly, such as the namespace in a token's Secret, is none.
 */
export function redacting(...props: Props[]): Redact {
  let forms: string[] | undefined;
  return (text) => {
    forms ??= formsOf(props);
    return forms.reduce((clean, form) => clean.replaceAll(form, MASK), text);
  };
}

/** A log that passes on every message without the secrets. */
export function quiet(log: Log, redact: Redact): Log {
  return {
    info: (m) => log.info(redact(m)),
    warn: (m) => log.warn(redact(m)),
    error: (m) => log.error(redact(m)),
    status: (m) => log.status(redact(m)),
  };
}

/** The same error without the secrets in its message; its kind, and the state it may carry, stay. */
export function redactError(thrown: unknown, redact: Redact): Error {
  if (thrown instanceof InitializationFailed) {
    return new InitializationFailed(thrown.id, thrown.state, thrown.inputs, thrown.reasons.map(redact));
  }
  const message = redact(thrown instanceof Error ? thrown.message : String(thrown));
  return thrown instanceof StatusError ? new StatusError(thrown.code, message) : new Error(message);
}

/** Every form of every secret; longest first, so that a secret within another does not leave the rest of it behind. */
function formsOf(props: Props[]): string[] {
  const secret = new Set<string>();
  const open = new Set<string>();
  const visit = (value: Value, hidden: boolean): void => {
    if (value instanceof Secret) visit(value.value, true);
    else if (Array.isArray(value)) value.forEach((item) => visit(item, hidden));
    else if (isObject(value)) Object.values(value).forEach((item) => visit(item, hidden));
    else if (typeof value === "string") (hidden ? secret : open).add(value);
  };
  props.forEach((bag) => visit(bag, false));
  const forms = [...secret].flatMap(formsOfText).filter((form) => form.length >= SHORTEST && !open.has(form));
  return [...new Set(forms)].sort((a, b) => b.length - a.length);
}

function formsOfText(text: string): string[] {
  const texts = [text, decoded(text)].filter((form) => form !== undefined);
  return texts.flatMap((form) => [
    form,
    form.trim(),
    JSON.stringify(form).slice(1, -1),
    Buffer.from(form, "utf8").toString("base64"),
    ...form.split("\n").flatMap((line) => (line.trim().length >= SHORTEST_LINE ? [line.trim()] : [])),
  ]);
}

/** What base64 says; undefined for what is no base64 of a text. */
function decoded(text: string): string | undefined {
  const decoding = Buffer.from(text, "base64").toString("utf8");
  return Buffer.from(decoding, "utf8").toString("base64") === text ? decoding : undefined;
}
