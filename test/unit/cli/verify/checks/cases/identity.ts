import type { Case, Mesh } from "../../support/cases";

export const identityCases: readonly Case[] = [
  {
    what: "istiod without a ready pod",
    change: (m) => m.istiod({ ready: 0, replicas: [] }),
    says: [/^fail identity\.istiod west: 0 of 1 pods ready \| istiod cannot start.* logs -l app=istiod/m], found: ["fail identity.istiod west", "unknown discovery.synced west→east", "unknown proxies.versions mesh", "unknown proxies.synced west"],
  },
  { what: "one of two pods of istiod that is not ready", change: (m) => m.istiod({ ready: 1, total: 2 }), found: [] },
  {
    what: "a cluster without istiod, of which nothing else can be said",
    change: (m) => m.istiod({ ready: 0, total: 0, version: undefined, clusterName: undefined, meshId: undefined, trustDomain: undefined, network: undefined, replicas: [] }),
    says: [/^fail identity\.istiod west: istiod is not installed \| this cluster is not a primary of the mesh \| \.\/mesh up$/m, /^pass identity\.networks mesh: east is east-network$/m],
    found: ["fail identity.istiod west", "unknown discovery.synced west→east", "fail discovery.synced east→west", "fail discovery.orphans east", "unknown proxies.versions mesh", "unknown proxies.synced west"],
  },
  { what: "istiod of an unknown version", change: (m) => m.istiod({ version: undefined }), says: [/^pass identity\.istiod west: 1 of 1 pods ready, of unknown version$/m], found: [] },
  {
    what: "ranges that clusters tell in part",
    change: (m) => ((m.west.podCidrs = []), (m.east.serviceCidrs = [])),
    says: [/^pass identity\.ranges mesh: 2 ranges.*; west and east does not tell all of its ranges$/m],
    found: [],
  },
  { what: "another mesh id", change: (m) => m.istiod({ meshId: "other" }), says: [/^fail identity\.mesh-id mesh: west other, east usmesh /m], found: ["fail identity.mesh-id mesh"] },
  { what: "a cluster without a mesh id", change: (m) => m.istiod({ meshId: undefined }), found: ["fail identity.mesh-id mesh"] },
  {
    what: "another trust domain",
    change: (m) => (m.istiod({ trustDomain: "example.org" }), m.traffic({ clientIdentity: "spiffe://example.org/ns/usmesh-verify-00ff00/sa/prober" })),
    found: ["fail identity.trust-domain mesh"],
  },
  {
    what: "two clusters of one name",
    change: (m: Mesh): void => {
      m.istiod({ clusterName: "east-cluster" });
      // East reads west by the name that it has now.
      const entry = { secret: "istio-system/istio-remote-secrets", key: "east-cluster" };
      m.east.remoteSecrets = { ok: true, value: [entry] };
      m.east.istiod = { ...m.east.istiod, replicas: m.west.istiod.replicas };
    },
    says: [/: cluster name east-cluster in west and east /], found: ["fail identity.cluster-names mesh"],
  },
  {
    what: "a cluster without a name",
    change: (m) => m.istiod({ clusterName: undefined }),
    says: [/: cluster name none in west /], found: ["fail identity.cluster-names mesh", "fail discovery.synced east→west", "fail discovery.orphans east"],
  },
  {
    what: "two clusters in one network",
    change: (m) => (m.istiod({ network: "east-network" }), (m.west.namespaceNetwork = "east-network"), m.service({ network: "east-network" }), m.endpoints({ address: "10.20.0.7", port: 8080 })),
    found: ["fail identity.networks mesh"],
    skipped: ["endpoints.via-gateways west"],
  },
  { what: "a cluster without a network", change: (m) => m.istiod({ network: undefined }), found: ["fail identity.networks mesh"], skipped: ["gateways.present west"] },
  { what: "no network label", change: (m) => (m.west.namespaceNetwork = undefined), says: [/: istio-system has no network label /], found: ["fail identity.network-label west"] },
  { what: "a network label of another network", change: (m) => (m.west.namespaceNetwork = "north"), says: [/: istio-system says north, istiod says west-network /], found: ["fail identity.network-label west"] },
  { what: "a gateway of another network", change: (m) => m.service({ network: "north" }), found: ["fail identity.gateway-network west"] },
  { what: "ranges of pods that overlap", change: (m) => (m.west.podCidrs = ["10.20.0.0/16"]), says: [/^warn identity\.ranges mesh: west 10\.20\.0\.0\/16 and east 10\.20\.0\.0\/24 \|/m], found: ["warn identity.ranges mesh"] },
  { what: "a range of Services inside the other cluster's range of pods", change: (m) => (m.west.serviceCidrs = ["10.20.0.64/26"]), found: ["warn identity.ranges mesh"] },
  { what: "ranges that touch and do not overlap", change: (m) => (m.west.podCidrs = ["10.20.1.0/24"]), found: [] },
  { what: "ranges that overlap within one cluster", change: (m) => (m.west.podCidrs = ["10.10.0.0/24", "10.10.0.0/16"]), found: [] },
  { what: "an IPv6 range beside IPv4 ranges", change: (m) => (m.west.podCidrs = ["fd00::/64"]), says: [/^pass identity\.ranges mesh: 4 ranges of pods and Services, none overlaps$/m], found: [] },
  {
    what: "clusters that do not tell their ranges",
    change: (m) => [m.west, m.east].forEach((c) => ((c.podCidrs = []), (c.serviceCidrs = []))),
    found: [],
    skipped: ["identity.ranges mesh"],
  },
];
