/** What changes between the object as it is and as it is wished for, property by property. */
import { Unknown } from "../../lib/values";
import type { ChangeKind } from "../../lib/kind";
import { type Json, type JsonObject, isObject } from "../objects";
import { type Step, formatPath, parsePath } from "./property-path";

/**
 * The changes from `olds` to `news` by property path. A property whose path leads to one of `forceNew` (written
 * `.spec.selector`), or whose new value holds one, gets a `-replace` kind. An unknown new value always changes.
 */
export function detailedChanges(
  olds: JsonObject,
  news: JsonObject,
  forceNew: readonly string[],
): Record<string, ChangeKind> {
  const patterns = forceNew.map((path) => parsePath(path.replace(/^\./, "")));
  const found: Record<string, ChangeKind> = {};
  compare([], olds, news, (path, kind, value) => {
    const replaces = patterns.some((pattern) => touches(path, value, pattern));
    found[formatPath(path)] = replaces ? `${kind}-replace` : kind;
  });
  return found;
}

type Report = (path: Step[], kind: "add" | "delete" | "update", value: Json | undefined) => void;

function compare(path: Step[], olds: Json | undefined, news: Json | undefined, report: Report): void {
  if (absent(olds) && absent(news)) return;
  if (absent(news)) report(path, "delete", undefined);
  else if (absent(olds)) report(path, "add", news);
  else if (isObject(olds) && isObject(news)) {
    for (const key of new Set([...Object.keys(olds), ...Object.keys(news)])) {
      compare([...path, key], olds[key], news[key], report);
    }
  } else if (Array.isArray(olds) && Array.isArray(news)) {
    for (let i = 0; i < Math.max(olds.length, news.length); i++) {
      compare([...path, i], olds[i], news[i], report);
    }
  } else if (olds !== news || (news as unknown) instanceof Unknown) report(path, "update", news);
}

/** The API takes null for "not there". */
function absent(value: Json | undefined): value is null | undefined {
  return value === undefined || value === null;
}

/** Whether a change at `path` to `value` changes what `pattern` names: at it, below it, or as a part of the value. */
function touches(path: readonly Step[], value: Json | undefined, pattern: readonly Step[]): boolean {
  const shared = Math.min(path.length, pattern.length);
  for (let i = 0; i < shared; i++) {
    if (pattern[i] !== "*" && pattern[i] !== path[i]) return false;
  }
  return holds(value, pattern.slice(shared));
}

function holds(value: Json | undefined, pattern: readonly Step[]): boolean {
  const [first, ...rest] = pattern;
  if (first === undefined) return true;
  if (first === "*") return Array.isArray(value) && value.some((item) => holds(item, rest));
  return isObject(value) && value[first] !== undefined && holds(value[first], rest);
}
