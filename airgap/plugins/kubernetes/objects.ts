/** Kubernetes objects as plain JSON, and how their parts are reached. */
import { Asset, Secret, Unknown } from "../lib/values";

/** A JSON value as the Kubernetes API sends and takes it. */
export type Json = null | boolean | number | string | Json[] | JsonObject;

/** A JSON object. */
export interface JsonObject {
  [key: string]: Json;
}

/** A Kubernetes object as plain JSON: nothing is dropped that a typed model would not know. */
export type KubeObject = JsonObject;

/** Group, version and kind; the core group is the empty string. */
export interface Gvk {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** True for a JSON object; false for lists, null, scalars, and values that are not known yet. */
export function isObject(value: unknown): value is JsonObject {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return !(value instanceof Unknown || value instanceof Secret || value instanceof Asset);
}

/** The value under a path of keys, or undefined where the path leaves the objects. */
export function at(object: unknown, ...path: string[]): Json | undefined {
  let value: unknown = object;
  for (const key of path) {
    if (!isObject(value)) {
      return undefined;
    }
    value = value[key];
  }
  return value as Json | undefined;
}

/** The string under a path of keys; undefined where there is none or it is no string. */
export function stringAt(object: unknown, ...path: string[]): string | undefined {
  const value = at(object, ...path);
  return typeof value === "string" ? value : undefined;
}

/** The number under a path of keys; undefined where there is none or it is no number. */
export function numberAt(object: unknown, ...path: string[]): number | undefined {
  const value = at(object, ...path);
  return typeof value === "number" ? value : undefined;
}

/** The array under a path of keys; empty where there is none. */
export function listAt(object: unknown, ...path: string[]): Json[] {
  const value = at(object, ...path);
  return Array.isArray(value) ? value : [];
}

/** Name of an object, or the empty string. */
export function nameOf(object: KubeObject): string {
  return stringAt(object, "metadata", "name") ?? "";
}

/** Namespace of an object, or the empty string. */
export function namespaceOf(object: KubeObject): string {
  return stringAt(object, "metadata", "namespace") ?? "";
}

/** The annotation's value; undefined where it is missing or not known yet. */
export function annotation(object: KubeObject, key: string): string | undefined {
  return stringAt(object, "metadata", "annotations", key);
}

/** Group, version and kind of an object; `core/v1` and `v1` are the same. */
export function gvkOf(object: KubeObject): Gvk {
  return parseGvk(stringAt(object, "apiVersion") ?? "", stringAt(object, "kind") ?? "");
}

/** Splits an apiVersion such as `apps/v1` or `v1`. */
export function parseGvk(apiVersion: string, kind: string): Gvk {
  const slash = apiVersion.indexOf("/");
  const group = slash < 0 ? "" : apiVersion.slice(0, slash);
  return { group: group === "core" ? "" : group, version: apiVersion.slice(slash + 1), kind };
}

/** `v1` for the core group, `group/version` for others. */
export function apiVersionOf(gvk: Gvk): string {
  return gvk.group === "" ? gvk.version : `${gvk.group}/${gvk.version}`;
}

/** The Pulumi id of an object: `namespace/name`, or `name` where it has no namespace. */
export function idOf(object: KubeObject): string {
  const namespace = namespaceOf(object);
  return namespace === "" ? nameOf(object) : `${namespace}/${nameOf(object)}`;
}

/** Splits a Pulumi id into namespace (empty for cluster-wide objects) and name. */
export function parseId(id: string): { namespace: string; name: string } {
  const slash = id.indexOf("/");
  return slash < 0 ? { namespace: "", name: id } : { namespace: id.slice(0, slash), name: id.slice(slash + 1) };
}

/** How messages name an object: `Deployment istio-system/istiod`. */
export function describe(object: KubeObject): string {
  return `${stringAt(object, "kind") ?? "object"} ${idOf(object)}`;
}
