import { z } from "zod";
import { settingsSchema } from "../settings/schema";

/** One setting as documentation shows it. */
export interface SettingReference {
  /** Dotted path without the `usmesh:` prefix; `KEY` stands for a cluster's key. */
  readonly path: string;
  /** `string`, `integer`, `boolean`, `array of string`, `object`, or the allowed values joined by ` | `. */
  readonly type: string;
  /** The default as JSON; undefined: it has none, or one that the description explains. */
  readonly default?: string;
  readonly description: string;
}

interface JsonSchema {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly default?: unknown;
  readonly description?: string;
}

/** Every setting, each record before what is in it: the reference that Pulumi.yaml and the README are held to. */
export function settingsReference(): SettingReference[] {
  return below(z.toJSONSchema(settingsSchema, { io: "input" }) as JsonSchema, []);
}

function below(schema: JsonSchema, path: readonly string[]): SettingReference[] {
  const properties = Object.entries(schema.properties ?? {});
  const each = typeof schema.additionalProperties === "object" ? schema.additionalProperties : undefined;
  const keyed: [string, JsonSchema][] = each?.properties === undefined ? [] : Object.entries(each.properties);
  return [
    ...properties.flatMap(([name, property]) => [reference(property, [...path, name]), ...below(property, [...path, name])]),
    ...keyed.map(([name, property]) => reference(property, [...path, "KEY", name])),
  ];
}

function reference(schema: JsonSchema, path: readonly string[]): SettingReference {
  const entry = { path: path.join("."), type: typeName(schema), description: schema.description ?? "" };
  return schema.default === undefined ? entry : { ...entry, default: JSON.stringify(schema.default) };
}

function typeName(schema: JsonSchema): string {
  if (schema.enum !== undefined) return schema.enum.join(" | ");
  if (schema.type === "array") return `array of ${typeName(schema.items ?? {})}`;
  return schema.type ?? "any";
}

/** A setting within a record, as one line of the record's description in Pulumi.yaml. */
export function referenceLine(setting: SettingReference): string {
  const standard = setting.default === undefined ? "" : `, default ${setting.default}`;
  return `${setting.path} (${setting.type}${standard}): ${setting.description}`;
}

/** The declarations of `config` in Pulumi.yaml: type, default and description of each top-level setting. */
export function configDeclarations(): Record<string, Record<string, unknown>> {
  const all = settingsReference();
  const top = all.filter((setting) => !setting.path.includes("."));
  return Object.fromEntries(
    top.map((setting) => {
      const inside = all.filter((other) => other.path.startsWith(`${setting.path}.`)).map(referenceLine);
      return [
        setting.path,
        {
          type: setting.type.startsWith("array") ? "array" : setting.type.includes(" | ") ? "string" : setting.type,
          ...(setting.type.startsWith("array") ? { items: { type: "string" } } : {}),
          default: JSON.parse(setting.default ?? "null") as unknown,
          description: [setting.description, ...inside].join("\n"),
        },
      ];
    }),
  );
}
