import type { StackFacts } from "./facts";
import type { Change, Operation, StandingTrust } from "./preview";
import type { TrustChange } from "./report";

const ROOT = "tls:index/selfSignedCert:SelfSignedCert";

/** Where an intermediate shows: at the authority as a certificate, elsewhere as what istiod signs with. */
const CERTIFICATE = { type: "tls:index/locallySignedCert:LocallySignedCert", name: /^trust-(.+)-certificate$/ };
const CACERTS = { type: "kubernetes:core/v1:Secret", name: /^(.+)-istio-cacerts$/ };

/** What changes about whom the clusters trust, and about what they sign with. */
export function planTrust(facts: StackFacts): TrustChange[] {
  const { authority } = facts.model.trust;
  return authority === "self" ? ownTrust(facts) : theirTrust(facts, authority.stack);
}

/** The changes of a stack that holds the roots itself. */
function ownTrust({ model, standing, changes }: StackFacts): TrustChange[] {
  const { roots, signer } = model.trust;
  const before = standing?.trust;
  const operations = new Map((changes ?? []).filter(({ type }) => type === ROOT).map(({ name, operation }) => [name, operation]));
  const remade = (root: string): boolean => ["create", "replace"].includes(operations.get(`trust-root-${root}`) ?? "");
  const known = before?.roots ?? [];
  const kept = roots.filter((root) => known.includes(root));
  return [
    ...roots.filter((root) => !known.includes(root)).map((root): TrustChange => ({ change: "root-added", root })),
    ...kept.filter(remade).map((root): TrustChange => ({ change: "root-replaced", root })),
    ...known.filter((root) => !roots.includes(root)).map((root): TrustChange => ({ change: "root-removed", root })),
    ...(before && before.signer !== signer ? [{ change: "signer-changed", root: signer, from: before.signer } as const] : []),
    ...(changes ?? []).flatMap((change) => intermediateChange(change, CERTIFICATE)),
  ];
}

/** The changes of a stack that takes over what its authority's last `up` made. */
function theirTrust({ standing, changes = [], peers }: StackFacts, authority: string): TrustChange[] {
  const peer = peers.find(({ stack }) => stack === authority);
  const [before, now] = [standing?.trust, peer?.state === "up" ? peer.outputs.trust : undefined];
  const taken = changes.flatMap((change) => intermediateChange(change, CACERTS));
  return [...(before && now ? rootChanges(before, now) : []), ...taken].map((change) => ({ ...change, authority }));
}

function rootChanges(before: StandingTrust, now: StandingTrust): TrustChange[] {
  const [was, is] = [certificates(before), certificates(now)];
  // The names may be the same: an authority that was destroyed and brought up again has made other roots of them.
  if (!was.some((root) => is.includes(root))) return now.roots.map((root) => ({ change: "root-replaced", root }));
  return [
    ...now.roots.filter((root) => !before.roots.includes(root)).map((root): TrustChange => ({ change: "root-added", root })),
    ...before.roots.filter((root) => !now.roots.includes(root)).map((root): TrustChange => ({ change: "root-removed", root })),
    ...(before.signer === now.signer ? [] : [{ change: "signer-changed", root: now.signer, from: before.signer } as const]),
  ];
}

function certificates({ rootCertificates }: StandingTrust): string[] {
  const blocks = rootCertificates.split(/(?<=-----END CERTIFICATE-----)/);
  return blocks.map((pem) => pem.replace(/\s/g, "")).filter((pem) => pem !== "");
}

const OPERATIONS: Readonly<Record<Operation, TrustChange["change"]>> = {
  create: "intermediate-issued",
  update: "intermediate-reissued",
  replace: "intermediate-reissued",
  delete: "intermediate-withdrawn",
};

function intermediateChange({ type, name, operation }: Change, place: typeof CERTIFICATE | typeof CACERTS): TrustChange[] {
  const cluster = type === place.type ? place.name.exec(name)?.[1] : undefined;
  // A certificate that is updated is the one that was; only a replaced one is another.
  if (cluster === undefined || (place === CERTIFICATE && operation === "update")) return [];
  return [{ change: OPERATIONS[operation], cluster }];
}
