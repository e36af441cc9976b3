import type { X509Certificate } from "node:crypto";
import type { CacertsFacts } from "../facts";
import type { Finding } from "../finding";
import { authorityFaults, certificates, daysLeft, fingerprints, forbidsFurtherAuthorities, issued, lifetimeDays, nameOf, parsable, rootOf, short } from "./certificates";
import { type Check, type ReadCluster, readClusters } from "./context";

const FILES = ["ca-cert.pem", "ca-key.pem", "cert-chain.pem", "root-cert.pem"];
/** Days before its end from which on a certificate is worth a warning, unless a tenth of its lifetime is less. A root takes longer to replace. */
const WARN_DAYS = { root: 365, intermediate: 30 } as const;
/** Milliseconds within which istiod signs with a new intermediate. */
const TAKEN_OVER_MS = 3_600_000;
const REISSUE = "./mesh up reissues it; in another mesh: write the Secret again and restart istiod";

interface Authority {
  readonly cluster: ReadCluster;
  readonly ca: X509Certificate;
  readonly chain: X509Certificate[];
  readonly roots: X509Certificate[];
  readonly keyMatches: boolean;
}

export const complete: Check = (facts, report) =>
  readClusters(facts).map((cluster): Finding => {
    const subject = { cluster: cluster.key };
    const found = cluster.state.cacerts;
    if (!found.ok) return report.unknown(subject, `istio-system/cacerts cannot be read: ${found.error}`);
    if (found.value === undefined) {
      return report.fail(subject, "no Secret istio-system/cacerts", {
        reason: "istiod signs with a CA of its own, which no other cluster trusts",
        cause: "the plugged-in CA was deleted, or istiod was installed before it",
        remedy: `./mesh up, then ${cluster.kubectl} -n istio-system rollout restart deployment -l app=istiod`,
      });
    }
    const missing = FILES.filter((file) => !found.value?.keys.includes(file));
    if (missing.length === 0 && authorityOf(cluster) !== undefined) return report.pass(subject, "four files");
    return report.fail(subject, missing.length > 0 ? `lacks ${missing.join(", ")}` : "holds a certificate that cannot be parsed", {
      reason: "istiod refuses an incomplete CA and does not start, or signs with its own",
      cause: "the Secret was written by hand or from other file names",
      remedy: "./mesh up; in another mesh: create the Secret from the four files that Istio's documentation of plugged-in CAs names",
    });
  });

export const chainVerifies: Check = (facts, report) =>
  authorities(facts).map(({ cluster, ca, chain: links, roots: trusted }) => {
    const start = links[0]?.fingerprint256 === ca.fingerprint256 ? links : [ca, ...links];
    const root = rootOf(start, trusted);
    if (root) return report.pass({ cluster: cluster.key }, `${nameOf(ca)} ← ${nameOf(root)} ${short(root.fingerprint256)}`);
    return report.fail({ cluster: cluster.key }, `${nameOf(ca)} does not lead to any certificate in root-cert.pem`, {
      reason: "no workload that trusts root-cert.pem accepts a certificate that this istiod issues",
      cause: "files of different authorities were put into one Secret",
      remedy: REISSUE,
    });
  });

export const keyBelongs: Check = (facts, report) =>
  authorities(facts).map(({ cluster, keyMatches }) =>
    keyMatches
      ? report.pass({ cluster: cluster.key }, "ca-key.pem belongs to ca-cert.pem")
      : report.fail({ cluster: cluster.key }, "ca-key.pem does not belong to ca-cert.pem", {
          reason: "what istiod signs with this key does not verify against its certificate",
          cause: "key and certificate were renewed one without the other",
          remedy: REISSUE,
        }),
  );

export const usageRight: Check = (facts, report) =>
  authorities(facts).map(({ cluster, ca, chain: links, roots: trusted }) => {
    const above = links.filter((link) => link.fingerprint256 !== ca.fingerprint256 && !trusted.some((r) => r.fingerprint256 === link.fingerprint256));
    const signer = rootOf([ca, ...above], trusted);
    const path = [ca, ...above, ...(signer && signer.fingerprint256 !== ca.fingerprint256 ? [signer] : [])];
    const faults = path.flatMap((certificate, depth) => authorityFaults(certificate, depth).map((fault) => `${nameOf(certificate)} ${fault}`));
    if (faults.length === 0 && forbidsFurtherAuthorities(path)) {
      return report.pass({ cluster: cluster.key }, `${path.length} certificates may sign as they do`);
    }
    if (faults.length === 0) {
      return report.warn({ cluster: cluster.key }, `no path length keeps ${nameOf(ca)} from signing further authorities`, {
        reason: "whoever has its key can create authorities of their own, and every cluster accepts what they sign",
        cause: "the root was created without a path length, as earlier versions of usmesh did",
        remedy: "replace the root: trust the new one everywhere, sign with it, then drop the old one; in another mesh: give the root path length 1 or the intermediates 0",
      });
    }
    return report.fail({ cluster: cluster.key }, faults.join("; "), {
      reason: "workloads refuse a chain with a certificate that may not sign",
      cause: "the certificate was issued for another use",
      remedy: REISSUE,
    });
  });

export const sameRoots: Check = (facts, report) => {
  const sets = authorities(facts).map(({ cluster, roots: trusted }) => ({ key: cluster.key, ids: trusted.map((r) => r.fingerprint256).sort() }));
  const unread = readClusters(facts).flatMap(({ key, state: { cacerts } }) => (cacerts.ok ? [] : [`istio-system/cacerts of ${key} cannot be read: ${cacerts.error}`]));
  const all = sets.map((set) => `${set.key} ${set.ids.map(short).join("+")}`).join(", ");
  const distinct = new Set(sets.map((set) => set.ids.join()));
  if (distinct.size <= 1 && unread.length > 0) return [report.unknown({}, unread.join("; "))];
  if (sets.length < 2) return [];
  if (distinct.size === 1) return [report.pass({}, `the same in ${sets.length} clusters: ${sets[0]?.ids.map(short).join(", ")}`)];
  return [
    report.fail({}, all, {
      reason: "a workload refuses the certificate of a peer whose root it does not trust: requests between these clusters fail with 503",
      cause: "the clusters' CAs were created independently of each other, or a root's replacement did not reach all of them",
      remedy: "./mesh up on every stack of the mesh, the trust authority's first; in another mesh: issue all intermediates from one root",
    }),
  ];
};

export const notExpired: Check = (facts, report) =>
  authorities(facts).flatMap(({ cluster, ca, roots: trusted }) =>
    [ca, ...trusted].map((certificate) => {
      const subject = { cluster: cluster.key };
      const left = daysLeft(certificate, facts.time);
      const seen = `${nameOf(certificate)} ${left < 0 ? `expired ${-left} days ago` : `ends in ${left} days`}`;
      const isRoot = certificate !== ca;
      const cause = "it was not renewed before its end";
      const remedy = isRoot ? "replace the root: trust the new one everywhere, sign with it, then drop the old one" : REISSUE;
      if (left < 0) return report.fail(subject, seen, { reason: "nothing that it signed is accepted any longer", cause, remedy });
      if (left >= Math.min(isRoot ? WARN_DAYS.root : WARN_DAYS.intermediate, lifetimeDays(certificate) / 10)) return report.pass(subject, seen);
      return report.warn(subject, seen, { reason: "what it signed is refused from then on", cause, remedy });
    }),
  );

export const reallySigns: Check = (facts, report) =>
  authorities(facts).map(({ cluster, ca, roots: trusted }) => {
    const subject = { cluster: cluster.key };
    const live = cluster.state.workloadCertificate;
    if (!live.ok) return report.unknown(subject, `no certificate of a proxy could be read: ${live.error}`);
    if (live.value === undefined) return report.skip(subject, "no proxy runs here");
    const [leaf, ...above] = parsable(live.value.chain);
    if (leaf === undefined) return report.unknown(subject, `the certificate of ${live.value.proxy} cannot be parsed`);
    if (issued(ca, leaf)) return report.pass(subject, `${live.value.proxy} was issued by ${nameOf(ca)}`);
    // A reissued intermediate keeps its key: what the one before signed is accepted until it is renewed by itself.
    if (leaf.verify(ca.publicKey)) return report.pass(subject, `${live.value.proxy} was issued by the key of ${nameOf(ca)}, before that was reissued`);
    const former = above[0];
    if (former !== undefined && nameOf(former) === nameOf(ca) && rootOf([leaf, ...above], trusted) !== undefined) {
      const seen = `${live.value.proxy} was issued by the ${nameOf(ca)} before, of another key`;
      // A new key changes nothing for the workloads: each keeps its certificate until it is time for the next.
      if (Date.parse(leaf.validFrom) < Date.parse(ca.validFrom) + TAKEN_OVER_MS) return report.pass(subject, seen);
      return report.warn(subject, `${seen}, after the new one existed`, {
        reason: "istiod may still sign with the key that was replaced",
        cause: "istiod was not restarted when cacerts changed, or the stack was brought up a while after the authority's",
        remedy: `${cluster.kubectl} -n istio-system rollout restart deployment -l app=istiod; what is left ends within a day`,
      });
    }
    return report.fail(subject, `${live.value.proxy} was not issued by ${nameOf(ca)} of istio-system/cacerts`, {
      reason: "istiod signs with another CA than the plugged-in one",
      cause: "cacerts changed after istiod started and the proxy's certificate is older, or istiod fell back to a CA of its own",
      remedy: `${cluster.kubectl} -n istio-system rollout restart deployment -l app=istiod; then restart the workloads`,
    });
  });

/** The plugged-in CA of every cluster that has a usable one. */
function authorities(facts: Parameters<Check>[0]): Authority[] {
  return readClusters(facts).flatMap((cluster) => authorityOf(cluster) ?? []);
}

type Bundles = Omit<Authority, "cluster">;

/** Parsing takes most of the time of these checks, and each of them needs it. */
const parsedBefore = new WeakMap<CacertsFacts, Bundles | "unusable">();

function authorityOf(cluster: ReadCluster): Authority | undefined {
  const { cacerts } = cluster.state;
  if (!cacerts.ok || cacerts.value === undefined) return undefined;
  const bundles = parsedBefore.get(cacerts.value) ?? bundlesOf(cacerts.value);
  parsedBefore.set(cacerts.value, bundles);
  return bundles === "unusable" ? undefined : { cluster, ...bundles };
}

function bundlesOf({ caCert, certChain, rootCert, keyMatches }: CacertsFacts): Bundles | "unusable" {
  try {
    const [ca] = certificates(caCert);
    const roots = certificates(rootCert);
    return ca === undefined || roots.length === 0 ? "unusable" : { ca, chain: certificates(certChain), roots, keyMatches };
  } catch {
    return "unusable";
  }
}

/** Whether the workloads trust other roots than their CA's; undefined when the CA's cannot be parsed. For the category `proxies`. */
export function staleRoots(cacerts: string | undefined, distributed: string): boolean | undefined {
  const own = parsable(cacerts);
  return own.length === 0 ? undefined : fingerprints(own) !== fingerprints(parsable(distributed));
}
