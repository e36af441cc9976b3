/** How a secret is marked on the wire between a program and the engine. */
import { isTree } from "../../../../lib/merge";

export const SECRET_KEY = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/** A value with what is secret in it replaced by `[secret]`. */
export function redacted(value: unknown): unknown {
  return walk(value, () => "[secret]");
}

/** A value with what is secret in it in the clear. */
export function plain(value: unknown): unknown {
  return walk(value, plain);
}

function walk(value: unknown, secret: (value: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => walk(item, secret));
  if (!isTree(value)) return value;
  if (value[SECRET_KEY] === SECRET) return secret(value["value"]);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, walk(item, secret)]));
}
