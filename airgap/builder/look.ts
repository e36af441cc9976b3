import { obstacleBelow } from "../../lib/writable";
import { needsOf, obstacles, thisMachine, type Machine } from "./checks";
import { AirgapError, unusable } from "./errors";
import { select } from "./graph";
import { stepHashes } from "./hash";
import type { ImageStore } from "./image-store";
import { inspect, type InspectedStep } from "./inspect";
import { isHeld } from "./lock-holder";
import { homeFolders, type AirgapPaths } from "./paths";
import type { Step } from "./step";

/** Which steps are wanted, and where they are built. */
export interface Site {
  /** All steps. */
  readonly steps: readonly Step[];
  /** Names of the wanted steps, which come with all that they need; all steps unless given. */
  readonly only?: readonly string[];
  /** The repository's root. */
  readonly repository: string;
  readonly paths: AirgapPaths;
  /** The Docker engine's images. */
  readonly images: ImageStore;
}

/** Inspects the machine; see {@link thisMachine}. */
export type InspectMachine = (home: string) => Machine;

/**
 * The state of the wanted steps, each after all that it needs.
 *
 * @throws AirgapError when a step is unknown; Error when an input is missing.
 */
export async function look({ steps, only, repository, paths, images }: Site): Promise<InspectedStep[]> {
  const wanted = select(steps, only);
  return inspect(wanted, stepHashes(wanted, repository), paths, images);
}

/** Whether nothing is left to build. */
export function allReady(inspected: readonly InspectedStep[]): boolean {
  return inspected.every(({ state }) => state === "ready");
}

/** The steps that are left to build, as far as that is known. */
export function leftOf(inspected: readonly InspectedStep[]): Step[] {
  return inspected.filter(({ state }) => state !== "ready" && state !== "unknown").map(({ step }) => step);
}

/**
 * What prevents the steps from being built on this machine, a sentence each.
 *
 * @param machine inspects the machine; the real one unless given.
 */
export function obstaclesTo(steps: readonly Step[], paths: AirgapPaths, machine: InspectMachine = thisMachine): string[] {
  return steps.length === 0 ? [] : obstacles(needsOf(steps), machine(paths.home), paths.home);
}

/** The error of a build that is not started because of obstacles. */
export function refusal(found: readonly string[]): AirgapError {
  const list = found.map((line) => `  - ${line}`).join("\n");
  return new AirgapError("airgap-refused", "refused", `the air gap cannot be built here:\n${list}\n./mesh airgap build --force tries it all the same.`);
}

/** @throws AirgapError when the home or one of its folders cannot be written to. */
export function refuseUnusable(paths: AirgapPaths): void {
  const obstacle = obstacleBelow(paths.home, homeFolders(paths));
  if (obstacle !== undefined) throw unusable(obstacle);
}

/**
 * Refuses what a build would refuse before its first step, and creates nothing but the home: for callers that have something else to
 * set up before they build. While another run is building nothing is refused, since what it will leave to do is not known.
 *
 * @returns whether something is left to build.
 * @throws AirgapError when the home cannot be written to or the machine lacks something.
 */
export async function refuseHopeless(options: Site & { readonly machine?: InspectMachine }): Promise<boolean> {
  const inspected = await look(options);
  if (allReady(inspected)) return false;
  if (isHeld(options.paths)) return true;
  refuseUnusable(options.paths);
  const found = obstaclesTo(leftOf(inspected), options.paths, options.machine);
  if (found.length > 0) throw refusal(found);
  return true;
}
