/** How failures are told: what happened, to what, what to do; never with a secret in it. */
import type { Log } from "../../lib/kind";
import { InitializationFailed } from "../../lib/kind";
import type { Props } from "../../lib/values";
import { NotReady } from "../await/ready";
import { ApiError, NoMatchError, conflictingFields, isAlreadyExists, isConflict } from "../cluster/errors";
import { type KubeObject, describe, idOf } from "../objects";
import { redact, secretStrings } from "../redact";

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
  const hidden = [...new Set([...secretStrings(state), ...secretStrings(inputs)])];
  return new InitializationFailed(
    idOf(object),
    state,
    inputs,
    reasons.map((reason) => redact(reason, hidden)),
  );
}

/** The reasons of a failed wait, or of whatever else went wrong after a write. */
export function reasonsOf(error: unknown, object: KubeObject, fieldManager: string): string[] {
  return error instanceof NotReady ? error.reasons : [explain(error, object, fieldManager)];
}

/** Runs an operation so that no error of it, and no message it logs, shows what is secret in `props`. */
export async function guarded<T>(props: Props[], log: Log, operation: (log: Log) => Promise<T>): Promise<T> {
  const hidden = props.flatMap(secretStrings);
  const clean = (message: string) => redact(message, hidden);
  const quiet: Log = {
    info: (m) => log.info(clean(m)),
    warn: (m) => log.warn(clean(m)),
    error: (m) => log.error(clean(m)),
    status: (m) => log.status(clean(m)),
  };
  try {
    return await operation(quiet);
  } catch (error) {
    if (error instanceof InitializationFailed) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw new Error(clean(message));
  }
}
