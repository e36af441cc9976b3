/**
 * The values that the engine and a plugin exchange: JSON, and also secrets, unknowns and assets.
 *
 * On the wire a secret or an asset is an object with a signature key, and an unknown is a magic string. Here each is a class, so that no
 * code takes one for data.
 */
import { ListValue, NullValue, Struct, Value as WireValue } from "google-protobuf/google/protobuf/struct_pb";
import { inspect } from "node:util";

/** The key that marks an object on the wire as a secret, asset or archive. */
const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";
const ASSET_SIGNATURE = "c44067f5952c0a294b673a41bacd8c17";
const ARCHIVE_SIGNATURE = "0def7320c3a5731c473e5ecbe6d01bc7";

/** What the engine writes for a value that is not known yet. Plugins write back the first one, which is that of strings. */
const UNKNOWN_SENTINELS: readonly string[] = [
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
];

/** A value that is not known before the update has run. Its only instance is {@link UNKNOWN}. */
export class Unknown {
  /** An unknown has no text. Converting one is a mistake, and fails. */
  toString(): string {
    throw new Error("an unknown value was used as if it were known");
  }
  toJSON(): never {
    throw new Error("an unknown value was written as if it were known");
  }
}

/** The one unknown value; compare with `===`. */
export const UNKNOWN: Unknown = new Unknown();

/** A value that the engine encrypts in the state and hides in its output. Printing it never shows its content. */
export class Secret {
  /** @param value what is secret; may contain unknowns and other secrets */
  constructor(readonly value: Value) {}
  toString(): string {
    return "[secret]";
  }
  toJSON(): string {
    return "[secret]";
  }
  [inspect.custom](): string {
    return "[secret]";
  }
}

/** A file (`asset`) or a tree of files (`archive`), as the engine describes it. */
export class Asset {
  /**
   * @param kind one file, or many
   * @param fields what the engine sent: `hash`, and one of `text`, `path`, `uri`, `assets` (none of them where the engine leaves out
   *   the content, as it does for old values)
   */
  constructor(
    readonly kind: "asset" | "archive",
    readonly fields: Props,
  ) {}
}

/** Any value of a resource's property. */
export type Value = null | boolean | number | string | Value[] | { [key: string]: Value } | Secret | Unknown | Asset;
/** A resource's inputs or state: its top-level properties. */
export type Props = Record<string, Value>;

/** Whether a value is a plain object: not a list and not one of the classes above. */
export function isObject(v: Value | undefined): v is { [key: string]: Value } {
  return typeof v === "object" && v !== null && !Array.isArray(v) && !isSpecial(v);
}

function isSpecial(v: object): v is Secret | Unknown | Asset {
  return v instanceof Secret || v instanceof Unknown || v instanceof Asset;
}

/** Reads properties from the wire. An undefined struct has no properties. */
export function unmarshal(struct: Struct | undefined): Props {
  const props: Props = {};
  struct?.getFieldsMap().forEach((v, key) => {
    props[key] = fromWire(v);
  });
  return props;
}

/** Writes properties for the wire, without those that are `undefined`. */
export function marshal(props: Props): Struct {
  const struct = new Struct();
  const fields = struct.getFieldsMap();
  for (const [key, v] of Object.entries(props)) if (v !== undefined) fields.set(key, toWire(v));
  return struct;
}

function fromWire(v: WireValue): Value {
  switch (v.getKindCase()) {
    case WireValue.KindCase.BOOL_VALUE:
      return v.getBoolValue();
    case WireValue.KindCase.NUMBER_VALUE:
      return v.getNumberValue();
    case WireValue.KindCase.STRING_VALUE:
      return UNKNOWN_SENTINELS.includes(v.getStringValue()) ? UNKNOWN : v.getStringValue();
    case WireValue.KindCase.LIST_VALUE:
      return (v.getListValue()?.getValuesList() ?? []).map(fromWire);
    case WireValue.KindCase.STRUCT_VALUE:
      return fromSignature(unmarshal(v.getStructValue()));
    default:
      return null;
  }
}

function fromSignature(object: Props): Value {
  const { [SIGNATURE_KEY]: signature, ...fields } = object;
  switch (signature) {
    case undefined:
      return object;
    case SECRET_SIGNATURE:
      return new Secret(fields["value"] ?? null);
    case ASSET_SIGNATURE:
      return new Asset("asset", fields);
    case ARCHIVE_SIGNATURE:
      return new Asset("archive", fields);
    default:
      throw new Error("the engine sent a kind of value that this plugin does not accept");
  }
}

function toWire(v: Value): WireValue {
  const wire = new WireValue();
  if (v === null) wire.setNullValue(NullValue.NULL_VALUE);
  else if (typeof v === "boolean") wire.setBoolValue(v);
  else if (typeof v === "number") wire.setNumberValue(v);
  else if (typeof v === "string") wire.setStringValue(v);
  else if (v instanceof Unknown) wire.setStringValue(UNKNOWN_SENTINELS[0] as string);
  else if (Array.isArray(v)) wire.setListValue(new ListValue().setValuesList(v.map(toWire)));
  else wire.setStructValue(marshal(withSignature(v)));
  return wire;
}

function withSignature(v: { [key: string]: Value } | Secret | Asset): Props {
  if (v instanceof Secret) return { [SIGNATURE_KEY]: SECRET_SIGNATURE, value: v.value };
  if (v instanceof Asset) {
    return { [SIGNATURE_KEY]: v.kind === "asset" ? ASSET_SIGNATURE : ARCHIVE_SIGNATURE, ...v.fields };
  }
  return v;
}

/** A deep copy without the {@link Secret} wrappers; unknowns and assets are kept. The caller chooses the type. */
export function reveal<T = Value>(v: Value): T {
  if (v instanceof Secret) return reveal<T>(v.value);
  if (Array.isArray(v)) return v.map((item) => reveal(item)) as T;
  if (isObject(v)) return Object.fromEntries(Object.entries(v).map(([k, item]) => [k, reveal(item)])) as T;
  return v as T;
}

/** The properties that are neither undefined nor null. */
export function given(props: Props): Props {
  return Object.fromEntries(Object.entries(props).filter(([, v]) => v !== null && v !== undefined));
}

/** Whether a value is or contains an unknown, also inside a secret. */
export function hasUnknown(v: Value): boolean {
  return some(v, (item) => item instanceof Unknown);
}

/** Whether a value is or contains a secret. */
export function hasSecret(v: Value): boolean {
  return some(v, (item) => item instanceof Secret);
}

function some(v: Value, wanted: (item: Value) => boolean): boolean {
  if (wanted(v)) return true;
  if (v instanceof Secret) return some(v.value, wanted);
  if (v instanceof Asset) return some(v.fields, wanted);
  if (Array.isArray(v)) return v.some((item) => some(item, wanted));
  return isObject(v) && Object.values(v).some((item) => some(item, wanted));
}
