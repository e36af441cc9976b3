/** `ignoreChanges` on an update: what is ignored must not be sent as the program has it. */
import { type Json, type JsonObject, type KubeObject, at, isObject } from "../objects";
import { isOthers } from "./managers";
import { type Step, parsePath } from "./property-path";

/**
 * The object to apply, with ignored fields as the cluster has them: left out where others own them, so that they stay
 * theirs, else with the live value, so that it is not taken away. Paths into lists are not gone into: the engine has
 * given those their old values already.
 */
export function withIgnored(
  object: KubeObject,
  live: KubeObject,
  ignoreChanges: readonly string[],
  manager: string,
): KubeObject {
  return ignoreChanges.map(parsePath).reduce((result, path) => {
    const keys = path.filter((step): step is string => typeof step === "string" && step !== "*");
    if (keys.length !== path.length) return result;
    if (isOthers(live, path, manager)) return replaced(result, keys, undefined);
    const value = at(live, ...keys);
    return value === undefined ? result : (replaced(result, keys, value));
  }, object);
}

/** A copy with the value at a path set, or taken away if undefined. */
function replaced(object: Json | undefined, [first, ...rest]: readonly Step[], value: Json | undefined): JsonObject {
  const base = isObject(object) ? object : {};
  const key = String(first);
  if (value === undefined && !(key in base)) return base;
  const { [key]: had, ...others } = base;
  if (rest.length > 0) return { ...others, [key]: replaced(had, rest, value) };
  return value === undefined ? others : { ...others, [key]: value };
}
