/**
 * Empty values of Kubernetes' own kinds. The API server takes many for absent and does not give them back, so wishing for
 * one that is not there is no wish for a change.
 */
import { type Json, type JsonObject, isObject } from "../objects";

/** The wishes without empty values that were wished in the same way before and that the live object lacks. */
export function withoutDropped(news: JsonObject, oldInputs: JsonObject, live: JsonObject): JsonObject {
  return leaveOut(news, oldInputs, live) as JsonObject;
}

function leaveOut(news: Json, oldInputs: Json | undefined, live: Json | undefined): Json {
  if (Array.isArray(news)) return news.map((item, i) => leaveOut(item, part(oldInputs, i), part(live, i)));
  if (!isObject(news)) return news;
  const result: JsonObject = {};
  for (const [key, value] of Object.entries(news)) {
    const before = part(oldInputs, key);
    const dropped = part(live, key) === undefined && isEmpty(value) && before !== undefined && isEmpty(before);
    if (!dropped) result[key] = leaveOut(value, before, part(live, key));
  }
  return result;
}

/**
 * What a live object was pruned to, with the empty values of the inputs that it lacks put back: a refresh would else take
 * them for removed.
 */
export function withDropped(pruned: JsonObject, oldInputs: JsonObject): JsonObject {
  return putBack(pruned, oldInputs) as JsonObject;
}

function putBack(pruned: Json, oldInputs: Json | undefined): Json {
  if (Array.isArray(pruned)) return pruned.map((item, i) => putBack(item, part(oldInputs, i)));
  if (!isObject(pruned) || !isObject(oldInputs)) return pruned;
  const result: JsonObject = {};
  for (const [key, value] of Object.entries(oldInputs)) {
    const now = pruned[key];
    if (now !== undefined) result[key] = putBack(now, value);
    else if (isEmpty(value)) result[key] = value;
  }
  return { ...pruned, ...result };
}

function isEmpty(value: Json): boolean {
  if (Array.isArray(value)) return value.length === 0;
  if (isObject(value)) return Object.keys(value).length === 0;
  return value === "" || value === false || value === 0;
}

function part(value: Json | undefined, key: string | number): Json | undefined {
  if (typeof key === "number") return Array.isArray(value) ? value[key] : undefined;
  return isObject(value) ? value[key] : undefined;
}
