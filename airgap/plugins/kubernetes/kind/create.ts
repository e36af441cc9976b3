/** Create, for real and as a preview. */
import type { CreateRequest, Log } from "../../lib/kind";
import { type Props, hasUnknown } from "../../lib/values";
import { timeoutOf } from "../annotations";
import { awaitReady } from "../await/ready";
import { ruleFor } from "../await/rules";
import { type Origin, toState } from "../checkpoint";
import { ApiError, NoMatchError, isAlreadyExists, isForbidden, isInvalid, isNamespaceMissing, isNotFound } from "../cluster/errors";
import { type KubeObject, gvkOf, idOf, stringAt } from "../objects";
import { toObject } from "../props";
import { CREATE_MANAGER, fieldManagerOf, forces } from "../rules/managers";
import { without } from "../rules/normalize";
import { isDefinition } from "../rules/scope";
import type { Context } from "./context";
import { explain, initializationFailed, reasonsOf } from "./errors";

/** Seconds between attempts while a namespace or a definition that the object needs is not there yet. */
const PAUSES = [1, 2, 4, 8, 16];

/** Creates the object and waits until it is ready. */
export async function create(context: Context, request: CreateRequest): Promise<{ id: string; state: Props }> {
  if (request.preview) return { id: "", state: await preview(context, request) };
  context.mustBeReachable();
  const object = toObject(request.inputs);
  const origin = originOf(object);
  let live: KubeObject;
  try {
    live = await insisting(request, () => send(context, object, origin, false));
  } catch (error) {
    throw new Error(explain(error, object, origin.fieldManager));
  }
  try {
    live = await ready(context, object, live, request);
  } catch (error) {
    const last = (error as { object?: KubeObject }).object ?? live;
    const state = toState(object, last, request.inputs, origin);
    const reasons = reasonsOf(error, object, origin.fieldManager);
    throw initializationFailed(last, state, request.inputs, ["it was created, but is not ready", ...reasons]);
  }
  // What the definition defines can be asked for from now on.
  if (isDefinition(object)) context.access.api.discovery.forget();
  return { id: idOf(live), state: toState(object, live, request.inputs, origin) };
}

/** What would be, as far as the cluster can say; else what is wished. */
async function preview(context: Context, request: CreateRequest): Promise<Props> {
  const object = toObject(request.inputs);
  if (hasUnknown(request.inputs) || !(await context.isServed(gvkOf(object)))) return request.inputs;
  const origin = originOf(object);
  try {
    const live = await send(context, object, origin, true);
    // It has no status yet: a program that reads one must take it for unknown.
    return toState(object, without(live, ["status"]), request.inputs, origin);
  } catch (error) {
    if (cannotPreview(error)) return request.inputs;
    throw new Error(explain(error, object, origin.fieldManager));
  }
}

/** What stands in the way of the preview may be gone by the time of the update. */
function cannotPreview(error: unknown): boolean {
  if (isForbidden(error) || isNamespaceMissing(error) || isAlreadyExists(error) || error instanceof NoMatchError) return true;
  return error instanceof ApiError && error.status === 400 && error.message.includes("dry run");
}

function originOf(object: KubeObject): Origin {
  return {
    initialApiVersion: stringAt(object, "apiVersion") ?? "",
    fieldManager: fieldManagerOf(object, undefined),
  };
}

async function send(context: Context, object: KubeObject, origin: Origin, dryRun: boolean): Promise<KubeObject> {
  const { api, flags } = context.access;
  if (!flags.upsertExistingObjects) return api.create(object, { fieldManager: CREATE_MANAGER, dryRun });
  const force = forces(object, undefined, flags.enablePatchForce, dryRun);
  return api.apply(object, { fieldManager: origin.fieldManager, dryRun, force });
}

/** Waits until the written object is ready, by its rule. */
export async function ready(
  context: Context,
  object: KubeObject,
  live: KubeObject,
  request: { timeoutSeconds: number; signal: AbortSignal; log: Log },
): Promise<KubeObject> {
  const rule = ruleFor(object);
  if (rule === undefined) return live;
  return awaitReady(live, {
    api: context.access.api,
    rule,
    seconds: timeoutOf(request.timeoutSeconds, object, rule.seconds),
    signal: request.signal,
    log: request.log,
  });
}

async function insisting(request: CreateRequest, attempt: () => Promise<KubeObject>): Promise<KubeObject> {
  for (const pause of PAUSES) {
    try {
      return await attempt();
    } catch (error) {
      const missing = isNotFound(error) || error instanceof NoMatchError;
      if (!missing || isInvalid(error) || request.signal.aborted) throw error;
      request.log.status(`Trying again in ${pause} s: ${(error as Error).message}`);
    }
    await sleep(pause, request.signal);
  }
  return attempt();
}

async function sleep(seconds: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, seconds * 1000);
    signal.addEventListener(
      "abort",
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}
