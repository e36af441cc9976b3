import { UserError } from "../lib/errors";
import { see } from "../lib/troubleshooting";
import type { Intermediate } from "../trust/certificates";
import { allKeys, keysFor, type KeyChoice, type KeyRequest } from "../trust/keys";
import type { IssuedOutputs, TrustOutputs } from "./contract";
import type { Peer } from "./peers";

/** A stack whose clusters another stack signs for, as it knows itself. */
export interface MemberStack {
  readonly stack: string;
  /** Keys of its clusters. */
  readonly clusters: readonly string[];
  /** Keys of those that were up after its last `up`. */
  readonly up: readonly string[];
  /** By cluster key: the keys after its last `up`. */
  readonly requests: Readonly<Record<string, readonly KeyRequest[]>>;
}

/** What istiod of a cluster signs with. */
export type Signed =
  /** A key of this stack, and what was issued for it. */
  | { readonly generation: number; readonly certificate: IssuedOutputs }
  /** What an authority of outputs version 1 issued with a key of its own. Secret. Used until it has issued something for a key of this stack. */
  | { readonly former: Intermediate };

/** How far the signing of a stack's clusters has come. */
export interface Signing {
  /** By cluster key: the keys that the stack needs in this run, the one that is to be signed last. */
  readonly keys: Readonly<Record<string, readonly KeyChoice[]>>;
  /** By key of each cluster that can have a control plane. The others wait. */
  readonly signed: Readonly<Record<string, Signed>>;
  /** Keys of the clusters whose newest key has no certificate yet. */
  readonly unsigned: readonly string[];
}

/** An authority that is up. */
export type Authority = Extract<Peer, { state: "up" }> & { readonly outputs: { readonly trust: TrustOutputs } };

/** How far the signing of a stack's clusters has come, from what its authority exports. */
export function signingOf(member: MemberStack, { outputs, former }: Authority): Signing {
  const { generation, keyAlgorithm = "ECDSA-P256" } = outputs.trust;
  const all = member.clusters.map((cluster) => {
    const certificate = outputs.certificates[cluster];
    const keys = keysFor(member.requests[cluster] ?? [], certificate?.publicKey, { generation, keyAlgorithm });
    const formerly = former?.[cluster];
    const own = certificate && keys.inUse ? { generation: keys.inUse.generation, certificate } : undefined;
    return { cluster, keys, signed: own ?? (formerly ? { former: formerly } : undefined) };
  });
  return {
    keys: Object.fromEntries(all.map(({ cluster, keys }) => [cluster, allKeys(keys)])),
    signed: Object.fromEntries(all.flatMap(({ cluster, signed }) => (signed ? [[cluster, signed]] : []))),
    unsigned: all.flatMap(({ cluster, keys: { inUse, wanted } }) => (inUse?.generation === wanted.generation ? [] : [cluster])),
  };
}

/** Why a stack's clusters cannot be brought up with what the authority issued: an error for each reason, with what to do. */
export function signingProblems({ stack, clusters, up }: MemberStack, authority: Authority, { signed }: Signing): UserError[] {
  const { members } = authority.outputs.trust;
  const refused = clusters.filter((cluster) => !members.includes(cluster));
  const lost = clusters.filter((cluster) => members.includes(cluster) && up.includes(cluster) && signed[cluster] === undefined);
  const keys = refused.map((cluster) => `"${cluster}"`).join(", ");
  const first = `stack ${authority.stack} is the authority`;
  const refusal = `${first} and signs for ${members.join(", ")}, not for ${refused.join(", ")}: add ${keys} to its usmesh:trust.members and run \`pulumi up -s ${authority.stack}\``;
  const loss = `${first} and has issued no certificate for the key of ${lost.join(", ")}. First: pulumi up -s ${authority.stack}, then again pulumi up -s ${stack}`;
  return [...(refused.length > 0 ? [new UserError("not-signed", refusal)] : []), ...(lost.length > 0 ? [new UserError("certificate-lost", loss)] : [])];
}

/** The warning for clusters whose newest key waits for the authority; undefined when none does. */
export function unsignedWarning(stack: string, authority: string, { unsigned, signed }: Signing): string | undefined {
  if (unsigned.length === 0) return undefined;
  const waiting = unsigned.filter((cluster) => signed[cluster] === undefined);
  const left = waiting.length > 0 ? `; until then ${waiting.join(", ")} ${waiting.length > 1 ? "are" : "is"} left out` : "";
  return `stack ${authority} has to sign the new key of ${unsigned.join(", ")}${left}. Next: pulumi up -s ${authority}, then again pulumi up -s ${stack}${see("waiting-for-certificate")}`;
}
