import type { StackFacts } from "./facts";
import type { PreviousTrust } from "./preview";
import type { TrustChange } from "./report";
import { inputText, type Operation, type Resource } from "./resources";
import { only, operationsOf, roleOf, type Context, type Part } from "./roles";
import { TYPES } from "./types";

type Facts = Pick<StackFacts, "model" | "previous" | "peers">;

/** What changes about the roots that the clusters trust, and about what they sign with. */
export function planTrust(facts: Facts, parts: readonly Part[], context: Context): TrustChange[] {
  const { authority } = facts.model.trust;
  return authority === "self" ? ownTrust(facts, parts, context) : adoptedTrust(facts, parts, authority.stack);
}

/** The roots that were trusted, and the one that signed. */
interface RootsBefore {
  readonly roots: readonly string[];
  /** Undefined when it cannot be determined. */
  readonly signer: string | undefined;
}

/** The roots before an `up`; undefined when there were none. */
export function rootsBefore({ previous }: Pick<Facts, "previous">, context: Context): RootsBefore | undefined {
  if (previous === undefined || previous.trust) return previous?.trust;
  return rootsInState(context);
}

/** The changes of a stack that holds the roots itself. */
function ownTrust(facts: Facts, parts: readonly Part[], context: Context): TrustChange[] {
  const { roots, signer } = facts.model.trust;
  const before = rootsBefore(facts, context);
  const changed = only(parts, "root").filter(({ change }) => change.operation !== "update").map(({ role }) => role.root);
  const known = before?.roots ?? [];
  const kept = roots.filter((root) => known.includes(root));
  return [
    ...roots.filter((root) => !known.includes(root)).map((root): TrustChange => ({ change: "root-added", root })),
    ...kept.filter((root) => changed.includes(root)).map((root): TrustChange => ({ change: "root-replaced", root })),
    ...known.filter((root) => !roots.includes(root)).map((root): TrustChange => ({ change: "root-removed", root })),
    ...(before?.signer !== undefined && before.signer !== signer ? [{ change: "signer-changed", root: signer, from: before.signer } as const] : []),
    ...intermediateChanges(only(parts, "intermediate").filter(({ change }) => change.operation !== "update")),
  ];
}

/** The changes of a stack that adopts what its authority's last `up` made. */
function adoptedTrust({ previous, peers }: Facts, parts: readonly Part[], authority: string): TrustChange[] {
  const peer = peers.find(({ stack }) => stack === authority);
  const [before, now] = [previous?.trust, peer?.state === "up" ? peer.outputs.trust : undefined];
  const adopted = intermediateChanges(only(parts, "cacerts"));
  return [...(before && now ? rootChanges(before, now) : []), ...adopted].map((change) => ({ ...change, authority }));
}

function rootChanges(before: PreviousTrust, now: PreviousTrust): TrustChange[] {
  const [was, is] = [certificates(before), certificates(now)];
  // The names may be the same: an authority that was destroyed and brought up again has created other roots under them.
  if (!was.some((root) => is.includes(root))) return now.roots.map((root) => ({ change: "root-replaced", root }));
  return [
    ...now.roots.filter((root) => !before.roots.includes(root)).map((root): TrustChange => ({ change: "root-added", root })),
    ...before.roots.filter((root) => !now.roots.includes(root)).map((root): TrustChange => ({ change: "root-removed", root })),
    ...(before.signer === now.signer ? [] : [{ change: "signer-changed", root: now.signer, from: before.signer } as const]),
  ];
}

function certificates({ rootCertificates }: PreviousTrust): string[] {
  const blocks = rootCertificates.split(/(?<=-----END CERTIFICATE-----)/);
  return blocks.map((pem) => pem.replace(/\s/g, "")).filter((pem) => pem !== "");
}

const CHANGES: Readonly<Record<Operation, TrustChange["change"]>> = {
  create: "intermediate-issued",
  update: "intermediate-reissued",
  replace: "intermediate-reissued",
  delete: "intermediate-withdrawn",
};

function intermediateChanges(parts: readonly Part<{ is: "intermediate"; cluster: string } | { is: "cacerts"; cluster: string }>[]): TrustChange[] {
  return operationsOf(parts).map(({ role: { cluster }, operation }) => ({ change: CHANGES[operation], cluster }));
}

/** The roots before an `up` according to the resources, for a stack whose last outputs do not hold them. */
function rootsInState(context: Context): RootsBefore | undefined {
  const existing = context.tree.all.filter(({ before }) => before !== undefined);
  const roots = existing.filter(({ type }) => type === TYPES.root).flatMap((root) => rootName(root, context));
  if (roots.length === 0) return undefined;
  const intermediates = existing.filter(({ type }) => type === TYPES.intermediate);
  const signers = intermediates.flatMap(({ before }) => context.tree.sourcesOf(before, "caCertPem")).flatMap((root) => rootName(root, context));
  const [signer, ...others] = new Set(signers);
  const recorded = existing.filter(({ type }) => type === TYPES.authority).map(({ before }) => inputText(before, "signer"))[0];
  return { roots, signer: others.length === 0 ? (signer ?? recorded) : undefined };
}

function rootName(resource: Resource, context: Context): string[] {
  const role = roleOf(resource, context);
  return role?.is === "root" ? [role.root] : [];
}
