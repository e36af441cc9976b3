/** Chart values: several sources made one, as Helm would. */
import * as fs from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { YAMLParseError, parse } from "yaml";
import { Asset, isObject, reveal, type Props, type Value } from "../../lib/values";

/** Lays `over` on `base`: objects are merged key by key, anything else in `over` (also null) takes the place of what was. */
export function mergeValues(base: Props, over: Props): Props {
  // A map, since a key may be called like something that every object has.
  const merged = new Map(Object.entries(base));
  for (const [key, value] of Object.entries(over)) {
    const below = merged.get(key);
    merged.set(key, isObject(value) && isObject(below) ? mergeValues(below, value) : value);
  }
  return Object.fromEntries(merged);
}

/**
 * The values in `valueYamlFiles`, later files over earlier ones. Files that are not known yet are left out.
 *
 * @param files the property as the program gave it
 * @throws for what is no file of YAML with an object in it; the message never quotes the content
 */
export async function readValueFiles(files: Value): Promise<Props> {
  const assets = reveal(files);
  if (!Array.isArray(assets)) return {};
  let values: Props = {};
  for (const asset of assets) {
    if (asset instanceof Asset) values = mergeValues(values, parseValues(await textOf(asset), nameOf(asset)));
  }
  return values;
}

function parseValues(text: string, name: string): Props {
  let content: unknown;
  try {
    content = parse(text, {
      version: "1.1",
      merge: true,
      uniqueKeys: false,
      logLevel: "error",
      // Helm reads times of day, dates and binaries as the text they are.
      customTags: (tags) => tags.filter((tag) => typeof tag === "string" || !isDateOrTime(tag)),
    });
  } catch (error) {
    // The parser's own message quotes the text, which may be secret.
    const line = error instanceof YAMLParseError ? error.linePos?.[0].line : undefined;
    throw new Error(`valueYamlFiles: ${name} is not valid YAML${line === undefined ? "" : ` (line ${line})`}`);
  }
  if (content === null || content === undefined) return {};
  if (!isObject(content as Value)) throw new Error(`valueYamlFiles: ${name} must hold an object`);
  return content as Props;
}

function isDateOrTime(tag: { tag: string; format?: string }): boolean {
  return tag.tag === "tag:yaml.org,2002:timestamp" || tag.tag === "tag:yaml.org,2002:binary" || tag.format === "TIME";
}

function nameOf(asset: Asset): string {
  const { path, uri } = asset.fields;
  const places = [path, uri].filter((place) => typeof place === "string");
  return places.find((place) => place !== "") ?? "a text";
}

async function textOf(asset: Asset): Promise<string> {
  if (asset.kind === "archive") throw new Error("valueYamlFiles takes files, not archives");
  const { text, path, uri } = asset.fields;
  if (typeof text === "string" && text !== "") return text;
  if (typeof path === "string" && path !== "") return fs.readFile(path, "utf8");
  if (typeof uri === "string" && uri.startsWith("file:")) return fs.readFile(fileURLToPath(uri), "utf8");
  if (typeof uri === "string" && uri !== "") {
    const answer = await fetch(uri);
    if (!answer.ok) throw new Error(`valueYamlFiles: ${uri} answered ${answer.status}`);
    return answer.text();
  }
  return "";
}
