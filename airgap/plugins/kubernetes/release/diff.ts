/**
 * What has to change in a release: a three-way comparison of what the program asked for last, what it asks for now, and
 * what Helm had when it was last looked at, so that drift counts too.
 */
import type { ChangeKind } from "../../lib/kind";
import { Unknown, isObject, reveal, type Props, type Value } from "../../lib/values";

type Change = "add" | "delete" | "update";

/**
 * The changes by property path, as the engine writes it (`values.a.b`, `values.list[0]`); empty when there is none.
 *
 * @param oldInputs what the program asked for last
 * @param news what it asks for now
 * @param state what the release was when it was last looked at
 * @param replaces top-level properties of which a change makes a new resource
 */
export function releaseChanges(
  oldInputs: Props,
  news: Props,
  state: Props,
  replaces: readonly string[],
): Record<string, ChangeKind> {
  const found: Record<string, ChangeKind> = {};
  const [before, now, live] = [oldInputs, news, state].map((props) => reveal<Props>(props)) as [Props, Props, Props];
  compareObjects("", before, now, live, (path, change) => {
    const [property] = path.split(/[.[]/, 1) as [string];
    found[path] = replaces.includes(property) ? `${change}-replace` : change;
  });
  return found;
}

type Report = (path: string, change: Change) => void;

function compareObjects(path: string, before: Props, now: Props, live: Props, report: Report): void {
  for (const key of new Set([...Object.keys(before), ...Object.keys(now)])) {
    const here = pathOf(path, key);
    const wanted = now[key];
    // What the program no longer asks for goes; what it never asked for is none of its business.
    if (wanted === undefined) report(here, "delete");
    else compare(here, before[key], wanted, live[key], report);
  }
}

function compare(path: string, before: Value | undefined, wanted: Value, live: Value | undefined, report: Report): void {
  if (live === undefined) report(path, "add");
  else if (wanted instanceof Unknown) report(path, "update");
  else if (isObject(wanted) && isObject(live)) {
    compareObjects(path, isObject(before) ? before : {}, wanted, live, report);
  } else if (Array.isArray(wanted) && Array.isArray(live)) compareLists(path, wanted, live, report);
  else if (wanted !== live) report(path, wanted === null ? "delete" : "update");
}

/** Helm replaces lists as a whole; the places that differ are named all the same. */
function compareLists(path: string, wanted: Value[], live: Value[], report: Report): void {
  for (let i = 0; i < Math.max(wanted.length, live.length); i++) {
    const [item, was] = [wanted[i], live[i]];
    if (item === undefined) report(`${path}[${i}]`, "delete");
    else if (isObject(item) && isObject(was)) compareObjects(`${path}[${i}]`, was, item, was, report);
    else compare(`${path}[${i}]`, was, item, was, report);
  }
}

function pathOf(path: string, key: string): string {
  if (/["[\].]/.test(key)) return `${path}["${key.replaceAll('"', '\\"')}"]`;
  return path === "" ? key : `${path}.${key}`;
}
