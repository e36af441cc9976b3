import { EXIT, MeshError } from "../../lib/errors";
import { stacksInState } from "../lib/session";
import { stackFiles } from "../lib/stacks";

/**
 * Makes sure that stacks have a file and, as far as it can be told without Pulumi, stand: before anything is built or loaded for them.
 *
 * @throws MeshError naming those that do not.
 */
export function requireStanding(stacks: readonly string[]): void {
  const files = stackFiles();
  files.require(stacks);
  requireAmong(stacks, stacksInState(files) ?? stacks);
}

/** The same, once it is known which stand. */
export function requireAmong(stacks: readonly string[], standing: readonly string[]): void {
  const missing = stacks.filter((stack) => !standing.includes(stack));
  if (missing.length > 0) throw notUp(missing, stacks);
}

/** The error for stacks that are not up. @param stacks all those that the command names. */
export function notUp(missing: readonly string[], stacks: readonly string[]): MeshError {
  const what = missing.length === 1 ? `stack ${missing[0]} is not up` : `the stacks ${missing.join(", ")} are not up`;
  return new MeshError(what, `Bring it up first: ${upCommand(stacks)}`, EXIT.unusable);
}

/** The command that brings stacks up; `local` is what it brings up without a name. */
export function upCommand(stacks: readonly string[]): string {
  return stacks.join() === "local" ? "./mesh up" : `./mesh up ${stacks.join(" ")}`;
}
