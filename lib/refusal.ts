import { RunError } from "@pulumi/pulumi";
import { explain, MeshError } from "./errors";

/**
 * An error that ends the program with the text of failures alone. It has no stack trace: the engine's SDK formats the trace although it
 * does not print it, and some versions of Node take half a minute to format frames such as `node_modules/@pulumi/resource.ts`.
 */
export function refusal(...errors: readonly MeshError[]): RunError {
  const error = new RunError(explain(...errors).join("\n"));
  error.stack = undefined;
  return error;
}

/** What to throw in the program for something that was thrown: a {@link refusal} for a failure that users can fix, the rest as it is. */
export function refused(thrown: unknown): unknown {
  return thrown instanceof MeshError ? refusal(thrown) : thrown;
}

/** Does work in the program, and throws what is {@link refused}. */
export function refusing<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw refused(error);
  }
}
