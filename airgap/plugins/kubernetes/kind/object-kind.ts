/** One Kubernetes kind as a resource type. */
import type { Kind } from "../../lib/kind";
import type { Gvk } from "../objects";
import { check } from "./check";
import type { Context } from "./context";
import { create } from "./create";
import { diff } from "./diff";
import { remove } from "./delete";
import { guarded } from "./errors";
import { read } from "./read";
import { update } from "./update";

/** The operations on objects of a kind; no message of theirs shows what is secret in their inputs or state. */
export function objectKind(context: Context, gvk: Gvk): Kind {
  return {
    check: (request) => check(context, gvk, request),
    diff: (request) => diff(context, request),
    create: (request) => guarded([request.inputs], request.log, (log) => create(context, { ...request, log })),
    read: (request) => guarded([request.inputs, request.state], request.log, (log) => read(context, gvk, { ...request, log })),
    update: (request) =>
      guarded([request.inputs, request.state], request.log, (log) => update(context, { ...request, log })),
    delete: (request) => guarded([request.state], request.log, (log) => remove(context, { ...request, log })),
  };
}
