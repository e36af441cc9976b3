import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { inOrder } from "./graph";
import type { Json, Step } from "./step";

/** Names of folders that never hold anything that a step is made from. */
const IGNORED = new Set(["node_modules", ".git"]);

/**
 * A value as text; the same for equal values, whatever the order of their keys.
 *
 * @param value the value.
 */
export function canonical(value: Json): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  const entries = Object.entries(value as Readonly<Record<string, Json>>).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(",")}}`;
}

/** The SHA-256 of a text, in hexadecimal. */
function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/**
 * One hash of a file or folder: names, contents, whether files are executable, targets of links; not times or owners.
 *
 * @param root folder that `name` is relative to.
 * @param name the file or folder.
 * @throws Error when it does not exist.
 */
export function contentHash(root: string, name: string): string {
  const parts: string[] = [];
  const walk = (relative: string): void => {
    const absolute = path.join(root, relative);
    const stat = fs.lstatSync(absolute);
    if (stat.isDirectory()) {
      for (const entry of fs.readdirSync(absolute).sort()) {
        if (!IGNORED.has(entry)) walk(path.join(relative, entry));
      }
    } else if (stat.isSymbolicLink()) {
      parts.push(`${relative}\0link\0${fs.readlinkSync(absolute)}`);
    } else {
      const content = createHash("sha256").update(fs.readFileSync(absolute)).digest("hex");
      parts.push(`${relative}\0${stat.mode & 0o100 ? "x" : "-"}\0${content}`);
    }
  };
  walk(name);
  return digest(parts.join("\n"));
}

/**
 * The content hash of every step: what it is made from, how, and the hashes of the steps that it needs. A change to a step therefore
 * changes its own hash and those of all steps that need it, and no other.
 *
 * @param steps all steps, in any order.
 * @param repository folder that the steps' inputs are relative to.
 * @returns hash by step name.
 * @throws Error naming the step and the input that is missing.
 */
export function stepHashes(steps: readonly Step[], repository: string): ReadonlyMap<string, string> {
  const inputs = new Map<string, string>();
  const inputHash = (step: Step, name: string): string => {
    const known = inputs.get(name);
    if (known !== undefined) return known;
    try {
      const hash = contentHash(repository, name);
      inputs.set(name, hash);
      return hash;
    } catch (error) {
      throw new Error(`air-gap step ${step.name}: its input ${name} cannot be read: ${(error as Error).message}`);
    }
  };
  const hashes = new Map<string, string>();
  for (const step of inOrder(steps)) {
    hashes.set(
      step.name,
      digest(
        canonical({
          name: step.name,
          platform: `${process.platform}/${process.arch}`,
          version: step.version,
          recipe: step.recipe,
          outputs: step.outputs,
          images: step.images ?? [],
          inputs: Object.fromEntries(step.inputs.map((name) => [name, inputHash(step, name)])),
          needs: Object.fromEntries(step.needs.map((name) => [name, hashes.get(name) ?? ""])),
        }),
      ),
    );
  }
  return hashes;
}
