import { type Finding, reporter } from "../finding";
import { type Check, known } from "./context";
import { staleRoots } from "./trust";

const versions = reporter("proxies", "versions");
const synced = reporter("proxies", "synced");
const roots = reporter("proxies", "roots");
const injection = reporter("proxies", "injection");

/** Istio supports proxies one minor version behind their istiod. */
const MAX_MINOR_SKEW = 1;

export const versionsMatch: Check = (facts) => {
  const found = known(facts).flatMap((cluster) => {
    const own = cluster.state.proxies.ok ? cluster.state.proxies.value.map((p) => p.version) : [];
    return [...(cluster.state.istiod.version ? [cluster.state.istiod.version] : []), ...own].map((version) => ({ key: cluster.key, version }));
  });
  const all = [...new Set(found.map((f) => f.version))].filter((v) => /^\d+\.\d+/.test(v)).sort();
  if (all.length === 0) return [];
  const minors = all.map((v) => Number(/^\d+\.(\d+)/.exec(v)?.[1]));
  if (Math.max(...minors) - Math.min(...minors) <= MAX_MINOR_SKEW) return [versions.pass({}, `istiod and proxies: ${all.join(", ")}`)];
  return [
    versions.warn({}, all.map((v) => `${v} in ${[...new Set(found.filter((f) => f.version === v).map((f) => f.key))].join(" and ")}`).join(", "), {
      reason: `Istio supports proxies at most ${MAX_MINOR_SKEW} minor version behind istiod`,
      cause: "istiod was upgraded and workloads were not restarted, or one cluster was left behind",
      remedy: "kubectl rollout restart the workloads with the oldest proxies",
    }),
  ];
};

export const allSynced: Check = (facts) =>
  known(facts).map((cluster): Finding => {
    const place = { cluster: cluster.key };
    const found = cluster.state.proxies;
    if (!found.ok) return synced.skip(place, found.error);
    const rejected = found.value.filter((p) => p.rejected !== undefined);
    if (rejected.length > 0) {
      return synced.fail(place, rejected.map((p) => `${p.id}: ${p.rejected}`).join("; "), {
        reason: "the proxy keeps its old configuration",
        cause: "a resource, often an EnvoyFilter, makes configuration that Envoy refuses",
        remedy: "istioctl analyze -A; undo the last change of Istio's resources",
      });
    }
    const stale = found.value.filter((p) => p.stale.length > 0);
    if (stale.length === 0) return synced.pass(place, `${found.value.length} proxies have what istiod sent`);
    return synced.warn(place, stale.map((p) => `${p.id} (${p.stale.join(", ")})`).join(", "), {
      reason: "these proxies have not acknowledged their last configuration",
      cause: "it was sent a moment ago, or the proxy is overloaded",
      remedy: "check again; if it stays so, restart these pods",
    });
  });

export const rootsCurrent: Check = (facts) =>
  known(facts).flatMap((cluster) => {
    const { cacerts, distributedRoots } = cluster.state;
    if (!cacerts.ok || cacerts.value === undefined || distributedRoots === undefined) return [];
    if (!staleRoots(cluster)) return [roots.pass({ cluster: cluster.key }, "proxies trust the roots of cacerts")];
    return [
      roots.fail({ cluster: cluster.key }, "istio-ca-root-cert holds other roots than istio-system/cacerts", {
        reason: "the proxies of this cluster trust other roots than its CA's: they refuse peers, or will when the old root ends",
        cause: "cacerts changed and istiod has not taken it up",
        remedy: `${cluster.kubectl} -n istio-system rollout restart deployment istiod`,
      }),
    ];
  });

export const sidecarsPresent: Check = (facts) =>
  known(facts).flatMap((cluster) =>
    cluster.state.injection.map(({ namespace, missing, injected }) => {
      if (missing.length === 0) return injection.pass({ cluster: cluster.key }, `${namespace}: ${injected} pods with a sidecar`);
      return injection.fail({ cluster: cluster.key }, `${namespace}: no sidecar in ${missing.join(", ")}`, {
        reason: "these pods speak plain text and have no identity: strict peers refuse them",
        cause: "they started before injection was on, or while istiod's webhook did not answer",
        remedy: `${cluster.kubectl} -n ${namespace} rollout restart deployment`,
      });
    }),
  );
