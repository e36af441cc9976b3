/** A record as it comes out of YAML or goes into chart values. */
export type Tree = { readonly [key: string]: unknown };

/** Whether a value is a plain record: not null, a list, or an instance of a class such as a Pulumi output. */
export function isTree(value: unknown): value is Tree {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/**
 * A deep merge, later over earlier: records key by key, everything else (lists too) whole. `undefined` leaves what was there;
 * `null` replaces it, which is how Helm values take a default away. The arguments stay as they are.
 */
export function merge(...trees: readonly Tree[]): Record<string, unknown> {
  const merged: Record<string, unknown> = {};
  for (const tree of trees) {
    for (const [key, value] of Object.entries(tree)) {
      if (value === undefined) continue;
      const before = merged[key];
      merged[key] = isTree(value) ? merge(isTree(before) ? before : {}, value) : value;
    }
  }
  return merged;
}

/**
 * Where `extra` would change what `fixed` sets, as dotted paths with the value that stands: a different leaf, or a leaf in
 * place of a record. Saying the same again is no clash.
 */
export function clashes(fixed: Tree, extra: Tree, path: readonly string[] = []): { path: string; stands: unknown }[] {
  return Object.entries(extra).flatMap(([key, value]) => {
    const stands = fixed[key];
    const here = [...path, key];
    if (stands === undefined || value === undefined) return [];
    if (isTree(stands) && isTree(value)) return clashes(stands, value, here);
    return JSON.stringify(stands) === JSON.stringify(value) ? [] : [{ path: here.join("."), stands }];
  });
}
