import type { ProxyFacts, ReplicaFacts } from "../facts";
import { type Check, type ReadCluster, readClusters } from "./context";
import { staleRoots } from "./trust";

/** Istio supports proxies one minor version behind their istiod. */
const MAX_MINOR_SKEW = 1;

/** The proxies that are connected to any pod of istiod that answered. */
function proxiesOf(cluster: ReadCluster): ProxyFacts[] {
  return cluster.state.istiod.replicas.flatMap(({ proxies }) => (proxies.ok ? proxies.value : []));
}

/** Why the proxies of a cluster are not all known: an istiod that did not answer. Undefined where they are. */
function unseen(cluster: ReadCluster): string | undefined {
  const { replicas } = cluster.state.istiod;
  if (replicas.length === 0) return `istiod of ${cluster.key} has no ready pod to ask`;
  const silent = replicas.flatMap(({ pod, proxies }: ReplicaFacts) => (proxies.ok ? [] : [`${pod}: ${proxies.error}`]));
  return silent.length === 0 ? undefined : `istiod did not answer: ${silent.join("; ")}`;
}

/** The versions of all istiods of a cluster: of each revision. */
function istiodVersions({ state: { istiod, revisions } }: ReadCluster): string[] {
  const all = [istiod.version, ...(revisions.ok ? revisions.value.istiods.map(({ version }) => version) : [])];
  return all.filter((version) => version !== undefined && version !== "") as string[];
}

export const versionsMatch: Check = (facts, report) => {
  const clusters = readClusters(facts);
  const found = clusters.flatMap((cluster) => {
    const own = proxiesOf(cluster).map((p) => p.version);
    return [...istiodVersions(cluster), ...own].map((version) => ({ key: cluster.key, version }));
  });
  // An image's tag may be a name, such as latest: it tells no version.
  const all = [...new Set(found.map((f) => f.version))].filter((v) => !Number.isNaN(minorOf(v))).sort();
  const minors = all.map(minorOf);
  if (Math.max(...minors) - Math.min(...minors) > MAX_MINOR_SKEW) {
    return [
      report.warn({}, all.map((v) => `${v} in ${[...new Set(found.filter((f) => f.version === v).map((f) => f.key))].join(" and ")}`).join(", "), {
        reason: `Istio supports proxies at most ${MAX_MINOR_SKEW} minor version behind istiod`,
        cause: "istiod was upgraded and workloads were not restarted, or one cluster was left behind",
        remedy: "kubectl rollout restart the workloads with the oldest proxies",
      }),
    ];
  }
  const silent = clusters.flatMap((cluster) => unseen(cluster) ?? []);
  if (silent.length > 0) return [report.unknown({}, silent.join("; "))];
  return all.length === 0 ? [report.skip({}, "neither istiod nor a proxy tells a version")] : [report.pass({}, `istiod and proxies: ${all.join(", ")}`)];
};

function minorOf(version: string): number {
  return Number(/^\d+\.(\d+)/.exec(version)?.[1]);
}

export const allSynced: Check = (facts, report) =>
  readClusters(facts).map((cluster) => {
    const subject = { cluster: cluster.key };
    const proxies = proxiesOf(cluster);
    const rejected = proxies.filter((p) => p.rejected !== undefined);
    if (rejected.length > 0) {
      return report.fail(subject, rejected.map((p) => `${p.id}: ${p.rejected}`).join("; "), {
        reason: "the proxy keeps its old configuration",
        cause: "a resource, often an EnvoyFilter, leads to configuration that Envoy refuses",
        remedy: "istioctl analyze -A; undo the last change of Istio's resources",
      });
    }
    const silent = unseen(cluster);
    if (silent !== undefined) return report.unknown(subject, silent);
    const stale = proxies.filter((p) => p.stale.length > 0);
    if (stale.length === 0) return report.pass(subject, `${proxies.length} proxies have what istiod sent`);
    return report.warn(subject, stale.map((p) => `${p.id} (${p.stale.join(", ")})`).join(", "), {
      reason: "these proxies have not acknowledged their last configuration",
      cause: "it was sent a moment ago, or the proxy is overloaded",
      remedy: "check again; if nothing changes, restart these pods",
    });
  });

export const rootsCurrent: Check = (facts, report) =>
  readClusters(facts).map((cluster) => {
    const subject = { cluster: cluster.key };
    const { cacerts, distributedRoots } = cluster.state;
    if (!cacerts.ok) return report.unknown(subject, `istio-system/cacerts cannot be read: ${cacerts.error}`);
    if (cacerts.value === undefined) return report.skip(subject, "there is no Secret istio-system/cacerts to compare with");
    if (distributedRoots === undefined) return report.skip(subject, "istiod has not written the ConfigMap istio-ca-root-cert");
    const stale = staleRoots(cacerts.value.rootCert, distributedRoots);
    if (stale === undefined) return report.skip(subject, "root-cert.pem of istio-system/cacerts cannot be parsed");
    if (!stale) return report.pass(subject, "proxies trust the roots of cacerts");
    return report.fail(subject, "istio-ca-root-cert holds other roots than istio-system/cacerts", {
      reason: "the proxies of this cluster trust other roots than its CA's: they refuse peers, or will when the old root ends",
      cause: "cacerts changed and istiod has not loaded it",
      remedy: `${cluster.kubectl} -n istio-system rollout restart deployment -l app=istiod`,
    });
  });

export const sidecarsPresent: Check = (facts, report) =>
  readClusters(facts).flatMap((cluster) =>
    cluster.state.injection.map(({ namespace, missing, injected }) => {
      if (missing.length === 0) return report.pass({ cluster: cluster.key }, `${namespace}: ${injected} pods with a sidecar`);
      return report.fail({ cluster: cluster.key }, `${namespace}: no sidecar in ${missing.join(", ")}`, {
        reason: "these pods speak plain text and have no identity: strict peers refuse them",
        cause: "they started before injection was on, or while istiod's webhook did not answer",
        remedy: `${cluster.kubectl} -n ${namespace} rollout restart deployment`,
      });
    }),
  );
