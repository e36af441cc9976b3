import type { z } from "zod";
import { isTree } from "../lib/merge";
import { UserError } from "../lib/errors";
import { see, type Section } from "../lib/troubleshooting";
import { membershipProblems, type Member } from "../topology/pairs";
import type { Intermediate } from "../trust/certificates";
import { meshOutputs, OUTPUTS_VERSION, type MeshOutputs } from "./contract";
import { FORMER_VERSION, formerOutputs, readFormer } from "./version-1";

/** Another stack of the mesh, as its outputs show it. */
export type Peer =
  | {
      readonly state: "up";
      readonly stack: string;
      readonly outputs: MeshOutputs;
      /**
       * Only of a stack that was last brought up with outputs of version 1. By cluster key: what it issued, with the keys, which later
       * versions do not export. Secret.
       */
      readonly former?: Readonly<Record<string, Intermediate>>;
    }
  /** It exists, but its first `up` has not finished yet, or everything in it was destroyed. */
  | { readonly state: "not-up"; readonly stack: string };

/** A cluster of this stack. */
export interface OwnCluster extends Omit<Member, "stack"> {
  readonly driver?: { readonly type: "kind" | "existing" };
  /** Its slice of the address plan; 0 when it has none. */
  readonly addressIndex?: number;
}

/** This stack's own part of the mesh, as its settings describe it. */
export interface OwnPart {
  /** Mesh id. */
  readonly mesh: string;
  readonly trustDomain: string;
  readonly clusters: readonly OwnCluster[];
  /** Where its kind clusters are. Default: it has none. */
  readonly docker?: { readonly network: string };
}

/** Thrown when another stack cannot be used: its outputs are not those of a mesh stack of this version, or something is missing in them. */
export class PeerError extends UserError {
  override name = "PeerError";

  constructor(
    section: Section,
    /** Name of the stack that was read. */
    readonly peer: string,
    problem: string,
  ) {
    super(section, `stack ${peer}: ${problem}`);
  }
}

/** Who reads a stack's outputs, as messages say it. */
export interface Reader {
  /** What has the version that is read. */
  readonly program: string;
  /** What to do about a stack that is not a mesh stack. */
  readonly otherStack: string;
}

const PEER: Reader = { program: "this program", otherStack: "Name another stack in usmesh:peers" };

/**
 * Reads a stack's outputs and checks them.
 * @param stack the stack's name, for messages
 * @param raw all its outputs as plain values; undefined, null or an empty record for a stack that is not up
 * @param reader who reads them. Default: a stack of the same mesh.
 * @throws PeerError when it is not a mesh stack, has another version, or is incomplete. The message contains no output's value.
 */
export function readPeer(stack: string, raw: unknown, reader: Reader = PEER): Peer {
  if (raw === undefined || raw === null) return { state: "not-up", stack };
  if (!isTree(raw)) throw new PeerError("outputs-version", stack, "its outputs are not a record; is it a mesh stack?");
  const present = Object.entries(raw).filter(([, value]) => value !== undefined && value !== null);
  if (present.length === 0) return { state: "not-up", stack };
  const { version } = raw;
  if (version === undefined || version === null) {
    throw new PeerError("outputs-version", stack, `it is not a mesh stack: it has outputs, but no \`version\`. ${reader.otherStack}`);
  }
  if (version !== OUTPUTS_VERSION && version !== FORMER_VERSION) {
    const versions = `its outputs are of version ${JSON.stringify(version)} and ${reader.program} reads version ${OUTPUTS_VERSION}`;
    throw new PeerError("outputs-version", stack, `${versions}. ${versionRemedy(stack, version, reader)}`);
  }
  const all = Object.fromEntries(present);
  if (version === FORMER_VERSION) {
    const former = readFormer(parse(stack, formerOutputs, all, reader));
    return { state: "up", stack, outputs: former.outputs, former: former.intermediates };
  }
  return { state: "up", stack, outputs: parse(stack, meshOutputs, all, reader) };
}

function parse<T>(stack: string, schema: z.ZodType<T>, outputs: unknown, reader: Reader): T {
  const parsed = schema.safeParse(outputs);
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map((issue) => `\n  ${issue.path.join(".")}: ${describe(issue)}`).join("");
  throw new PeerError("outputs-version", stack, `its outputs are incomplete. Run \`pulumi up -s ${stack}\` with ${reader.program}'s version, then run this again.${wrong}`);
}

function versionRemedy(stack: string, version: unknown, { program }: Reader): string {
  return typeof version === "number" && version > OUTPUTS_VERSION
    ? `Update ${program} to the version that the stack was last brought up with`
    : `Bring it up with ${program}'s version: \`pulumi up -s ${stack}\``;
}

/** What is wrong with an output, without its value. */
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

/** All clusters of the mesh that are known so far: the stack's own, then each peer's, in the order of the settings. */
export function meshMembers({ clusters }: Pick<OwnPart, "clusters">, peers: readonly Peer[]): Member[] {
  const own = clusters.map(({ key, clusterName, network }) => ({ key, clusterName, network }));
  return [...own, ...peers.flatMap(peerMembers)];
}

/**
 * Why this stack and its peers cannot be one mesh: an error for each reason, with what to change. Empty when they can. Peers that are
 * not up are left out.
 */
export function peerProblems(own: OwnPart, peers: readonly Peer[]): UserError[] {
  const mismatches = peers.flatMap((peer) => {
    if (peer.state === "not-up") return [];
    const { name, trustDomain } = peer.outputs.mesh;
    const differs = (what: string, setting: string, theirs: string, ours: string) =>
      theirs === ours ? [] : [new UserError("mesh-mismatch", `stack ${peer.stack} has the ${what} "${theirs}" and this one "${ours}": make usmesh:${setting} the same in both`)];
    return [
      ...differs("mesh id", "mesh", name, own.mesh),
      ...differs("trust domain", "trustDomain", trustDomain, own.trustDomain),
      ...dockerProblems(own, peer.stack, peer.outputs),
    ];
  });
  const conflicts = membershipProblems(meshMembers(own, peers)).map((problem) => new UserError("member-conflict", problem));
  return [...mismatches, ...conflicts];
}

/** Kind clusters reach each other on one Docker network, on which each has load balancer addresses of its own. */
function dockerProblems({ clusters, docker }: OwnPart, stack: string, outputs: MeshOutputs): UserError[] {
  const own = clusters.filter(({ driver }) => driver?.type === "kind");
  const theirs = Object.entries(outputs.clusters).flatMap(([key, cluster]) => (cluster.docker ? [{ key, ...cluster.docker }] : []));
  const elsewhere = theirs.find(({ network }) => network !== docker?.network);
  if (own.length > 0 && docker && elsewhere) {
    const where = `stack ${stack} has its kind clusters on the Docker network "${elsewhere.network}" and this one on "${docker.network}"`;
    return [new UserError("docker-network-of-peers", `${where}, where they cannot reach each other: make usmesh:docker.network the same in both`)];
  }
  return own.flatMap(({ key, addressIndex = 0 }) => {
    const other = addressIndex === 0 ? undefined : theirs.find((cluster) => cluster.addressIndex === addressIndex);
    if (other === undefined) return [];
    const taken = `cluster ${key} of this stack has the address index ${addressIndex}, which cluster ${other.key} of stack ${stack} has already`;
    return [new UserError("address-index-conflict", `${taken}: give one of them another in usmesh:clusters.${key}.addressIndex`)];
  });
}

/** The warning for a peer that is left out because it is not up. */
export function notUpWarning(stack: string, peer: string): string {
  return `stack ${peer} is not up yet, so its clusters are left out of the mesh. Next: pulumi up -s ${peer}, then again pulumi up -s ${stack}${see("peer-not-up")}`;
}

/** Why an authority that is not up blocks this stack: without it, no cluster of this stack has a certificate. */
export function authorityNotUp(stack: string, authority: string): string {
  return `stack ${authority} is the authority that signs for stack ${stack}, and is not up yet. First: pulumi up -s ${authority}`;
}
