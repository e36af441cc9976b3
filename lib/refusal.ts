import { RunError } from "@pulumi/pulumi";

/**
 * An error that ends the program with its message alone. It has no stack trace: the engine's SDK formats the trace although it does
 * not print it, and some versions of Node take half a minute to format frames such as `node_modules/@pulumi/resource.ts`.
 */
export function refusal(message: string): RunError {
  const error = new RunError(message);
  error.stack = undefined;
  return error;
}
