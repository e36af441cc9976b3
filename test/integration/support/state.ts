/** A stack's state, as its file in a backend of local files holds it. */

/** One resource. */
export interface StateResource {
  urn: string;
  type: string;
  id?: string;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
}

/** What is recorded of a stack: what `pulumi stack export` prints as `deployment`, secrets encrypted. */
export interface Deployment {
  resources?: StateResource[];
  pending_operations?: unknown[];
}

/**
 * Reads a state.
 *
 * @param text the file.
 * @returns null for a stack that was never brought up.
 */
export function deploymentIn(text: string): Deployment | null {
  return (JSON.parse(text) as { checkpoint: { latest?: Deployment | null } }).checkpoint.latest ?? null;
}
