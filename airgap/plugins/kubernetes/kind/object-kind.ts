/** One Kubernetes kind as a resource type. */
import type { Kind } from "../../lib/kind";
import type { Gvk } from "../objects";
import { check } from "./check";
import type { Context } from "./context";
import { create } from "./create";
import { diff } from "./diff";
import { remove } from "./delete";
import { read } from "./read";
import { update } from "./update";

/** The operations on objects of a kind. */
export function objectKind(context: Context, gvk: Gvk): Kind {
  return {
    check: (request) => check(context, gvk, request),
    diff: (request) => diff(context, request),
    create: (request) => create(context, request),
    read: (request) => read(context, gvk, request),
    update: (request) => update(context, request),
    delete: (request) => remove(context, request),
  };
}
