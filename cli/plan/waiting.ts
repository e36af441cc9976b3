import type { MeshModel } from "../../settings/model";
import { authorityNotUp, intermediateOf, type Peer } from "../../outputs/peers";

/** A stack that cannot be previewed because its authority does not sign for all of its clusters. */
export interface Unsigned {
  /** Whether the authority's settings include the clusters: its next `up` signs for them, and nothing else has to change. */
  readonly promised: boolean;
  /** Why, and what to do. */
  readonly reason: string;
}

/**
 * Whether the authority of a stack still has to sign for some of its clusters.
 *
 * @param authority the settings of the authority's stack; undefined when it is not a stack of this project.
 * @returns undefined when every cluster is signed for, or the stack is its own authority.
 */
export function unsigned(stack: string, model: MeshModel, peers: readonly Peer[], authority: MeshModel | undefined): Unsigned | undefined {
  if (model.trust.authority === "self") return undefined;
  const signer = model.trust.authority.stack;
  const keys = model.clusters.map(({ key }) => key).filter((key) => intermediateOf(peers, signer, key) === undefined);
  if (keys.length === 0) return undefined;
  const refused = authority === undefined ? [] : keys.filter((key) => !authority.trust.members.includes(key));
  if (refused.length > 0) {
    const members = refused.map((key) => `"${key}"`).join(", ");
    return { promised: false, reason: `stack ${signer} is the authority and does not sign for ${refused.join(", ")}: add ${members} to its usmesh:trust.members` };
  }
  const isUp = peers.some((peer) => peer.stack === signer && peer.state === "up");
  return { promised: true, reason: isUp ? `stack ${signer} has to sign for ${keys.join(", ")} first: pulumi up -s ${signer}` : authorityNotUp(stack, signer) };
}
