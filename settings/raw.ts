import { z } from "zod";
import { isTree, merge, type Tree } from "../lib/merge";
import { UserError } from "../lib/errors";
import type { SettingsFile } from "./files";
import { SettingsError, type Problem } from "./problems";
import { settingsSchema } from "./schema";

/** Namespace of the settings in a stack's configuration. */
const NAMESPACE = "usmesh";

/** A stack's configuration as the engine passes it to a program: every value as text, records and lists as JSON. */
export type StackConfig = Readonly<Record<string, string>>;

/**
 * The settings in a stack's configuration as a record, unknown ones included. What cannot be decoded stays text, so that the
 * schema can say what is wrong with it. Other namespaces are left out.
 */
export function decodeConfig(config: StackConfig): Record<string, unknown> {
  const ofSettings = topLevelTypes();
  return Object.fromEntries(
    Object.entries(config).flatMap(([key, value]) => {
      const name = settingName(key);
      return name === undefined ? [] : [[name, decode(value, ofSettings[name])]];
    }),
  );
}

/** The settings that are secret. What is in them is in no model and no message. */
export const SECRET_SETTINGS = ["kubeconfigs", "chartCredentials"] as const;

/**
 * Refuses encrypted settings that are not secret: they are in the state in plain text, although whoever encrypted them expects
 * otherwise. Refuses secret settings that are not encrypted.
 * @param keys all keys of the configuration, with their namespaces
 * @param secretKeys those whose values are encrypted
 * @throws SettingsError naming each
 */
export function refuseSecrets(keys: readonly string[], secretKeys: readonly string[], stack: string): void {
  const isSecret = (name: string | undefined): boolean => SECRET_SETTINGS.some((secret) => secret === name);
  const encrypted = secretKeys.flatMap((key): Problem[] => {
    const name = settingName(key);
    const message = `is encrypted, but is not a secret setting and is written to the state in plain text; set it without --secret. Secret settings: ${SECRET_SETTINGS.join(", ")}`;
    return name === undefined || isSecret(name) ? [] : [{ path: [name], message }];
  });
  const plain = keys.flatMap((key): Problem[] => {
    const name = settingName(key);
    const message = `is in plain text; set it again with --secret: pulumi config set --secret --path ${key}.…`;
    return name === undefined || !isSecret(name) || secretKeys.includes(key) ? [] : [{ path: [name], message }];
  });
  if (encrypted.length + plain.length > 0) throw new SettingsError([...encrypted, ...plain], stack);
}

/**
 * Merges settings files over a stack's settings, the last one on top: records key by key, lists as a whole.
 * @throws UserError naming a file that does not contain a record
 */
export function overlay(base: Tree, files: readonly SettingsFile[]): Record<string, unknown> {
  const contents = files.map(({ name, content }) => {
    if (content === null || content === undefined) return {};
    if (isTree(content)) return content;
    throw new UserError("settings-file-unusable", `USMESH_SETTINGS: ${name} does not contain settings; write them as in a stack's file, without the ${NAMESPACE}: before each`);
  });
  return merge(base, ...contents);
}

/** The name of a setting, without its namespace; undefined for a key of another namespace. */
function settingName(key: string): string | undefined {
  return key.startsWith(`${NAMESPACE}:`) ? key.slice(NAMESPACE.length + 1) : undefined;
}

let types: Readonly<Record<string, string>> | undefined;

/** Type of each setting at the top level, as JSON Schema names it. The whole schema is converted for it, so only once. */
function topLevelTypes(): Readonly<Record<string, string>> {
  if (types === undefined) {
    const { properties = {} } = z.toJSONSchema(settingsSchema, { io: "input" });
    types = Object.fromEntries(Object.entries(properties).map(([key, property]) => [key, String((property as { type?: string }).type)]));
  }
  return types;
}

function decode(value: string, type: string | undefined): unknown {
  if (type === "string" || type === undefined) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
