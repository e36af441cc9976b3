import fc from "fast-check";
import { findingFactory, type Finding } from "../../../../../cli/verify/finding";
import type { ClusterNode, Condition, Topology } from "../../../../../cli/topology/schema";
import { orderedPairs } from "../../../../../topology/pairs";

/** A cluster as the picture shows it. */
export function clusterNode(key: string, change: Partial<ClusterNode> = {}): ClusterNode {
  return {
    key,
    server: "https://127.0.0.1:34567",
    kubernetes: "v1.34.4",
    clusterName: `${key}-cluster`,
    network: `${key}-network`,
    istio: "1.31.4",
    istiod: { ready: 1, total: 1 },
    nodes: { ready: 1, total: 1 },
    places: [`${key}us/0`],
    gateways: [
      { name: "istio-system/istio-eastwestgateway", network: `${key}-network`, addresses: ["172.18.255.102"], readyPods: 1 },
      { name: "istio-system/istio-ingressgateway", addresses: ["172.18.255.101"], readyPods: 1 },
    ],
    trust: { authority: `${key}`, notAfter: "2027-02-23T00:00:00.000Z", root: "1a2b3c4d", roots: ["1a2b3c4d"] },
    requestsPerSecond: 0,
    proxies: { answered: 3, total: 3 },
    condition: "ok",
    ...change,
  };
}

/** A mesh of these clusters, in which all is well. */
export function topology(keys: readonly string[], change: Partial<Topology> = {}): Topology {
  return {
    version: 1,
    time: "2026-01-02T03:04:05.678Z",
    meshIds: ["usmesh"],
    trustDomains: ["cluster.local"],
    clusters: keys.map((key) => clusterNode(key)),
    links: orderedPairs(keys).map(({ from, to }) => ({ from, to, reads: "synced", requestsPerSecond: 2.25, condition: "ok" as const })),
    findings: [],
    condition: "ok",
    ...change,
  };
}

/** The failure that east's token is refused in west. */
export const refused: Finding = findingFactory("discovery.token").fail({ cluster: "west", peer: "east" }, "Unauthorized", {
  reason: "the peer's API server refuses the token in the remote Secret",
  cause: "the token's Secret was deleted in the peer",
  remedy: "./mesh up on the peer and then here",
});

const condition = fc.constantFrom<Condition[]>("ok", "warn", "unknown", "fail");
const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,60}$/);
const words = fc.string({ maxLength: 200 });

const finding = fc.tuple(condition, words, words).map(([status, seen, reason]): Finding => {
  const make = findingFactory("traffic.request");
  if (status === "unknown" || status === "ok") return make.unknown({ cluster: "west" }, seen);
  return make[status]({ cluster: "west", peer: "east" }, seen, { reason, cause: reason, remedy: seen });
});

const cluster = (key: string): fc.Arbitrary<ClusterNode> =>
  fc.record({ condition, unread: fc.option(words, { nil: undefined }), network: name, names: fc.array(name, { maxLength: 3 }), roots: fc.array(name, { maxLength: 4 }) }).map(
    ({ condition: own, unread, network, names, roots }) =>
      clusterNode(key, {
        condition: own,
        network,
        ...(unread !== undefined && { unread }),
        gateways: names.map((gateway) => ({ name: `istio-system/${gateway}`, addresses: [gateway], readyPods: 0 })),
        trust: { authority: network, notAfter: "2027-02-23T00:00:00.000Z", roots },
      }),
  );

/** Any mesh of up to so many clusters, with names as long as they come. */
export function anyTopology(most: number): fc.Arbitrary<Topology> {
  return fc.uniqueArray(name, { minLength: 1, maxLength: most }).chain((keys) =>
    fc
      .record({ clusters: fc.tuple(...keys.map(cluster)), conditions: fc.array(condition, { minLength: 1, maxLength: 30 }), rate: fc.option(fc.double({ min: 0, max: 1e6, noNaN: true }), { nil: undefined }), findings: fc.array(finding, { maxLength: 4 }), own: condition })
      .map(({ clusters, conditions, rate, findings, own }) => ({
        ...topology(keys),
        clusters,
        findings,
        condition: own,
        links: orderedPairs(keys).map(({ from, to }, index) => ({ from, to, reads: "synced", ...(rate !== undefined && { requestsPerSecond: rate }), condition: conditions[index % conditions.length] ?? "ok" })),
      })),
  );
}
