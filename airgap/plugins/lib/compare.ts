/** Compares a resource's inputs with those it had before. */
import { Asset, isObject, Secret, Unknown, type Props, type Value } from "./values";

/** Whether two values are equal, whether secret or not. Null equals undefined. An unknown differs from everything, since it may become anything. */
export function equal(a: Value | undefined, b: Value | undefined): boolean {
  if (a instanceof Secret) return equal(a.value, b);
  if (b instanceof Secret) return equal(a, b.value);
  if (a instanceof Unknown || b instanceof Unknown) return false;
  if (a instanceof Asset || b instanceof Asset) {
    return a instanceof Asset && b instanceof Asset && a.kind === b.kind && equal(a.fields["hash"], b.fields["hash"]);
  }
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, i) => equal(item, b[i]));
  if (isObject(a)) return isObject(b) && keys(a, b).every((key) => equal(a[key], b[key]));
  return (a ?? undefined) === (b ?? undefined);
}

/**
 * What changed from `olds` to `news`, by property path as the engine writes it (`a.b`, `list[0]`, `labels["a.b"]`).
 * Empty when nothing changed.
 */
export function changes(olds: Props, news: Props): Record<string, Change> {
  const found: Record<string, Change> = {};
  collect("", olds, news, (path, kind) => {
    found[path] = kind;
  });
  return found;
}

type Change = "add" | "delete" | "update";

function collect(
  path: string,
  olds: Value | undefined,
  news: Value | undefined,
  found: (path: string, kind: Change) => void,
): void {
  if (equal(olds, news)) return;
  const [a, b] = [plain(olds), plain(news)];
  if (isObject(a) && isObject(b)) {
    for (const key of keys(a, b)) collect(pathOf(path, key), a[key], b[key], found);
  } else if (Array.isArray(a) && Array.isArray(b)) {
    for (let i = 0; i < Math.max(a.length, b.length); i++) collect(`${path}[${i}]`, a[i], b[i], found);
  } else if (a === undefined || a === null) found(path, "add");
  else found(path, b === undefined || b === null ? "delete" : "update");
}

function plain(v: Value | undefined): Value | undefined {
  return v instanceof Secret ? plain(v.value) : v;
}

function keys(a: Props, b: Props): string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
}

/** A path with one more key; a key that could be read as a path is quoted. */
function pathOf(path: string, key: string): string {
  if (/^[\w$-]+$/.test(key)) return path ? `${path}.${key}` : key;
  return `${path}[${JSON.stringify(key)}]`;
}
