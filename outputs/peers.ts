import type { z } from "zod";
import { isTree } from "../lib/merge";
import type { MeshModel } from "../settings/model";
import { meshOutputs, OUTPUTS_VERSION, type Intermediate, type MeshOutputs } from "./contract";
import { UserError } from "../lib/problems";
import { membershipProblems, type Member } from "../topology/pairs";

/** Another stack of the mesh, as its outputs show it. */
export type Peer =
  | { readonly state: "up"; readonly stack: string; readonly outputs: MeshOutputs }
  /** It exists, but its first `up` has not ended yet, or everything in it is destroyed. */
  | { readonly state: "not-up"; readonly stack: string };

/** Thrown when a stack's outputs are not those of a mesh stack of this version. */
export class PeerError extends UserError {
  override name = "PeerError";

  constructor(
    /** Name of the stack that was read. */
    readonly peer: string,
    problem: string,
  ) {
    super(`stack ${peer}: ${problem}`);
  }
}

/** Who reads a stack's outputs, in the words of messages. */
export interface Reader {
  /** Where the version is that the reader understands. */
  readonly program: string;
  /** What to do about a stack that is no mesh stack. */
  readonly otherStack: string;
}

const PEER: Reader = { program: "this program", otherStack: "Name another stack in usmesh:peers" };

/**
 * Reads a stack's outputs and checks them.
 * @param stack the stack's name, for messages
 * @param raw all its outputs as plain values; undefined, null or an empty record for a stack that is not up
 * @param reader who reads them; a stack of the same mesh unless given
 * @throws PeerError when it is no mesh stack, one of another version, or incomplete. The message holds no output's value.
 */
export function readPeer(stack: string, raw: unknown, reader: Reader = PEER): Peer {
  if (raw === undefined || raw === null) return { state: "not-up", stack };
  if (!isTree(raw)) throw new PeerError(stack, "its outputs are no record; is it a mesh stack?");
  const present = Object.entries(raw).filter(([, value]) => value !== undefined && value !== null);
  if (present.length === 0) return { state: "not-up", stack };
  const { version } = raw;
  if (version === undefined || version === null) {
    throw new PeerError(stack, `it is no mesh stack: it has outputs, but no \`version\`. ${reader.otherStack}`);
  }
  if (version !== OUTPUTS_VERSION) {
    throw new PeerError(stack, `its outputs are of version ${JSON.stringify(version)} and ${reader.program} reads version ${OUTPUTS_VERSION}. ${versionRemedy(stack, version, reader)}`);
  }
  const parsed = meshOutputs.safeParse(Object.fromEntries(present));
  if (parsed.success) return { state: "up", stack, outputs: parsed.data };
  const missing = parsed.error.issues.map((issue) => `\n  ${issue.path.join(".")}: ${describe(issue)}`).join("");
  throw new PeerError(stack, `its outputs are incomplete. Run \`pulumi up -s ${stack}\` with ${reader.program}'s version, then this again.${missing}`);
}

function versionRemedy(stack: string, version: unknown, { program }: Reader): string {
  return typeof version === "number" && version > OUTPUTS_VERSION
    ? `Update ${program} to the one that the stack was last brought up with`
    : `Bring it up with ${program}'s version: \`pulumi up -s ${stack}\``;
}

/** zod's message without anything that was read. */
function describe(issue: z.core.$ZodIssue): string {
  return issue.code === "invalid_type" ? `must be ${issue.expected}` : `has a wrong value (${issue.code})`;
}

/** The clusters of a peer; none while it is not up. */
export function peerMembers(peer: Peer): Member[] {
  if (peer.state === "not-up") return [];
  return Object.entries(peer.outputs.clusters).map(([key, cluster]) => ({
    key,
    clusterName: cluster.clusterName,
    network: cluster.network,
    stack: peer.stack,
  }));
}

/** All clusters of the mesh that are known now: the stack's own, then each peer's, in the order of the settings. */
export function meshMembers(model: MeshModel, peers: readonly Peer[]): Member[] {
  const own = model.clusters.map(({ key, clusterName, network }) => ({ key, clusterName, network }));
  return [...own, ...peers.flatMap(peerMembers)];
}

/**
 * Why this stack and its peers cannot be one mesh, a line for each reason with what to change. Empty: they can. Peers that are
 * not up are left out.
 */
export function peerProblems(model: MeshModel, peers: readonly Peer[]): string[] {
  const mismatches = peers.flatMap((peer) => {
    if (peer.state === "not-up") return [];
    const { name, trustDomain } = peer.outputs.mesh;
    const differs = (what: string, setting: string, theirs: string, ours: string) =>
      theirs === ours ? [] : [`stack ${peer.stack} has the ${what} "${theirs}" and this one "${ours}": make usmesh:${setting} the same in both`];
    return [
      ...differs("mesh id", "mesh", name, model.mesh),
      ...differs("trust domain", "trustDomain", trustDomain, model.trustDomain),
      ...authorityProblems(model, peer.stack, peer.outputs),
    ];
  });
  return [...mismatches, ...membershipProblems(meshMembers(model, peers))];
}

function authorityProblems(model: MeshModel, stack: string, outputs: MeshOutputs): string[] {
  const { authority } = model.trust;
  if (authority === "self" || authority.stack !== stack) return [];
  const unsigned = model.clusters.map((cluster) => cluster.key).filter((key) => outputs.intermediates[key] === undefined);
  if (unsigned.length === 0) return [];
  return [
    `stack ${stack} is the authority and signs for ${Object.keys(outputs.intermediates).join(", ") || "nobody"}, not for ${unsigned.join(", ")}: ` +
      `add ${unsigned.map((key) => `"${key}"`).join(", ")} to its usmesh:trust.members and run \`pulumi up -s ${stack}\``,
  ];
}

/** What the authority issued for a cluster; undefined while that stack is not up or does not sign for it. */
export function intermediateOf(peers: readonly Peer[], authority: string, key: string): Intermediate | undefined {
  const peer = peers.find(({ stack }) => stack === authority);
  return peer?.state === "up" ? peer.outputs.intermediates[key] : undefined;
}

/** The warning for a peer that is left out because it is not up. */
export function notUpWarning(stack: string, peer: string): string {
  return `stack ${peer} is not up yet, so its clusters are left out of the mesh. Next: pulumi up -s ${peer}, then again pulumi up -s ${stack}`;
}

/** The error for an authority that is not up: nothing of this stack could be trusted. */
export function authorityNotUp(stack: string, authority: string): string {
  return `stack ${authority} is the authority that signs for stack ${stack}, and is not up yet. First: pulumi up -s ${authority}`;
}
