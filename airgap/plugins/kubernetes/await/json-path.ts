/** The part of kubectl's JSONPath that conditions are written in: fields, indexes, `[*]` and equality filters. */
import { type Json, isObject } from "../objects";

type Segment =
  | { readonly kind: "field"; readonly name: string }
  | { readonly kind: "index"; readonly index: number }
  | { readonly kind: "each" }
  | { readonly kind: "filter"; readonly path: readonly string[]; readonly equal: boolean; readonly value: string };

const SEGMENT = new RegExp(
  [
    String.raw`\.?\[\?\(@((?:\.[\w-]+)+)\s*(==|!=)\s*(?:"([^"]*)"|'([^']*)'|([\w.-]+))\s*\)\]`, // [?(@.type=="Ready")]
    String.raw`\[(-?\d+)\]`, // [0]
    String.raw`\.?\[\*\]|\.\*`, // [*]
    String.raw`\[(?:"([^"]+)"|'([^']+)')\]`, // ["a.b"]
    String.raw`\.((?:[^.[\]\\]|\\.)+)`, // .name, with \. for a dot
  ].join("|"),
  "y",
);

/** Compiles a path such as `.status.conditions[?(@.type=="Ready")].status`. Throws if it is not understood. */
export function compileJsonPath(text: string): (value: Json) => Json[] {
  const segments: Segment[] = [];
  const path = text.replace(/^\$/, "");
  SEGMENT.lastIndex = 0;
  while (SEGMENT.lastIndex < path.length) {
    const match = SEGMENT.exec(path);
    if (match === null) throw new Error(`"${text}" is no JSONPath that is understood here`);
    segments.push(segmentOf(match));
  }
  return (value) => segments.reduce<Json[]>((found, segment) => found.flatMap((item) => step(item, segment)), [value]);
}

function segmentOf(match: RegExpExecArray): Segment {
  const [, filter, operator, double, single, bare, index, quoted, quotedSingle, name] = match;
  if (filter !== undefined) {
    const path = filter.split(".").filter(Boolean);
    return { kind: "filter", path, equal: operator === "==", value: double ?? single ?? bare ?? "" };
  }
  if (index !== undefined) return { kind: "index", index: Number(index) };
  const field = quoted ?? quotedSingle ?? name?.replace(/\\(.)/g, "$1");
  return field === undefined ? { kind: "each" } : { kind: "field", name: field };
}

function step(value: Json, segment: Segment): Json[] {
  switch (segment.kind) {
    case "field":
      return present(isObject(value) ? value[segment.name] : undefined);
    case "index":
      return present(Array.isArray(value) ? value.at(segment.index) : undefined);
    case "each":
      return children(value);
    case "filter":
      return children(value).filter((item) => (textAt(item, segment.path) === segment.value) === segment.equal);
  }
}

function textAt(value: Json, path: readonly string[]): string | undefined {
  const found = path.reduce<Json | undefined>((item, key) => (isObject(item) ? item[key] : undefined), value);
  return found === undefined || typeof found === "object" ? undefined : String(found);
}

function children(value: Json): Json[] {
  if (Array.isArray(value)) return value;
  return isObject(value) ? Object.values(value) : [];
}

function present(value: Json | undefined): Json[] {
  return value === undefined ? [] : [value];
}
