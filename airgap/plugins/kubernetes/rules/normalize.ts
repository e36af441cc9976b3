/** Gives inputs the one spelling that the API server will answer with, so that equal wishes never show as a change. */
import { type Json, type JsonObject, type KubeObject, at, gvkOf, isObject } from "../objects";
import { hasUnknown } from "../../lib/values";
import { isBuiltIn } from "../tokens";
import { canonicalQuantity } from "./quantity";
import { isDefinition } from "./scope";

/** Metadata that only the server writes. */
const SERVER_METADATA = [
  "creationTimestamp",
  "deletionGracePeriodSeconds",
  "deletionTimestamp",
  "generation",
  "managedFields",
  "resourceVersion",
  "uid",
];

/** Fields whose values, by resource name, are quantities. */
const QUANTITY_MAPS: ReadonlySet<string> = new Set([
  "allocatable",
  "capacity",
  "default",
  "defaultRequest",
  "hard",
  "limits",
  "max",
  "maxLimitRequestRatio",
  "min",
  "podFixed",
  "requests",
]);
const QUANTITIES: ReadonlySet<string> = new Set(["averageValue", "divisor", "maximumVolumeSize", "sizeLimit"]);

/** Switches that the server leaves out of its answer where they are off. */
const LEFT_OUT_WHEN_FALSE: ReadonlySet<string> = new Set([
  "hostIPC",
  "hostNetwork",
  "hostPID",
  "paused",
  "publishNotReadyAddresses",
  "readOnly",
  "stdin",
  "stdinOnce",
  "tty",
]);

/**
 * The object in normal form; a new object. Custom resources keep what they say, as do objects with unknown parts, but no
 * object keeps the metadata that only the server writes.
 */
export function normalize(object: KubeObject): KubeObject {
  let result: KubeObject = { ...object };
  if (isBuiltIn(gvkOf(object).group) && !hasUnknown(object)) {
    if (isSecret(object)) result = normalizeSecret(result);
    // A definition's schema holds values of any kind, which are not what their names say.
    else if (isDefinition(object)) result = normalizeDefinition(result);
    else result = spell(result) as KubeObject;
  }
  const metadata = result["metadata"];
  if (isObject(metadata)) {
    result["metadata"] = without(metadata, SERVER_METADATA);
  }
  return result;
}

/** True for a Secret. */
export function isSecret(object: KubeObject): boolean {
  const gvk = gvkOf(object);
  return gvk.group === "" && gvk.kind === "Secret";
}

/** `stringData` becomes part of `data`, as on the server; base64 is written anew, without line breaks. */
function normalizeSecret(secret: KubeObject): KubeObject {
  const { stringData, ...rest } = secret;
  const data: JsonObject = {};
  for (const [key, value] of Object.entries(isObject(rest["data"]) ? rest["data"] : {})) {
    data[key] = typeof value === "string" ? canonicalBase64(value) : value;
  }
  const strings = isObject(stringData) ? Object.entries(stringData) : [];
  for (const [key, value] of strings) {
    if (typeof value === "string") data[key] = Buffer.from(value, "utf8").toString("base64");
  }
  return strings.length > 0 || isObject(rest["data"]) ? { ...rest, data } : rest;
}

/** What is no base64 stays: the server's refusal says more than a guess. */
function canonicalBase64(value: string): string {
  const compact = value.replace(/[\r\n]/g, "");
  const decoded = Buffer.from(compact, "base64");
  return decoded.toString("base64") === compact ? compact : value;
}

function normalizeDefinition(definition: KubeObject): KubeObject {
  const result = without(definition, ["status"]);
  const spec = result["spec"];
  if (isObject(spec) && spec["preserveUnknownFields"] === false) {
    result["spec"] = without(spec, ["preserveUnknownFields"]);
  }
  return result;
}

function spell(value: Json, key = ""): Json {
  if (Array.isArray(value)) return value.map((item) => spell(item));
  if (!isObject(value)) return QUANTITIES.has(key) ? quantity(value) : value;
  const result: JsonObject = {};
  for (const [name, item] of Object.entries(value)) {
    if (item === false && LEFT_OUT_WHEN_FALSE.has(name)) continue;
    result[name] = QUANTITY_MAPS.has(key) && !isObject(item) && !Array.isArray(item) ? quantity(item) : spell(item, name);
  }
  return result;
}

function quantity(value: Json): Json {
  return typeof value === "string" || typeof value === "number" ? canonicalQuantity(String(value)) : value;
}

/** A copy of an object without some of its keys. */
export function without(object: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));
}

/** Whether the object says that it must never change. */
export function isImmutable(object: KubeObject): boolean {
  return at(object, "immutable") === true;
}
