import { EXIT, MeshError } from "../../lib/errors";
import type { Section } from "../../lib/troubleshooting";

/**
 * Why a build did not succeed: `failed` when a piece could not be built; `refused` when it was not started, since it could not have
 * succeeded; `interrupted` when it was told to stop.
 */
export type Reason = "failed" | "refused" | "interrupted";

/** Exit code of a command by the reason why its build did not succeed. */
const EXIT_CODES = { failed: EXIT.failed, refused: EXIT.unusable, interrupted: EXIT.interrupted } as const;

/** A build that did not succeed, with one message that says what is wrong, where, and what to do. */
export class AirgapError extends MeshError {
  /**
   * @param section the section of docs/troubleshooting.md about it.
   * @param reason see {@link Reason}.
   * @param message what is wrong and what to do about it.
   */
  constructor(
    section: Section,
    readonly reason: Reason,
    message: string,
  ) {
    super(section, message, undefined, EXIT_CODES[reason]);
    this.name = "AirgapError";
  }
}

/** A piece that could not be built, with its log. */
export class StepFailed extends AirgapError {
  /**
   * @param step the step's name.
   * @param cause what went wrong.
   * @param log the log's path.
   * @param tail the log's last lines.
   */
  constructor(
    readonly step: string,
    override readonly cause: string,
    readonly log: string,
    readonly tail: readonly string[],
  ) {
    const lines = tail.length > 0 ? `\nIts last lines:\n${tail.map((line) => `    ${line}`).join("\n")}` : "";
    super(
      "airgap-step-failed",
      "failed",
      `building ${step} failed: ${cause}\nThe whole output is in ${log}${lines}\n` +
        "What was finished is kept. Start the build again to continue.",
    );
    this.name = "StepFailed";
  }
}

/** The error of a home that cannot be used. */
export function unusable(obstacle: string): AirgapError {
  return new AirgapError("folder-unusable", "refused", `${obstacle}\nThe air gap is built there. Fix that, or name another folder in MESH_AIRGAP_HOME.`);
}

/** The error of a build that was told to stop. */
export function interruption(): AirgapError {
  return new AirgapError("airgap-interrupted", "interrupted", "the air-gap build was interrupted. What was finished is kept. Start it again to continue.");
}
