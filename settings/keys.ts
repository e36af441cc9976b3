import type { Path } from "./paths";
import { settingsSchema } from "./schema";

/** Stands for a cluster's key in the documentation. */
export const CLUSTER_KEY = "KEY";

/** The part of a zod schema that is needed to find what is inside it. */
interface Schema {
  readonly def: {
    readonly innerType?: Schema;
    readonly shape?: Readonly<Record<PropertyKey, Schema>>;
    readonly valueType?: Schema;
  };
}

/** The schema inside `optional`, `default` and `prefault`. */
function unwrap(schema: Schema): Schema {
  const inner = schema.def.innerType;
  return inner === undefined ? schema : unwrap(inner);
}

const root = unwrap(settingsSchema as unknown as Schema);

/** The settings that a record at this path can have. Empty for anything else. */
export function keysAt(path: Path): string[] {
  let schema: Schema | undefined = root;
  for (const step of path) {
    const { shape, valueType }: Schema["def"] = schema.def;
    const next: Schema | undefined = shape === undefined ? valueType : ownSchema(shape, step);
    if (next === undefined) return [];
    schema = unwrap(next);
  }
  return Object.keys(schema.def.shape ?? {});
}

/**
 * The documented setting that a path belongs to: the setting itself, or the nearest one around it.
 * @returns a dotted path such as `clusters.KEY.addresses` for `clusters.west.addresses[0]`; empty when there is none
 */
export function documentedSetting(path: Path): string {
  const known: string[] = [];
  let schema = root;
  for (const step of path) {
    const { shape, valueType } = schema.def;
    const next = shape === undefined ? valueType : ownSchema(shape, step);
    // What is in a record of free keys, such as chart values, has no documentation of its own.
    if (next === undefined || (shape === undefined && next.def.shape === undefined)) break;
    known.push(shape === undefined ? CLUSTER_KEY : String(step));
    schema = unwrap(next);
  }
  if (known.at(-1) === CLUSTER_KEY) known.pop();
  return known.join(".");
}

/** The anchor of a documented setting: `usmesh-clusters-key-addresses` for `clusters.KEY.addresses`. */
export function settingAnchor(setting: string): string {
  return ["usmesh", ...setting.split(".")].join("-").toLowerCase();
}

function ownSchema(shape: Readonly<Record<PropertyKey, Schema>>, step: PropertyKey): Schema | undefined {
  return Object.hasOwn(shape, step) ? shape[step] : undefined;
}
