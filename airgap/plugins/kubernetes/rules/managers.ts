/** Who owns which field: the field managers of server-side apply. */
import { randomBytes } from "node:crypto";
import { PATCH_FIELD_MANAGER, PATCH_FORCE, isTrue } from "../annotations";
import { type Json, type JsonObject, type KubeObject, annotation, isObject, listAt, stringAt } from "../objects";
import type { Step } from "./property-path";

/** The manager of every create, official and ours: creates are no applies. */
export const CREATE_MANAGER = "pulumi-kubernetes";

/** Managers of the times before server-side apply; the first update takes their fields over. Each with its operation. */
const TAKEN_OVER: readonly (readonly [manager: string, operation: "Apply" | "Update"])[] = [
  ["kubectl", "Apply"],
  ["kubectl", "Update"],
  ["before-first-apply", "Update"],
  [CREATE_MANAGER, "Update"],
  ["pulumi-kubernetes.exe", "Update"],
  ["pulumi-resource-kubernetes", "Update"],
];

/** The manager to apply an object as: its annotation's, else the one it had, else a new one. */
export function fieldManagerOf(object: KubeObject, had: string | undefined): string {
  return annotation(object, PATCH_FIELD_MANAGER) || had || `pulumi-kubernetes-${randomBytes(4).toString("hex")}`;
}

/**
 * Whether an apply takes over fields that others own.
 *
 * @param live the object as it is; undefined for a preview of one that does not exist
 */
export function forces(object: KubeObject, live: KubeObject | undefined, always: boolean, preview: boolean): boolean {
  if (always || isTrue(object, PATCH_FORCE)) return true;
  if (live === undefined) return preview;
  const entries = listAt(live, "metadata", "managedFields");
  // An object from before managed fields: the server invents an owner, whom nobody means to keep.
  if (entries.length === 0) return true;
  // The update itself takes these over first, which a preview may not do.
  return preview && entries.some((entry) => isTakenOver(entry) && stringAt(entry, "manager")?.startsWith("pulumi-"));
}

/**
 * The managed fields after `manager` took over what creates and older clients own; undefined if there is nothing to take.
 * Without it those would stay owners of fields that the program later leaves out, and the fields would stay.
 */
export function takeOver(live: KubeObject, manager: string): Json[] | undefined {
  const entries = listAt(live, "metadata", "managedFields");
  const taken = entries.filter(isTakenOver);
  if (taken.length === 0) return undefined;
  const isOwn = (entry: Json) => stringAt(entry, "manager") === manager && stringAt(entry, "operation") === "Apply" && !subresource(entry);
  const own = entries.filter(isOwn);
  const fields = [...own, ...taken].map((entry) => (isObject(entry) ? entry["fieldsV1"] : undefined));
  const merged: JsonObject = {
    ...((own[0] ?? taken[0]) as JsonObject),
    manager,
    operation: "Apply",
    fieldsV1: fields.reduce<JsonObject>((all, part) => union(all, isObject(part) ? part : {}), {}),
  };
  return [...entries.filter((entry) => !isTakenOver(entry) && !isOwn(entry)), merged];
}

function isTakenOver(entry: Json): boolean {
  if (subresource(entry)) return false;
  return TAKEN_OVER.some(([name, op]) => stringAt(entry, "manager") === name && stringAt(entry, "operation") === op);
}

function subresource(entry: Json): boolean {
  return (stringAt(entry, "subresource") ?? "") !== "";
}

function union(a: JsonObject, b: JsonObject): JsonObject {
  const result = { ...a };
  for (const [key, value] of Object.entries(b)) {
    const had = result[key];
    result[key] = isObject(had) && isObject(value) ? union(had, value) : value;
  }
  return result;
}

/** Whether others own a field, or a part of it, that `manager` has no part in. Only paths of plain keys are known. */
export function isOthers(live: KubeObject, path: readonly Step[], manager: string): boolean {
  const owners = listAt(live, "metadata", "managedFields").filter((entry) => {
    let fields: Json | undefined = isObject(entry) ? entry["fieldsV1"] : undefined;
    for (const step of path) fields = isObject(fields) ? fields[`f:${step}`] : undefined;
    return fields !== undefined;
  });
  return owners.length > 0 && owners.every((entry) => stringAt(entry, "manager") !== manager);
}
