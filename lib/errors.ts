/** What the process's exit code means; the same for every command. */
export const EXIT = {
  /** Done. */
  ok: 0,
  /** It was tried and failed, or a check found something wrong. */
  failed: 1,
  /** Wrong usage, or something that is needed first is missing, so that nothing could be tried. */
  unusable: 2,
  /** Interrupted by the user (Ctrl-C), as a shell reports it. */
  interrupted: 130,
} as const;

/**
 * A failure that users can understand and fix: printed as one message, without a stack trace. The root of all errors of this project;
 * any other error is a bug.
 */
export class MeshError extends Error {
  override name = "MeshError";

  /**
   * @param message what is wrong and where. A final full stop is not required.
   * @param hint what to do about it. Default: nothing, the message says it all.
   * @param exitCode see {@link EXIT}. Default: failed.
   */
  constructor(
    message: string,
    readonly hint?: string,
    readonly exitCode: number = EXIT.failed,
  ) {
    super(message);
  }
}

/** A problem that the user can fix before anything is tried, such as a wrong setting. Exit code 2. */
export class UserError extends MeshError {
  override name = "UserError";
  override readonly exitCode: number = EXIT.unusable;
}

/**
 * What to print for a failure, and the exit code of the process.
 *
 * @param debug whether to add the stack trace (`MESH_DEBUG`).
 */
export function describeFailure(failure: unknown, debug: boolean): { text: string; exitCode: number } {
  const error = failure instanceof Error ? failure : new Error(String(failure));
  const lines = [`mesh: ${error.message}`];
  if (error instanceof MeshError) {
    if (error.hint) lines.push(...error.hint.split("\n").map((line) => `      ${line}`));
  } else if (!debug) {
    lines.push("      This is not expected; MESH_DEBUG=1 shows where it comes from.");
  }
  if (debug && error.stack) lines.push(error.stack);
  return { text: lines.join("\n"), exitCode: error instanceof MeshError ? error.exitCode : EXIT.failed };
}
