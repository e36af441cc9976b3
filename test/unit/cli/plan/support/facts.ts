import type { StackFacts } from "../../../../../cli/plan/facts";
import { dangersOf } from "../../../../../cli/plan/dangers";
import { readPreview } from "../../../../../cli/plan/preview";
import type { StackPlan } from "../../../../../cli/plan/report";
import { planStack } from "../../../../../cli/plan/stack-plan";
import { readPeer, type Peer } from "../../../../../outputs/peers";
import { parseSettings } from "../../../../../settings/config";
import type { MeshModel } from "../../../../../settings/model";
import { outputsOf } from "../../support/outputs";
import { previewJson, type PretendedStep } from "./steps";

/** The settings of a stack with existing clusters. */
export function settings(keys: readonly string[], extra: Record<string, unknown> = {}, stack = "west"): MeshModel {
  const clusters = Object.fromEntries(keys.map((key) => [key, { driver: "existing", kubeconfig: `${key}.yaml`, context: key, region: `${key}us` }]));
  return parseSettings({ clusters, ...extra }, { stack });
}

/** What a plan is made from. */
export function facts(model: MeshModel, steps: readonly PretendedStep[], outputs?: object, peers: readonly Peer[] = []): StackFacts {
  return { stack: "west", model, peers, ...readPreview(previewJson(steps, outputs))! };
}

/** The plan of a stack. */
export function planOf(...args: Parameters<typeof facts>): StackPlan {
  return planStack(facts(...args));
}

/** The dangers of a plan, each in a line. */
export function dangerLines(plan: StackPlan): string[] {
  return dangersOf(plan, []).map(({ danger, what }) => `${danger}: ${what}`);
}

/** A peer that is up and owns these clusters. */
export function peer(stack: string, keys: readonly string[], extra: object = {}): Peer {
  return readPeer(stack, { ...outputsOf(keys, []), ...extra });
}
