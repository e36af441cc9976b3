import { AirgapError } from "./errors";
import type { Step } from "./step";

/**
 * The steps, each after all that it needs; otherwise in the order given.
 *
 * @param steps all steps.
 * @throws Error when two have the same name, when one needs a step that does not exist, or when they need each other in a circle.
 */
export function inOrder(steps: readonly Step[]): Step[] {
  const byName = new Map<string, Step>();
  for (const step of steps) {
    if (byName.has(step.name)) throw new Error(`two air-gap steps are named ${step.name}`);
    byName.set(step.name, step);
  }
  const ordered = new Set<Step>();
  const visit = (step: Step, from: readonly string[]): void => {
    if (ordered.has(step)) return;
    if (from.includes(step.name)) throw new Error(`air-gap steps need each other: ${[...from, step.name].join(" -> ")}`);
    for (const name of step.needs) {
      const needed = byName.get(name);
      if (!needed) throw new Error(`air-gap step ${step.name} needs ${name}, which does not exist`);
      visit(needed, [...from, step.name]);
    }
    ordered.add(step);
  };
  for (const step of steps) visit(step, []);
  return [...ordered];
}

/**
 * The named steps and all that they need, in order.
 *
 * @param steps all steps.
 * @param names names of the wanted steps; all unless given.
 * @throws AirgapError when a name is unknown; it lists the known names.
 */
export function select(steps: readonly Step[], names?: readonly string[]): Step[] {
  const ordered = inOrder(steps);
  if (!names) return ordered;
  const byName = new Map(ordered.map((step) => [step.name, step]));
  const wanted = new Set<string>();
  const add = (name: string): void => {
    const step = byName.get(name);
    if (!step) {
      throw new AirgapError("airgap-piece-unknown", "refused", `there is no air-gap piece ${name}; there are: ${[...byName.keys()].sort().join(", ")}`);
    }
    if (wanted.has(name)) return;
    wanted.add(name);
    step.needs.forEach(add);
  };
  names.forEach(add);
  return ordered.filter((step) => wanted.has(step.name));
}
