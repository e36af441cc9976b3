import { reporter } from "../finding";
import { type Check, known } from "./context";

/** Kubernetes supports a kubelet three minor versions behind; a mesh whose clusters are further apart is not tested by anyone. */
const MAX_MINOR_SKEW = 3;
/** Certificates are valid from a moment before they are issued: clocks further apart make them invalid at the peer. */
const MAX_CLOCK_SKEW_MS = 10_000;

const api = reporter("clusters", "api");
const versions = reporter("clusters", "versions");
const nodes = reporter("clusters", "nodes");
const labels = reporter("clusters", "labels");
const clocks = reporter("clusters", "clocks");

export const reachable: Check = (facts) =>
  facts.clusters.map((cluster) =>
    cluster.api.ok
      ? api.pass({ cluster: cluster.key }, `${cluster.server} answers, Kubernetes ${cluster.api.value.version}`)
      : api.fail({ cluster: cluster.key }, `${cluster.server}: ${cluster.api.error}`, {
          reason: "nothing of this cluster can be read, and its peers' istiod cannot read it either",
          cause: "the API server is down, its address has changed, or the credentials are no longer valid",
          remedy: `${cluster.kubectl} get --raw /readyz; for a kind cluster: docker start <name>-control-plane; then ./mesh up`,
        }),
  );

export const versionSkew: Check = (facts) => {
  const found = known(facts).flatMap((c) => (c.api.ok ? [{ key: c.key, version: c.api.value.version, minor: minorOf(c.api.value.version) }] : []));
  if (found.length < 2) return [];
  const minors = found.map((f) => f.minor);
  const text = found.map((f) => `${f.key} ${f.version}`).join(", ");
  if (Math.max(...minors) - Math.min(...minors) <= MAX_MINOR_SKEW) return [versions.pass({}, text)];
  return [
    versions.warn({}, text, {
      reason: `the clusters are more than ${MAX_MINOR_SKEW} minor versions of Kubernetes apart`,
      cause: "one cluster was upgraded and another was not",
      remedy: "upgrade the oldest cluster",
    }),
  ];
};

function minorOf(version: string): number {
  return Number(/^v?\d+\.(\d+)/.exec(version)?.[1] ?? 0);
}

export const nodesReady: Check = (facts) =>
  known(facts).map((cluster) => {
    const bad = cluster.state.nodes.filter((node) => !node.ready).map((node) => node.name);
    const all = cluster.state.nodes.length;
    if (bad.length === 0 && all > 0) return nodes.pass({ cluster: cluster.key }, `${all} of ${all} ready`);
    return nodes.fail({ cluster: cluster.key }, all === 0 ? "no node" : `not ready: ${bad.join(", ")}`, {
      reason: "pods on such a node serve nothing",
      cause: "the kubelet or the pod network of the node does not run",
      remedy: `${cluster.kubectl} describe node ${bad[0] ?? ""}`.trimEnd(),
    });
  });

export const nodesLabelled: Check = (facts) =>
  known(facts).map((cluster) => {
    const bare = cluster.state.nodes.filter((node) => node.region === undefined || node.zone === undefined).map((node) => node.name);
    const places = [...new Set(cluster.state.nodes.map((node) => `${node.region}/${node.zone}`))];
    if (bare.length === 0) return labels.pass({ cluster: cluster.key }, places.join(", "));
    return labels.fail({ cluster: cluster.key }, `no region or zone: ${bare.join(", ")}`, {
      reason: "without topology.kubernetes.io/region and zone, requests are not kept near and do not fail over by locality",
      cause: "the labels were never set, or the node was made anew",
      remedy: `./mesh up, or ${cluster.kubectl} label node ${bare[0]} topology.kubernetes.io/region=… topology.kubernetes.io/zone=…`,
    });
  });

export const clocksAgree: Check = (facts) => {
  const found = known(facts).flatMap((c) => (c.api.ok ? [{ key: c.key, skewMs: c.api.value.skewMs }] : []));
  if (found.length === 0) return [];
  const spread = Math.max(...found.map((f) => f.skewMs)) - Math.min(...found.map((f) => f.skewMs));
  if (spread <= MAX_CLOCK_SKEW_MS) return [clocks.pass({}, `at most ${seconds(spread)} s apart`)];
  return [
    clocks.fail({}, found.map((f) => `${f.key} ${f.skewMs < 0 ? "" : "+"}${seconds(f.skewMs)} s`).join(", ") + " against this machine", {
      reason: `clocks are ${seconds(spread)} s apart: a certificate or token that one cluster issues is not valid yet, or no longer, in another`,
      cause: "no time synchronisation on the nodes of one cluster",
      remedy: "run an NTP client on the nodes whose clock is off",
    }),
  ];
};

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}
