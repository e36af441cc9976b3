import type { Peer } from "../../outputs/peers";
import type { MeshModel } from "../../settings/model";

/** A stack with its settings. */
export interface StackModel {
  readonly stack: string;
  readonly model: MeshModel;
  /** The stacks of this project that its settings name as peers. */
  readonly peers: readonly string[];
}

/** The stacks in the order in which they are brought up: those that sign come first, otherwise as they were named. */
export function upOrder(stacks: readonly StackModel[]): StackModel[] {
  const signers = stacks.filter(({ model }) => model.trust.authority === "self");
  return [...signers, ...stacks.filter((stack) => !signers.includes(stack))];
}

/**
 * The same order, except that stacks come first whose keys another stack made: those that were last brought up with outputs of version 1 and
 * have an authority. They have to make keys of their own before it can sign for those.
 *
 * @param before what the stacks exported so far.
 */
export function toMoveFirst(stacks: readonly StackModel[], before: readonly Peer[]): StackModel[] {
  const former = before.flatMap((peer) => (peer.state === "up" && peer.former !== undefined ? [peer.stack] : []));
  const movesFirst = ({ stack, model }: StackModel): boolean => model.trust.authority !== "self" && former.includes(stack);
  return [...stacks.filter(movesFirst), ...stacks.filter((stack) => !movesFirst(stack))];
}

/** The stack of this project that a peer's name means: the name itself, or the last part of `organization/project/stack`; undefined for other projects. */
export function peerStack(peer: string, project: string): string | undefined {
  const [, middle, last] = peer.split("/");
  if (last === undefined) return peer.includes("/") ? undefined : peer;
  return middle === project ? last : undefined;
}
