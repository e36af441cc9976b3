import { EXIT, MeshError } from "../../lib/errors";
import { stacksInState } from "../lib/session";
import { stackFiles } from "../lib/stacks";

/**
 * Makes sure that stacks have a file and, as far as that can be told without Pulumi, are up: before anything is built or loaded for them.
 *
 * @throws MeshError naming those that are not.
 */
export function requireUp(stacks: readonly string[]): void {
  const files = stackFiles();
  files.require(stacks);
  requireAmong(stacks, stacksInState(files) ?? stacks);
}

/** The same, once it is known which are up. */
export function requireAmong(stacks: readonly string[], up: readonly string[]): void {
  const missing = stacks.filter((stack) => !up.includes(stack));
  if (missing.length > 0) throw notUp(missing, stacks);
}

/** The error for stacks that are not up. @param stacks all those that the command names. */
export function notUp(missing: readonly string[], stacks: readonly string[]): MeshError {
  const what = missing.length === 1 ? `stack ${missing[0]} is not up` : `the stacks ${missing.join(", ")} are not up`;
  return new MeshError("stack-not-up", what, `Bring it up first: ${upCommand(stacks)}`, EXIT.unusable);
}

/** The command that brings stacks up; without a name it brings up `local`. */
export function upCommand(stacks: readonly string[]): string {
  return stacks.join() === "local" ? "./mesh up" : `./mesh up ${stacks.join(" ")}`;
}
