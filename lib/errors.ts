import { documentOf, seeLine, type Section } from "./troubleshooting";

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
   * @param section the section of docs/troubleshooting.md about it.
   * @param message what is wrong and where. A final full stop is not required.
   * @param hint what to do about it. Default: nothing, the message says it all.
   * @param exitCode see {@link EXIT}. Default: failed.
   */
  constructor(
    readonly section: Section,
    message: string,
    readonly hint?: string,
    readonly exitCode: number = EXIT.failed,
  ) {
    super(message);
  }

  /** Where it is documented: paths in the repository, with anchors. */
  get documents(): readonly string[] {
    return [documentOf(this.section)];
  }
}

/** A problem that the user can fix before anything is tried, such as a wrong setting. Exit code 2. */
export class UserError extends MeshError {
  override name = "UserError";
  override readonly exitCode: number = EXIT.unusable;
}

/** A failure as an error of this project: what else is thrown is not expected. */
export function asMeshError(failure: unknown): MeshError {
  if (failure instanceof MeshError) return failure;
  const { message, stack } = failure instanceof Error ? failure : new Error(String(failure));
  return Object.assign(new MeshError("unexpected", message, "This is not expected; MESH_DEBUG=1 shows where it comes from."), { stack });
}

/** All that failures say, a line each: what is wrong with each and what to do about it, and in the last line where to read more. */
export function explain(...errors: readonly MeshError[]): string[] {
  const lines = errors.flatMap(({ message, hint }) => [message, ...(hint?.split("\n") ?? [])]);
  return [...lines, seeLine(errors.flatMap(({ documents }) => documents))];
}

/**
 * What to print for a failure, and the exit code of the process.
 *
 * @param debug whether to add the stack trace (`MESH_DEBUG`).
 */
export function describeFailure(failure: unknown, debug: boolean): { text: string; exitCode: number } {
  const error = asMeshError(failure);
  const [, ...more] = explain(error);
  const lines = [`mesh: ${error.message}`, ...more.map((line) => `      ${line}`)];
  if (debug && error.stack) lines.push(error.stack);
  return { text: lines.join("\n"), exitCode: error.exitCode };
}
