/** Delete. */
import type { DeleteRequest } from "../../lib/kind";
import { SKIP_AWAIT, isTrue, propagationOf, timeoutOf } from "../annotations";
import { awaitGone, maySkipGone } from "../await/gone";
import { fromState } from "../checkpoint";
import { refOf } from "../cluster/api";
import { NoMatchError, isNotFound } from "../cluster/errors";
import { describe, parseId } from "../objects";
import { isDefinition } from "../rules/scope";
import type { Context } from "./context";

/** Deletes the object and waits until it is gone. What is not there counts as deleted. */
export async function remove(context: Context, request: DeleteRequest): Promise<void> {
  const { api, flags, unreachable } = context.access;
  const { inputs, live } = fromState(request.state);
  if (unreachable !== undefined) {
    const message = `configured Kubernetes cluster is unreachable: ${unreachable}`;
    if (flags.deleteUnreachable) {
      request.log.warn(`${message}; deleteUnreachable is set, so the resource is dropped from the state`);
      return;
    }
    throw new Error(
      `${message}. If the cluster is gone for good, set deleteUnreachable on the provider, or the environment variable ` +
        "PULUMI_K8S_DELETE_UNREACHABLE=true, to drop what lived in it from the state",
    );
  }
  const ref = { ...refOf(live), name: parseId(request.id).name };
  try {
    await api.delete(ref, { propagation: propagationOf(inputs), signal: request.signal });
    if (isTrue(inputs, SKIP_AWAIT) && maySkipGone(live)) return;
    const seconds = timeoutOf(request.timeoutSeconds, inputs);
    await awaitGone(live, { api, seconds, signal: request.signal, log: request.log });
  } catch (error) {
    if (isNotFound(error) || error instanceof NoMatchError) return;
    throw error instanceof Error && error.message.includes(describe(live))
      ? error
      : new Error(`${describe(live)} was not deleted: ${(error as Error).message}`);
  } finally {
    if (isDefinition(live)) api.discovery.forget();
  }
}
