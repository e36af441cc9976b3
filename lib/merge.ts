/** A record, as it comes out of YAML or goes into chart values. */
export type Tree = { readonly [key: string]: unknown };

/** Whether a value is a plain record: not null, a list, or an instance of a class such as a Pulumi output. */
export function isTree(value: unknown): value is Tree {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/**
 * A deep merge in which later trees win: records are merged key by key, everything else, lists included, is replaced. `undefined`
 * keeps the earlier value; `null` replaces it, which is how Helm values remove a default. The arguments are not changed.
 */
export function merge(...trees: readonly Tree[]): Record<string, unknown> {
  const merged: Record<string, unknown> = {};
  for (const tree of trees) {
    for (const [key, value] of Object.entries(tree)) {
      if (value === undefined) continue;
      const earlier = merged[key];
      merged[key] = isTree(value) ? merge(isTree(earlier) ? earlier : {}, value) : value;
    }
  }
  return merged;
}

/**
 * Where `extra` would change what `fixed` sets, as dotted paths with the value that is kept: a different leaf, or a leaf in place of
 * a record. Repeating a value is not a clash.
 */
export function clashes(fixed: Tree, extra: Tree, path: readonly string[] = []): { path: string; kept: unknown }[] {
  return Object.entries(extra).flatMap(([key, value]) => {
    const kept = fixed[key];
    const here = [...path, key];
    if (kept === undefined || value === undefined) return [];
    if (isTree(kept) && isTree(value)) return clashes(kept, value, here);
    return JSON.stringify(kept) === JSON.stringify(value) ? [] : [{ path: here.join("."), kept }];
  });
}
