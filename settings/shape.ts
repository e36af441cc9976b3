import type { z } from "zod";
import { didYouMean } from "../lib/did-you-mean";
import { keysAt } from "./keys";
import { related, type Path } from "./paths";
import type { Problem } from "./problems";
import { SECRET_SETTINGS } from "./raw";
import { settingsSchema, type Settings } from "./schema";

/** How much of a wrong value a message shows, in characters. */
const MAX_SHOWN_LENGTH = 60;

/**
 * How often settings are read, each time without what was wrong before. Three times are needed at most: with a wrong item of a list,
 * without the item, and without the list that is too short then.
 */
const MAX_ROUNDS = 4;

/** The settings without what could not be read, and what is wrong with that. */
export interface Shape {
  readonly settings: Settings;
  readonly problems: readonly Problem[];
  /** Settings that were set but could not be used. Whatever depends on one of them cannot be checked. */
  readonly dropped: readonly Path[];
}

/**
 * Reads settings one by one: types, formats, unknown keys. What is wrong becomes a problem and is read as if it were not set, so
 * that all other settings can still be compared with each other.
 */
export function readShape(raw: unknown): Shape {
  let rest: unknown = structuredClone(raw ?? {});
  const problems: Problem[] = [];
  const dropped: Path[] = [];
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const parsed = settingsSchema.safeParse(rest);
    if (parsed.success) return { settings: parsed.data, problems, dropped };
    const wrong: Path[] = [];
    for (const issue of parsed.error.issues) {
      const found = problemsOf(issue, rest);
      problems.push(...found.filter((problem) => !dropped.some((path) => related(problem.path, path))));
      if (issue.code !== "unrecognized_keys") dropped.push(issue.path);
      wrong.push(...found.map((problem) => problem.path));
    }
    rest = remove(rest, wrong);
  }
  return { settings: settingsSchema.parse({}), problems, dropped: [[]] };
}

function problemsOf(issue: z.core.$ZodIssue, raw: unknown): Problem[] {
  // A secret that was set one level too high must not appear in a message.
  const value = SECRET_SETTINGS.some((name) => name === issue.path[0]) ? "(secret)" : valueAt(raw, issue.path);
  switch (issue.code) {
    case "unrecognized_keys": {
      const known = keysAt(issue.path);
      return issue.keys.map((key) => ({
        path: [...issue.path, key],
        message: `there is no such setting.${didYouMean(key, known) || ` The settings here are: ${known.join(", ")}.`}`,
      }));
    }
    case "invalid_type":
      return [{ path: issue.path, message: wrongType(issue.expected, value) }];
    case "invalid_value": {
      const allowed = issue.values.map(String);
      const guess = typeof value === "string" ? didYouMean(value, allowed) : "";
      return [{ path: issue.path, message: `${show(value)} is not one of ${allowed.join(", ")}.${guess}` }];
    }
    case "too_small":
      return [{ path: issue.path, message: tooSmall(issue, value) }];
    case "too_big":
      return [{ path: issue.path, message: tooBig(issue, value) }];
    default:
      return [{ path: issue.path, message: issue.message }];
  }
}

function wrongType(expected: string, value: unknown): string {
  const want: Record<string, string> = {
    string: "a string",
    int: "a whole number",
    number: "a number",
    boolean: "true or false",
    array: "a list",
    object: "a record of settings",
    record: "a record",
  };
  const hint =
    expected === "string" && (typeof value === "number" || typeof value === "boolean")
      ? `: put it in quotes, "${String(value)}"`
      : expected === "array" && typeof value === "string"
        ? `: write ["${value}"]`
        : "";
  return `${show(value)} is not ${want[expected] ?? expected}${hint}`;
}

function tooSmall(issue: z.core.$ZodIssueTooSmall, value: unknown): string {
  if (issue.origin === "array") return `is an empty list; add at least ${String(issue.minimum)} item, or remove the setting`;
  return `${show(value)} is too small; the minimum is ${String(issue.minimum)}`;
}

function tooBig(issue: z.core.$ZodIssueTooBig, value: unknown): string {
  if (issue.origin === "array") return `has ${(value as unknown[]).length} items; at most ${String(issue.maximum)} are allowed`;
  return `${show(value)} is too large; the maximum is ${String(issue.maximum)}`;
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > MAX_SHOWN_LENGTH ? `${text.slice(0, MAX_SHOWN_LENGTH - 3)}...` : text;
}

function valueAt(raw: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, step) => (value as Record<PropertyKey, unknown> | undefined)?.[step], raw);
}

/** A copy without what is at the paths. Later items of a list are removed first, so that earlier ones keep their positions. */
function remove(raw: unknown, paths: readonly Path[]): unknown {
  const copy = structuredClone(raw);
  const order = [...paths].sort((a, b) => Number(b.at(-1)) - Number(a.at(-1)) || 0);
  for (const path of order) {
    if (path.length === 0) return {};
    const owner = valueAt(copy, path.slice(0, -1));
    const last = path.at(-1)!;
    if (Array.isArray(owner)) owner.splice(Number(last), 1);
    else if (typeof owner === "object" && owner !== null) delete (owner as Record<PropertyKey, unknown>)[last];
  }
  return copy;
}
