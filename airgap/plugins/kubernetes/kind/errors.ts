/** How failures are told: what happened, to what, what to do. */
import { InitializationFailed } from "../../lib/kind";
import type { Props } from "../../lib/values";
import { NotReady } from "../await/ready";
import { ApiError, NoMatchError, conflictingFields, isAlreadyExists, isConflict } from "../cluster/errors";
import { type KubeObject, describe, idOf } from "../objects";

/** The sentence for an error of a write. */
export function explain(error: unknown, object: KubeObject, fieldManager: string): string {
  if (isAlreadyExists(error)) {
    return (
      `${describe(object)} exists already, and a create never takes over what exists. ` +
      "If another resource of the program had it, give that one an alias or deleteBeforeReplace; " +
      "to adopt it, run pulumi import; to take it over on purpose, set upsertExistingObjects on the provider"
    );
  }
  if (isConflict(error) && conflictingFields(error).length > 0) {
    return (
      `${describe(object)}: field manager "${fieldManager}" wants fields that others own ` +
      `(${conflictingFields(error).join(", ")}): ${(error as Error).message}. ` +
      'Leave these fields to their owner, or set the annotation pulumi.com/patchForce: "true" to take them over'
    );
  }
  if (error instanceof NoMatchError) {
    return (
      `${describe(object)}: the API server does not serve it (${error.message}). ` +
      "Create its CustomResourceDefinition first, and let this resource depend on it"
    );
  }
  const message = error instanceof Error ? error.message : String(error);
  return error instanceof ApiError ? `${describe(object)}: the API server refused it: ${message}` : message;
}

/** The failure of an object that exists but is not as wished: the engine keeps its state. */
export function initializationFailed(object: KubeObject, state: Props, inputs: Props, reasons: string[]): InitializationFailed {
  return new InitializationFailed(idOf(object), state, inputs, reasons);
}

/** The reasons of a failed wait, or of whatever else went wrong after a write. */
export function reasonsOf(error: unknown, object: KubeObject, fieldManager: string): string[] {
  return error instanceof NotReady ? error.reasons : [explain(error, object, fieldManager)];
}
