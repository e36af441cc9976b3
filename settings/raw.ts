import { z } from "zod";
import { isTree, merge, type Tree } from "../lib/merge";
import { SettingsError, UserError, type Problem } from "../lib/problems";
import { settingsSchema } from "./schema";

/** Namespace of the settings in a stack's configuration. */
export const NAMESPACE = "usmesh";

/** What the engine hands to a program: every setting as text, records and lists as JSON. */
export type StackConfig = Readonly<Record<string, string>>;

/** Type of each setting at the top level, as JSON Schema names it. */
function topLevelTypes(): Record<string, string> {
  const schema = z.toJSONSchema(settingsSchema, { io: "input" });
  return Object.fromEntries(Object.entries(schema.properties ?? {}).map(([key, property]) => [key, String((property as { type?: string }).type)]));
}

/**
 * The settings in a stack's configuration as a record, unknown ones included. What cannot be decoded stays text, so that
 * reading it says what is wrong. Other namespaces are left out.
 */
export function decodeConfig(config: StackConfig): Record<string, unknown> {
  const types = topLevelTypes();
  const own = Object.entries(config).filter(([key]) => key.startsWith(`${NAMESPACE}:`));
  return Object.fromEntries(
    own.map(([key, value]) => {
      const name = key.slice(NAMESPACE.length + 1);
      return [name, decode(value, types[name])];
    }),
  );
}

function decode(value: string, type: string | undefined): unknown {
  if (type === "string" || type === undefined) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/**
 * Refuses encrypted settings: none of them is a secret, all end up in plain state, and whoever encrypted one expects
 * otherwise.
 * @throws SettingsError naming each
 */
export function refuseSecrets(secretKeys: readonly string[], stack: string): void {
  const problems = secretKeys
    .filter((key) => key.startsWith(`${NAMESPACE}:`))
    .map((key): Problem => {
      const name = key.slice(NAMESPACE.length + 1);
      return {
        path: [name],
        message: `is encrypted, but no setting of the mesh is a secret and all are written to the state in plain text; set it without --secret`,
      };
    });
  if (problems.length > 0) throw new SettingsError(problems, stack);
}

/**
 * Settings files laid over a stack's settings, the last one on top: records key by key, lists whole.
 * @param files name and parsed content of each
 * @throws UserError naming the file that holds no record
 */
export function overlay(base: Tree, files: readonly { readonly name: string; readonly content: unknown }[]): Record<string, unknown> {
  return merge(
    base,
    ...files.map(({ name, content }) => {
      if (content === null || content === undefined) return {};
      if (isTree(content)) return content;
      throw new UserError(`USMESH_SETTINGS: ${name} holds no settings; write them as in a stack's file, without the ${NAMESPACE}: before each`);
    }),
  );
}
