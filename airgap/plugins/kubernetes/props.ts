/** Between the engine's properties and Kubernetes objects. */
import { Asset, Secret, type Props, type Value, hasSecret, reveal } from "../lib/values";
import { type Json, type KubeObject, isObject } from "./objects";

/** Keys that the SDK spells with underscores, because its languages cannot spell them with dashes. */
const DASHED = [
  "x-kubernetes-embedded-resource",
  "x-kubernetes-int-or-string",
  "x-kubernetes-list-map-keys",
  "x-kubernetes-list-type",
  "x-kubernetes-map-type",
  "x-kubernetes-preserve-unknown-fields",
  "x-kubernetes-validations",
];
const TO_DASHES = new Map(DASHED.map((key) => [key.replaceAll("-", "_"), key]));
const TO_UNDERSCORES = new Map(DASHED.map((key) => [key, key.replaceAll("-", "_")]));

/**
 * The object that properties describe, without secret wrappers. Parts that are not known yet stay `Unknown` in it: see
 * `hasUnknown` before sending it anywhere. Throws for an asset: Kubernetes has no place for files.
 */
export function toObject(props: Props): KubeObject {
  return renamed(reveal<Json>(props), TO_DASHES) as KubeObject;
}

/** The properties that describe an object; nothing in them is secret yet. */
export function toProps(object: KubeObject): Props {
  return renamed(object, TO_UNDERSCORES) as Props;
}

function renamed(value: Json, names: ReadonlyMap<string, string>): Json {
  if (Array.isArray(value)) return value.map((item) => renamed(item, names));
  if ((value as unknown) instanceof Asset) throw new Error("a Kubernetes object cannot hold an asset or an archive");
  if (!isObject(value)) return value;
  const entries = Object.entries(value);
  return Object.fromEntries(entries.map(([key, item]) => [names.get(key) ?? key, renamed(item, names)]));
}

/**
 * Marks in `outs` what was made of secret parts of `ins`, and the content of every Kubernetes Secret. Where both are
 * objects only their secret parts become secret; a list that holds a secret becomes secret as a whole, since its order
 * may change.
 */
export function markSecrets(outs: Props, ins: Props): Props {
  const marked: Props = { ...outs };
  for (const [key, input] of Object.entries(ins)) {
    const output = marked[key];
    if (output === undefined) continue;
    if (isProps(output) && isProps(input)) marked[key] = markSecrets(output, input);
    else if (hasSecret(input)) marked[key] = secret(output);
  }
  if (marked["kind"] === "Secret") {
    for (const key of ["data", "stringData"]) {
      const content = marked[key];
      if (content !== undefined) marked[key] = secret(content);
    }
  }
  return marked;
}

function isProps(value: Value): value is Props {
  return isObject(value);
}

/** A secret holds no further secrets: one wrapper hides all of it. */
function secret(value: Value): Secret {
  return new Secret(reveal(value));
}
