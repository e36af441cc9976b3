import { readFileSync } from "node:fs";
import { delimiter } from "node:path";
import { parse } from "yaml";
import { UserError } from "../lib/problems";

/** A settings file: as in a stack's file, without the namespace before each setting. */
export interface SettingsFile {
  readonly name: string;
  /** What is in it, as YAML reads it. */
  readonly content: unknown;
}

/**
 * Reads the files that USMESH_SETTINGS names.
 * @param names paths of YAML files, joined like PATH; `{stack}` in a path stands for the stack's name
 * @param stack name of the stack
 * @throws UserError naming the file that cannot be read
 */
export function readSettingsFiles(names: string | undefined, stack: string): SettingsFile[] {
  return (names ?? "")
    .split(delimiter)
    .filter((name) => name !== "")
    .map((name) => name.replaceAll("{stack}", stack))
    .map((name) => {
      try {
        return { name, content: parse(readFileSync(name, "utf8")) as unknown };
      } catch (error) {
        throw new UserError(`USMESH_SETTINGS: cannot read ${name}: ${(error as Error).message}`);
      }
    });
}
