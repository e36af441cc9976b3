import { RunError } from "@pulumi/pulumi";

/**
 * A failure of the program that is told as its message alone. It has no stack: the engine's SDK formats it all the same, and some
 * versions of Node take half a minute to format frames such as `node_modules/@pulumi/resource.ts`.
 */
export function refusal(message: string): RunError {
  const error = new RunError(message);
  error.stack = undefined;
  return error;
}
