import { issue, type Wanted } from "../../support/authority";
import { type Case, type Mesh, noAnswer } from "../../support/cases";

/** West with an intermediate of its own. */
async function intermediate(mesh: Mesh, wanted: Partial<Wanted>): Promise<void> {
  const { pem } = await issue({ name: "west", issuer: mesh.trust.root, pathLength: 0, keys: mesh.trust.west.keys, ...wanted });
  mesh.cacerts({ caCert: pem, certChain: pem + mesh.trust.root.pem });
}

/** Both clusters with a root of this age that ends in so many days. */
async function rootThatEnds(mesh: Mesh, since: number, days: number): Promise<void> {
  const root = await issue({ name: "root", keys: mesh.trust.root.keys, since, days });
  for (const cluster of [mesh.west, mesh.east]) {
    if (cluster.cacerts.ok && cluster.cacerts.value) cluster.cacerts = { ok: true, value: { ...cluster.cacerts.value, rootCert: root.pem } };
    cluster.distributedRoots = root.pem;
  }
}

/** West with a root and an intermediate of other path lengths. */
async function lengths(mesh: Mesh, rootLength?: number, length?: number): Promise<void> {
  const root = await issue({ name: "root", pathLength: rootLength, keys: mesh.trust.root.keys, days: 3650 });
  const west = await issue({ name: "west", issuer: root, pathLength: length, keys: mesh.trust.west.keys });
  mesh.cacerts({ caCert: west.pem, certChain: west.pem + root.pem, rootCert: root.pem });
  mesh.west.distributedRoots = root.pem;
}

/** West with an intermediate that another one below the root has signed. */
async function twoSteps(mesh: Mesh, isFirst: boolean): Promise<void> {
  const between = await issue({ name: "between", issuer: mesh.trust.root });
  const { pem } = await issue({ name: "west", issuer: between, pathLength: 0, keys: mesh.trust.west.keys });
  mesh.cacerts({ caCert: pem, certChain: (isFirst ? pem : "") + between.pem + mesh.trust.root.pem });
}

/** West with an intermediate of a new key, and a proxy whose certificate the one before has signed. Times are days before now. */
async function newKey(mesh: Mesh, { since, leafSince = 1, foreign = false }: { since: number; leafSince?: number; foreign?: boolean }): Promise<void> {
  const former = await issue({ name: "west", issuer: foreign ? await issue({ name: "other root" }) : mesh.trust.root, pathLength: 0 });
  const leaf = await issue({ name: "workload", issuer: former, ca: false, since: leafSince, days: 1 });
  mesh.west.workloadCertificate = { ok: true, value: { proxy: "p.ns", chain: leaf.pem + former.pem } };
  const { pem } = await issue({ name: "west", issuer: mesh.trust.root, pathLength: 0, since });
  mesh.cacerts({ caCert: pem, certChain: pem + mesh.trust.root.pem });
}

const OTHER_ROOT = "fail trust.roots mesh";
const BROKEN_PEM = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----";

export const trustCases: readonly Case[] = [
  { what: "no Secret cacerts", change: (m) => (m.west.cacerts = { ok: true, value: undefined }), says: [/: no Secret istio-system\/cacerts /], found: ["fail trust.cacerts west"], skipped: ["proxies.roots west"] },
  { what: "a Secret cacerts without one of its files", change: (m) => m.cacerts({ keys: ["ca-cert.pem", "ca-key.pem", "root-cert.pem"] }), says: [/: lacks cert-chain\.pem /], found: ["fail trust.cacerts west"] },
  { what: "a Secret cacerts with a certificate that cannot be parsed", change: (m) => m.cacerts({ caCert: BROKEN_PEM }), says: [/: holds a certificate that cannot be parsed /], found: ["fail trust.cacerts west"] },
  {
    what: "a Secret cacerts that may not be read",
    change: (m) => (m.west.cacerts = { ok: false, error: "secrets is forbidden" }),
    found: ["unknown trust.cacerts west", "unknown trust.roots mesh", "unknown proxies.roots west"],
  },
  { what: "a Secret cacerts without a certificate in one of its files", change: (m) => m.cacerts({ caCert: "" }), found: ["fail trust.cacerts west"] },
  {
    what: "a chain that belongs to another intermediate",
    change: async (m) => (await intermediate(m, { issuer: await issue({ name: "other root" }) }), m.cacerts({ certChain: m.trust.east.pem + m.trust.root.pem })),
    found: ["fail trust.chain west", "fail trust.usage west"],
  },
  { what: "an intermediate two steps below its root, whether or not the chain begins with it", change: (m) => twoSteps(m, true), found: [] },
  { what: "an intermediate two steps below its root, where the chain begins with the one between", change: (m) => twoSteps(m, false), found: [] },
  {
    what: "roots that clusters trust in another order",
    change: async (m: Mesh): Promise<void> => {
      const other = (await issue({ name: "new root", days: 3650 })).pem;
      for (const [cluster, rootCert] of [[m.west, m.trust.root.pem + other], [m.east, other + m.trust.root.pem]] as const) {
        if (cluster.cacerts.ok && cluster.cacerts.value) cluster.cacerts = { ok: true, value: { ...cluster.cacerts.value, rootCert } };
        cluster.distributedRoots = rootCert;
      }
    },
    found: [],
  },
  { what: "a private key of another certificate", change: (m) => m.cacerts({ keyMatches: false }), found: ["fail trust.key west"] },
  {
    what: "an intermediate that another root has signed",
    change: async (m) => intermediate(m, { issuer: await issue({ name: "other root" }) }),
    found: ["fail trust.chain west"],
  },
  {
    what: "an intermediate that a namesake of the root has signed",
    change: async (m) => intermediate(m, { issuer: await issue({ name: "root" }) }),
    found: ["fail trust.chain west"],
  },
  {
    what: "another root in one cluster, where all else agrees with it",
    change: async (m: Mesh): Promise<void> => {
      const root = await issue({ name: "other root", days: 3650 });
      const west = await issue({ name: "west", issuer: root, pathLength: 0 });
      const leaf = await issue({ name: "workload", issuer: west, ca: false });
      m.cacerts({ caCert: west.pem, certChain: west.pem + root.pem, rootCert: root.pem });
      m.west.distributedRoots = root.pem;
      m.west.workloadCertificate = { ok: true, value: { proxy: "p.ns", chain: leaf.pem } };
      m.facts.pairs = m.facts.pairs.map((pair) => ({ ...pair, probes: [] }));
    },
    found: [OTHER_ROOT],
  },
  {
    what: "a root that one cluster alone trusts in addition",
    change: async (m: Mesh): Promise<void> => {
      const both = m.trust.root.pem + (await issue({ name: "new root", days: 3650 })).pem;
      m.cacerts({ rootCert: both });
      m.west.distributedRoots = both;
    },
    found: [OTHER_ROOT],
  },
  { what: "an intermediate that expired yesterday", change: (m) => intermediate(m, { since: 400, days: -1 }), says: [/: west expired 1 days ago /], found: ["fail trust.expiry west"] },
  { what: "an intermediate that expired an hour ago", change: (m) => intermediate(m, { since: 400, days: -1 / 24 }), found: ["fail trust.expiry west"] },
  { what: "an intermediate that expires right now", change: (m) => intermediate(m, { since: 400, days: 0 }), says: [/: west ends in 0 days /], found: ["warn trust.expiry west"] },
  { what: "an intermediate of a year that expires in 29 days", change: (m) => intermediate(m, { since: 336, days: 29 }), found: ["warn trust.expiry west"] },
  { what: "an intermediate of a year that expires in 30 days", change: (m) => intermediate(m, { since: 335, days: 30 }), found: [] },
  { what: "an intermediate of 110 days that expires in 10 days", change: (m) => intermediate(m, { since: 100, days: 10 }), found: ["warn trust.expiry west"] },
  { what: "an intermediate of 110 days that expires in 11 days", change: (m) => intermediate(m, { since: 99, days: 11 }), found: [] },
  { what: "a root of ten years that expires in 364 days", change: (m) => rootThatEnds(m, 3286, 364), found: ["warn trust.expiry west", "warn trust.expiry east"] },
  { what: "a root of ten years that expires in 366 days", change: (m) => rootThatEnds(m, 3284, 366), found: [] },
  { what: "a root of 110 days that expires in 12 days", change: (m) => rootThatEnds(m, 98, 12), found: [] },
  { what: "an intermediate with the usages of a workload", change: (m) => intermediate(m, { ca: false }), found: ["fail trust.usage west"] },
  { what: "no path length anywhere", change: (m) => lengths(m), found: ["warn trust.usage west", OTHER_ROOT] },
  { what: "a root whose path length leaves room for one more authority", change: (m) => lengths(m, 2), found: ["warn trust.usage west", OTHER_ROOT] },
  { what: "an intermediate whose path length leaves room for one more authority", change: (m) => lengths(m, undefined, 1), found: ["warn trust.usage west", OTHER_ROOT] },
  { what: "a root of path length 1, as the only limit (beside another root in each cluster)", change: (m) => lengths(m, 1), found: [OTHER_ROOT] },
  { what: "an intermediate of path length 0, as the only limit (beside another root in each cluster)", change: (m) => lengths(m, undefined, 0), found: [OTHER_ROOT] },
  { what: "a root that allows no authority below it", change: (m) => lengths(m, 0), found: ["fail trust.usage west", OTHER_ROOT] },
  {
    what: "a proxy with a certificate of another CA",
    change: (m) => (m.west.workloadCertificate = { ok: true, value: { proxy: "p.ns", chain: m.trust.leaves.east.pem } }),
    found: ["fail trust.signing west"],
  },
  {
    what: "a proxy with a certificate of another intermediate of the same root",
    change: (m) => (m.west.workloadCertificate = { ok: true, value: { proxy: "p.ns", chain: m.trust.leaves.east.pem + m.trust.east.pem } }),
    found: ["fail trust.signing west"],
  },
  { what: "a proxy with a certificate of the intermediate's key from before it was reissued", change: (m) => intermediate(m, { name: "west 2" }), found: [] },
  { what: "a proxy with a certificate of the intermediate before, which had another key", change: (m) => newKey(m, { since: 0.5 }), found: [] },
  { what: "a proxy that got its certificate from the intermediate before an hour after that was replaced", change: (m) => newKey(m, { since: 0.5, leafSince: 0.4 }), found: ["warn trust.signing west"] },
  { what: "a proxy that got its certificate from the intermediate before within an hour after that was replaced", change: (m) => newKey(m, { since: 0.5, leafSince: 0.47 }), found: [] },
  { what: "a proxy with a certificate of a namesake of the intermediate that no trusted root has signed", change: (m) => newKey(m, { since: 0.5, foreign: true }), found: ["fail trust.signing west"] },
  { what: "a proxy whose certificate cannot be read", change: (m) => (m.west.workloadCertificate = noAnswer), found: ["unknown trust.signing west"] },
  {
    what: "a proxy whose certificate cannot be parsed",
    change: (m) => (m.west.workloadCertificate = { ok: true, value: { proxy: "p.ns", chain: BROKEN_PEM } }),
    found: ["unknown trust.signing west"],
  },
  { what: "a cluster without proxies", change: (m) => (m.west.workloadCertificate = { ok: true, value: undefined }), found: [], skipped: ["trust.signing west"] },
];
