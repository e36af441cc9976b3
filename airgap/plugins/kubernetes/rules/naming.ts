/** The name of an object that the program gave none. */
import { autoname } from "../../lib/names";
import type { CheckRequest } from "../../lib/kind";
import { AUTONAMED, isTrue } from "../annotations";
import { type JsonObject, type KubeObject, at, isObject, nameOf } from "../objects";

/** Hexadecimal digits of an automatic name, as many as the official plugin's. */
const DIGITS = 8;

/** Whether the program gave the object a name, be it one that is not known yet. */
export function isNamed(object: KubeObject): boolean {
  const name = at(object, "metadata", "name");
  return name !== undefined && name !== null && name !== "";
}

/** Whether the program leaves the name to the API server. */
export function isGenerated(object: KubeObject): boolean {
  const prefix = at(object, "metadata", "generateName");
  return !isNamed(object) && prefix !== undefined && prefix !== null && prefix !== "";
}

/** Whether the name was made, not given. */
export function isAutonamed(object: KubeObject): boolean {
  return isTrue(object, AUTONAMED);
}

/**
 * The object with a name: its own; else the automatic one it had; else, if it is new, one made of the resource's name
 * and random digits. Throws where the project disabled automatic names.
 */
export function withName(
  object: KubeObject,
  olds: KubeObject,
  request: Pick<CheckRequest, "name" | "randomSeed" | "autonaming">,
): KubeObject {
  if (isNamed(object) || isGenerated(object)) return object;
  if (Object.keys(olds).length > 0) return isAutonamed(olds) ? autonamed(object, nameOf(olds)) : object;
  return autonamed(object, autoname(request, { digits: DIGITS }));
}

function autonamed(object: KubeObject, name: string): KubeObject {
  const metadata = object["metadata"] ?? {};
  // What is not known yet cannot take a name in; the update, which knows it, will.
  if (!isObject(metadata)) return object;
  const annotations = metadata["annotations"] ?? {};
  const marked: JsonObject = isObject(annotations) ? { annotations: { ...annotations, [AUTONAMED]: "true" } } : {};
  return { ...object, metadata: { ...metadata, ...marked, name } };
}
