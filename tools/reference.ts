import { parseDocument } from "yaml";
import { z } from "zod";
import { CLUSTER_KEY, settingAnchor } from "../settings/keys";
import { settingsSchema } from "../settings/schema";

/** One setting, as the documentation shows it. */
export interface SettingReference {
  /** Dotted path without the `usmesh:` prefix; `KEY` stands for a cluster's key. */
  readonly path: string;
  /** `string`, `integer`, `boolean`, `array of string`, `object`, or several of these or the allowed values joined by ` | `. */
  readonly type: string;
  /** The default as JSON; undefined: it has none, or one that the description explains. */
  readonly default?: string;
  readonly description: string;
}

interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly string[];
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly default?: unknown;
  readonly description?: string;
}

/** Every setting, each record before what is in it. Pulumi.yaml and the documentation are generated from this. */
export function settingsReference(): SettingReference[] {
  return below(z.toJSONSchema(settingsSchema, { io: "input" }) as JsonSchema, []);
}

function below(schema: JsonSchema, path: readonly string[]): SettingReference[] {
  const properties = Object.entries(schema.properties ?? {});
  const each = typeof schema.additionalProperties === "object" ? schema.additionalProperties : undefined;
  const keyed: [string, JsonSchema][] = each?.properties === undefined ? [] : Object.entries(each.properties);
  return [
    ...properties.flatMap(([name, property]) => [reference(property, [...path, name]), ...below(property, [...path, name])]),
    ...keyed.flatMap(([name, property]) => [reference(property, [...path, CLUSTER_KEY, name]), ...below(property, [...path, CLUSTER_KEY, name])]),
  ];
}

function reference(schema: JsonSchema, path: readonly string[]): SettingReference {
  const entry = { path: path.join("."), type: typeName(schema), description: schema.description ?? "" };
  return schema.default === undefined ? entry : { ...entry, default: JSON.stringify(schema.default) };
}

function typeName(schema: JsonSchema): string {
  if (schema.enum !== undefined) return schema.enum.join(" | ");
  if (schema.type === "array") return `array of ${typeName(schema.items ?? {})}`;
  return typeof schema.type === "object" ? schema.type.join(" | ") : (schema.type ?? "any");
}

/** A setting within a record, as one line of the record's description in Pulumi.yaml. */
function referenceLine(setting: SettingReference): string {
  const defaultValue = setting.default === undefined ? "" : `, default ${setting.default}`;
  return `${setting.path} (${setting.type}${defaultValue}): ${setting.description}`;
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

/** The text of Pulumi.yaml with the current declarations of all settings. Comments, and keys with a namespace, stay as they are. */
export function withDeclarations(project: string): string {
  const document = parseDocument(project);
  const declarations = configDeclarations();
  const { config: declared } = document.toJS() as { config: Record<string, Record<string, unknown>> };
  for (const setting of Object.keys(declared)) {
    if (!setting.includes(":") && declarations[setting] === undefined) document.deleteIn(["config", setting]);
  }
  for (const [setting, declaration] of Object.entries(declarations)) {
    for (const [field, value] of Object.entries(declaration)) {
      // What is set again loses its comments and its style, so only what differs is.
      if (JSON.stringify(declared[setting]?.[field]) !== JSON.stringify(value)) document.setIn(["config", setting, field], value);
    }
  }
  return document.toString({ lineWidth: 0 });
}

/** Start and end of the generated table in a Markdown document, and what is between them. */
const GENERATED = /(<!-- settings: [^\n]*-->\n)([\s\S]*?)(<!-- \/settings -->)/;

/** The table of all settings in Markdown, with an anchor in each row: the one that messages about wrong settings name. */
export function settingsTable(): string {
  const rows = settingsReference().map(({ path, type, default: value, description }) => {
    const cells = [`<a id="${settingAnchor(path)}"></a>\`${path}\``, type, value === undefined ? "" : `\`${value}\``, description];
    return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  });
  return ["| setting | type | default | meaning |", "|---|---|---|---|", ...rows, ""].join("\n");
}

/** The settings table that a Markdown document contains between its markers; undefined when it has no markers. */
export function tableIn(document: string): string | undefined {
  return GENERATED.exec(document)?.[2];
}

/** A Markdown document with the settings table between its markers replaced by the current one. */
export function withSettingsTable(document: string): string {
  return document.replace(GENERATED, (_all, start: string, _old, end: string) => start + settingsTable() + end);
}
