import * as fs from "node:fs";
import * as path from "node:path";

/** A module of the same folder tree, as compiled code and declarations name it. */
const RELATIVE = /(?:\bfrom |\bimport\(|\brequire\(|\bimport )"(\.[^"]+)"/g;

/**
 * The files that are used when entries are imported: they and all that they import, directly or not.
 *
 * @param folder absolute path of the compiled modules.
 * @param entries modules in it, without extension.
 * @param extension `.js`, or `.d.ts` for what the types need.
 * @returns paths from the folder, sorted.
 * @throws Error for an import of a file that is not there.
 */
export function reachable(folder: string, entries: readonly string[], extension: ".js" | ".d.ts"): string[] {
  const found = new Set<string>();
  const pending = entries.map((entry) => entry + extension);
  for (let file = pending.pop(); file !== undefined; file = pending.pop()) {
    if (found.has(file)) continue;
    found.add(file);
    const text = fs.readFileSync(path.join(folder, file), "utf8");
    for (const [, named = ""] of text.matchAll(RELATIVE)) pending.push(fileOf(folder, path.join(path.dirname(file), named), extension));
  }
  return [...found].sort();
}

function fileOf(folder: string, module: string, extension: string): string {
  if (module.endsWith(".json")) return module;
  const base = module.replace(/\.js$/, "");
  const file = [base + extension, path.join(base, `index${extension}`)].find((candidate) => fs.existsSync(path.join(folder, candidate)));
  if (file === undefined) throw new Error(`nothing is compiled for ${module}`);
  return file;
}
