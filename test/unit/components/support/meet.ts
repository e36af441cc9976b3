/** West and east, a stack each, as they come up one after another. */
import { clearOutputs, run, type RunOptions, type World } from "./world";

/** The outputs of both stacks, and what each run registered. */
export interface Met {
  /** The runs, in order: west alone; east, which asks for its certificate; west, which signs; east, which comes up; west, which is wired. */
  readonly runs: readonly World[];
  readonly west: Record<string, unknown>;
  readonly east: Record<string, unknown>;
}

type Stack = "west" | "east";

/**
 * Runs the stacks, by default until both are up and wired.
 * @param from what they exported before
 * @param order which of them runs when
 */
export async function meet(
  settings: Partial<Record<Stack, RunOptions["settings"]>> = {},
  from: Partial<Record<Stack, Record<string, unknown>>> = {},
  order: readonly Stack[] = ["west", "east", "west", "east", "west"],
): Promise<Met> {
  const stacks: Record<string, Record<string, unknown>> = { ...from };
  const runs: World[] = [];
  for (const stack of order) {
    const world = await run(stack, { stacks: { ...stacks }, ...(settings[stack] ? { settings: settings[stack] } : {}) });
    stacks[stack] = clearOutputs(world);
    runs.push(world);
  }
  return { runs, west: stacks["west"] ?? {}, east: stacks["east"] ?? {} };
}
