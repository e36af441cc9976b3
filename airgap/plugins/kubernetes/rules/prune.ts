/** Cuts a live object down to what the program once asked for, so that what the cluster adds never shows as a change. */
import { type Json, type JsonObject, isObject } from "../objects";

/** The parts of `live` that have a counterpart in `inputs`, with the values of `live`. */
export function prune(live: JsonObject, inputs: JsonObject): JsonObject {
  const result: JsonObject = {};
  for (const [key, value] of Object.entries(live)) {
    const wanted = inputs[key];
    if (wanted !== undefined) result[key] = pruneValue(value, wanted);
  }
  return result;
}

function pruneValue(live: Json, wanted: Json): Json {
  if (isObject(live) && isObject(wanted)) return prune(live, wanted);
  if (Array.isArray(live) && Array.isArray(wanted)) return pruneList(live, wanted);
  return live;
}

/** Items are matched by position; a list of another kind of items is taken whole. */
function pruneList(live: Json[], wanted: Json[]): Json[] {
  if (live.length === 0 || wanted.length === 0) return [];
  if (shape(live[0]) !== shape(wanted[0])) return live;
  return wanted.slice(0, live.length).map((item, i) => pruneValue(live[i] as Json, item));
}

function shape(value: Json | undefined): string {
  if (Array.isArray(value)) return "list";
  return isObject(value) ? "object" : typeof value;
}
