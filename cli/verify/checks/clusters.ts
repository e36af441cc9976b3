import { type Check, readClusters } from "./context";

/** Kubernetes supports a kubelet three minor versions behind; nobody tests a mesh whose clusters are further apart. */
const MAX_MINOR_SKEW = 3;
/** Certificates are valid from a moment before they are issued: with a larger difference they are not valid at the peer. */
const MAX_CLOCK_SKEW_MS = 10_000;

export const reachable: Check = (facts, report) =>
  facts.clusters.map((cluster) =>
    cluster.api.ok
      ? report.pass({ cluster: cluster.key }, `${cluster.server} answers, Kubernetes ${cluster.api.value.version}`)
      : report.fail({ cluster: cluster.key }, `${cluster.server}: ${cluster.api.error}`, {
          reason: "nothing in this cluster can be read, and its peers' istiod cannot read it either",
          cause: "the API server is down, its address has changed, or the credentials are no longer valid",
          remedy: `${cluster.kubectl} get --raw /readyz; for a kind cluster: docker start <name>-control-plane; then ./mesh up`,
        }),
  );

export const versionSkew: Check = (facts, report) => {
  const found = readClusters(facts).flatMap((c) => (c.api.ok ? [{ key: c.key, version: c.api.value.version, minor: minorOf(c.api.value.version) }] : []));
  if (found.length < 2) return [];
  const minors = found.map((f) => f.minor);
  const text = found.map((f) => `${f.key} ${f.version}`).join(", ");
  if (minors.some(Number.isNaN)) return [report.unknown({}, `not all are versions of Kubernetes: ${text}`)];
  if (Math.max(...minors) - Math.min(...minors) <= MAX_MINOR_SKEW) return [report.pass({}, text)];
  return [
    report.warn({}, text, {
      reason: `the clusters are more than ${MAX_MINOR_SKEW} minor versions of Kubernetes apart`,
      cause: "one cluster was upgraded and another was not",
      remedy: "upgrade the oldest cluster",
    }),
  ];
};

function minorOf(version: string): number {
  return Number(/^v?\d+\.(\d+)/.exec(version)?.[1]);
}

export const nodesReady: Check = (facts, report) =>
  readClusters(facts).map((cluster) => {
    const bad = cluster.state.nodes.filter((node) => !node.ready).map((node) => node.name);
    const all = cluster.state.nodes.length;
    if (bad.length === 0 && all > 0) return report.pass({ cluster: cluster.key }, `${all} of ${all} ready`);
    return report.fail({ cluster: cluster.key }, all === 0 ? "no nodes" : `not ready: ${bad.join(", ")}`, {
      reason: "pods on such a node serve nothing",
      cause: "the kubelet or the pod network of the node does not run",
      remedy: `${cluster.kubectl} describe node ${bad[0] ?? ""}`.trimEnd(),
    });
  });

export const nodesLabelled: Check = (facts, report) =>
  readClusters(facts).map((cluster) => {
    const bare = cluster.state.nodes.filter((node) => node.region === undefined || node.zone === undefined).map((node) => node.name);
    const places = [...new Set(cluster.state.nodes.map((node) => `${node.region}/${node.zone}`))];
    if (bare.length === 0) return report.pass({ cluster: cluster.key }, places.join(", ") || "no nodes");
    return report.fail({ cluster: cluster.key }, `no region or zone: ${bare.join(", ")}`, {
      reason: "without topology.kubernetes.io/region and zone, requests are not kept near and do not fail over by locality",
      cause: "the labels were never set, or the node was recreated",
      remedy: `./mesh up, or ${cluster.kubectl} label node ${bare[0]} topology.kubernetes.io/region=… topology.kubernetes.io/zone=…`,
    });
  });

export const clocksAgree: Check = (facts, report) => {
  const found = readClusters(facts).flatMap((c) => (c.api.ok ? [{ key: c.key, skewMs: c.api.value.skewMs }] : []));
  const known = found.flatMap(({ key, skewMs }) => (skewMs === undefined ? [] : [{ key, skewMs }]));
  const silent = found.filter(({ skewMs }) => skewMs === undefined).map(({ key }) => key);
  if (found.length === 0) return [];
  const spread = known.length === 0 ? 0 : Math.max(...known.map((f) => f.skewMs)) - Math.min(...known.map((f) => f.skewMs));
  if (spread > MAX_CLOCK_SKEW_MS) {
    return [
      report.fail({}, known.map((f) => `${f.key} ${f.skewMs < 0 ? "" : "+"}${seconds(f.skewMs)} s`).join(", ") + " against this machine", {
        reason: `clocks are ${seconds(spread)} s apart: a certificate or token that one cluster issues is not valid yet, or no longer, in another`,
        cause: "the nodes of one cluster do not synchronise their time",
        remedy: "run an NTP client on the nodes whose clock is off",
      }),
    ];
  }
  if (silent.length > 0) return [report.unknown({}, `the API server of ${silent.join(" and ")} does not tell the time`)];
  return [report.pass({}, `at most ${seconds(spread)} s apart`)];
};

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}
