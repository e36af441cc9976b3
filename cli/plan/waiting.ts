import type { MeshModel } from "../../settings/model";
import { authorityNotUp, type Peer } from "../../outputs/peers";

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
  const keys = model.clusters.map(({ key }) => key).filter((key) => !isSigned(peers, signer, key));
  if (keys.length === 0) return undefined;
  const refused = authority === undefined ? [] : keys.filter((key) => !authority.trust.members.includes(key));
  if (refused.length > 0) {
    const members = refused.map((key) => `"${key}"`).join(", ");
    return { promised: false, reason: `stack ${signer} is the authority and does not sign for ${refused.join(", ")}: add ${members} to its usmesh:trust.members` };
  }
  const isUp = peers.some((peer) => peer.stack === signer && peer.state === "up");
  const commands = [stack, signer, stack].map((one) => `pulumi up -s ${one}`).join(", then ");
  return { promised: true, reason: isUp ? `stack ${signer} has to sign the keys of ${keys.join(", ")} first: ${commands}` : authorityNotUp(stack, signer) };
}

/** Whether the authority has issued something for a cluster. */
function isSigned(peers: readonly Peer[], authority: string, key: string): boolean {
  const peer = peers.find(({ stack }) => stack === authority);
  return peer?.state === "up" && (peer.outputs.certificates[key] !== undefined || peer.former?.[key] !== undefined);
}
