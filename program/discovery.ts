import * as pulumi from "@pulumi/pulumi";
import { thisStack } from "../lib/this-stack";
import { accessFrom, type ReadingStack } from "../outputs/discovery";
import { PeerError } from "../outputs/peers";
import type { MeshOutputs } from "../outputs/contract";
import type { MeshModel } from "../settings/model";
import { shortStackName } from "../settings/defaults";
import { accountName, type DiscoveryPeer } from "../topology/discovery";
import type { RemoteAccess } from "../topology/pairs";

/** Who reads a cluster of this stack: the stack's other clusters, and each peer stack, whether or not it is up. */
export function discoveryPeers({ clusters, peers }: Pick<MeshModel, "clusters" | "peers">, key: string): DiscoveryPeer[] {
  const others = clusters.filter((cluster) => cluster.key !== key);
  return [...others.map((cluster): DiscoveryPeer => ({ kind: "cluster", name: cluster.key })), ...peers.map(stackPeer)];
}

/** A peer stack as one that reads. It keeps its account when the settings name it with its organization and project instead of alone. */
function stackPeer(peer: string): DiscoveryPeer {
  return { kind: "stack", name: shortStackName(peer, pulumi.getProject()) };
}

/** The entry of a peer stack in what this stack exports: its name, and its token among those of all accounts. */
export function accountOfStack(peer: string, tokens: Readonly<Record<string, string>>): [name: string, token: string] {
  const reader = stackPeer(peer);
  const token = tokens[accountName(reader)];
  if (token === undefined) throw new Error(`there is no account for stack ${peer}`);
  return [reader.name, token];
}

/**
 * What this stack's clusters read a peer's cluster with.
 * @throws PeerError when the peer's outputs do not hold it
 */
export function accessToPeer(peer: string, outputs: MeshOutputs, key: string): RemoteAccess {
  const reader: ReadingStack = { name: pulumi.getStack(), fullName: thisStack() };
  const found = accessFrom(outputs, key, reader);
  if ("problem" in found) throw new PeerError(found.section, peer, found.problem);
  return found.access;
}
