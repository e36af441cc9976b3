import type { StackModel } from "../../../../../cli/up/order";
import { parseSettings } from "../../../../../settings/config";

/** A stack with these settings. */
export function stackModel(stack: string, settings: Record<string, unknown>): StackModel {
  const model = parseSettings(settings, { stack });
  return { stack, model, peers: model.peers };
}

/** The stack that signs, with cluster west. */
export const WEST = stackModel("west", { clusters: { west: {} }, peers: ["east"], trust: { members: ["west", "east"] } });

/** The stack with cluster east, for which west signs. */
export const EAST = stackModel("east", { clusters: { east: { addressIndex: 2 } }, peers: ["west"], trust: { authority: "west" } });
