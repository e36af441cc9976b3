import { EXIT, MeshError } from "../../lib/errors";
import type { Section } from "../../lib/troubleshooting";

/** Problems that the command handles specially. */
export type PulumiProblem = "no-such-stack" | "stack-exists" | "locked" | "wrong-passphrase";

/** The engine's messages for them. The Automation API matches the same ones, except for the passphrase; a test compares both. */
const MESSAGES: readonly (readonly [PulumiProblem, RegExp])[] = [
  ["no-such-stack", /no stack named.*found/],
  ["stack-exists", /stack.*already exists/],
  ["locked", /\[409\] Conflict: Another update is currently in progress\.|the stack is currently locked by/],
  ["wrong-passphrase", /incorrect passphrase/],
];

const HINTS: Partial<Readonly<Record<PulumiProblem, string>>> = {
  locked: "Wait until that has ended, then run this again.",
  "wrong-passphrase": "The state is protected by another passphrase: set PULUMI_CONFIG_PASSPHRASE_FILE to the file that holds it.",
};

const SECTIONS: Partial<Readonly<Record<PulumiProblem, Section>>> = {
  locked: "stack-locked",
  "wrong-passphrase": "wrong-passphrase",
};

/** A failure of the `pulumi` program. */
export class PulumiError extends MeshError {
  override name = "PulumiError";

  /** What is wrong; undefined for any other problem. */
  readonly problem: PulumiProblem | undefined;

  /**
   * @param command what was run, without values that may be secret.
   * @param code its exit code.
   * @param stderr what it printed; empty when that went to the terminal.
   */
  constructor(command: string, code: number, stderr: string) {
    const problem = problemOf(stderr);
    const hints = [stderr.trim(), problem && HINTS[problem]].filter(Boolean);
    super(
      (problem && SECTIONS[problem]) ?? "pulumi-failed",
      `${command} failed with exit code ${code}`,
      hints.join("\n") || "Its own message is above. What was created is recorded: fix the cause and run the same command again to continue.",
      problem === "locked" ? EXIT.unusable : EXIT.failed,
    );
    this.problem = problem;
  }
}

/** The problem in a message of the engine; undefined for any other one. */
export function problemOf(stderr: string): PulumiProblem | undefined {
  return MESSAGES.find(([, pattern]) => pattern.test(stderr))?.[0];
}
