/** Update, for real and as a preview: one server-side apply. */
import type { UpdateRequest } from "../../lib/kind";
import { type Props, hasUnknown } from "../../lib/values";
import { type Checkpoint, type Origin, fromState, initialApiVersion, toState } from "../checkpoint";
import { type ObjectRef, refOf } from "../cluster/api";
import { isForbidden } from "../cluster/errors";
import { type JsonObject, type KubeObject, gvkOf, nameOf, namespaceOf, stringAt } from "../objects";
import { toObject } from "../props";
import { withIgnored } from "../rules/ignored";
import { fieldManagerOf, forces, takeOver } from "../rules/managers";
import { normalize } from "../rules/normalize";
import { isDefinition } from "../rules/scope";
import type { Context } from "./context";
import { ready } from "./create";
import { explain, initializationFailed, reasonsOf } from "./errors";

/** Brings the object to the wishes and waits until it is ready. */
export async function update(context: Context, request: UpdateRequest): Promise<{ state: Props }> {
  if (!request.preview) context.mustBeReachable();
  const object = normalize(toObject(request.inputs));
  if (request.preview && (hasUnknown(request.inputs) || !(await context.isServed(gvkOf(object))))) {
    return { state: request.inputs };
  }
  const checkpoint = fromState(request.state);
  const fieldManager = fieldManagerOf(object, checkpoint.fieldManager);
  const origin = { initialApiVersion: initialApiVersion(checkpoint, object), fieldManager };
  const ref = { gvk: gvkOf(object), namespace: namespaceOf(object), name: nameOf(checkpoint.live) };
  let live: KubeObject | undefined;
  try {
    live = await send(context, object, ref, origin, request);
    if (!request.preview) live = await ready(context, object, live, request);
  } catch (error) {
    if (request.preview && isForbidden(error)) return { state: request.inputs };
    throw await failure(context, request, { error, object, ref, origin, live });
  }
  if (!request.preview) await relinquish(context, live, checkpoint, fieldManager);
  return { state: toState(object, live, request.inputs, origin) };
}

async function send(
  context: Context,
  object: KubeObject,
  ref: ObjectRef,
  origin: Origin,
  request: UpdateRequest,
): Promise<KubeObject> {
  const { api, flags } = context.access;
  const { preview, signal } = request;
  let live = await api.get(ref, signal);
  if (isDefinition(object)) {
    // An apply would leave versions in place that the program took away.
    const resourceVersion = stringAt(live, "metadata", "resourceVersion") ?? "";
    const metadata = { ...(object["metadata"] as JsonObject), resourceVersion };
    const replaced = await api.replace({ ...object, metadata }, { fieldManager: origin.fieldManager, dryRun: preview, signal });
    if (!preview) api.discovery.forget();
    return replaced;
  }
  const managedFields = takeOver(live, origin.fieldManager);
  if (managedFields !== undefined && !preview) {
    const operations = [
      { op: "test", path: "/metadata/resourceVersion", value: stringAt(live, "metadata", "resourceVersion") },
      { op: "replace", path: "/metadata/managedFields", value: managedFields },
    ];
    live = await api.jsonPatch(ref, operations, { fieldManager: origin.fieldManager, signal });
  }
  const force = forces(object, live, flags.enablePatchForce, preview);
  const wished = withIgnored(object, live, request.ignoreChanges, origin.fieldManager);
  return api.apply(wished, { fieldManager: origin.fieldManager, dryRun: preview, force, signal });
}

/** The object exists in any case: unless it cannot even be read, its state goes with the failure. */
async function failure(
  context: Context,
  request: UpdateRequest,
  { error, object, ref, origin, live }: { error: unknown; object: KubeObject; ref: ObjectRef; origin: Origin; live: KubeObject | undefined },
): Promise<Error> {
  const reasons = reasonsOf(error, object, origin.fieldManager);
  if (request.preview) return new Error(reasons.join("; "));
  const seen = (error as { object?: KubeObject }).object ?? live ?? (await context.access.api.get(ref).catch(() => undefined));
  if (seen === undefined) return new Error(explain(error, object, origin.fieldManager));
  const state = toState(object, seen, request.inputs, origin);
  return initializationFailed(seen, state, request.inputs, reasons);
}

/** Gives up what the resource owned under a manager that it no longer uses. */
async function relinquish(context: Context, live: KubeObject, checkpoint: Checkpoint, fieldManager: string): Promise<void> {
  const former = checkpoint.fieldManager;
  if (former === undefined || former === fieldManager) return;
  const { gvk, namespace, name } = refOf(live);
  const nothing: KubeObject = {
    apiVersion: stringAt(live, "apiVersion") ?? "",
    kind: gvk.kind,
    metadata: namespace === "" ? { name } : { name, namespace },
  };
  await context.access.api.apply(nothing, { fieldManager: former, force: false });
}
