import { existsSync, readdirSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { parse } from "yaml";
import { UserError } from "../lib/errors";

/** A settings file: like a stack's file, without the namespace before each setting. */
export interface SettingsFile {
  /** Its path. */
  readonly name: string;
  /** What it contains, as YAML reads it. */
  readonly content: unknown;
}

/**
 * Reads the files that USMESH_SETTINGS names.
 * @param names paths of YAML files, joined as in PATH; `{stack}` in a path is replaced by the stack's name
 * @param stack name of the stack
 * @param pending contents, by path, of files that are not written yet; they are not read. Default: none.
 * @throws UserError naming the file that cannot be read
 */
export function readSettingsFiles(names: string | undefined, stack: string, pending: Readonly<Record<string, unknown>> = {}): SettingsFile[] {
  return (names ?? "")
    .split(delimiter)
    .filter((name) => name !== "")
    .map((name) => name.replaceAll("{stack}", stack))
    .map((name) => {
      if (Object.hasOwn(pending, name)) return { name, content: pending[name] };
      try {
        return { name, content: parse(readFileSync(name, "utf8")) as unknown };
      } catch (error) {
        throw new UserError("settings-file-unusable", `USMESH_SETTINGS: cannot read ${name}: ${(error as Error).message}`);
      }
    });
}

/** Path of a stack's file in a folder. */
export function stackFile(folder: string, stack: string): string {
  return join(folder, `Pulumi.${stack}.yaml`);
}

/** Names of the stacks that have a file in a folder, sorted; none when there is no such folder. */
export function stackNames(folder: string): string[] {
  const files = existsSync(folder) ? readdirSync(folder) : [];
  return files.flatMap((file) => /^Pulumi\.([A-Za-z0-9._-]+)\.yaml$/.exec(file)?.[1] ?? []).sort();
}

/** The configuration in the file of a stack in a folder; undefined when there is no such file, or it is not YAML. */
export function stackConfig(folder: string, stack: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const file = parse(readFileSync(stackFile(folder, stack), "utf8")) as { readonly config?: Readonly<Record<string, unknown>> | null } | null;
    return file?.config ?? {};
  } catch {
    return undefined;
  }
}
