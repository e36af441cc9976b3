import { type Case, type Mesh, noAnswer } from "../../support/cases";

export const endpointsCases: readonly Case[] = [
  { what: "a remote service without an endpoint", change: (m) => m.endpoints(), found: ["fail endpoints.via-gateways west→east"] },
  { what: "raw pod addresses of another network", change: (m) => m.endpoints({ address: "10.20.0.7", port: 3000 }), says: [/: catalog\.istioinaction at 10\.20\.0\.7:3000: pod addresses of another network /], found: ["fail endpoints.via-gateways west→east"] },
  { what: "a gateway's address on another port", change: (m) => m.endpoints({ address: "172.18.255.202", port: 80 }), says: [/:80: not addresses of the peer's gateways /], found: ["fail endpoints.via-gateways west→east"] },
  {
    what: "one foreign endpoint beside the gateway",
    change: (m) => m.endpoints({ address: "172.18.255.202", port: 15443 }, { address: "192.0.2.7", port: 15443 }),
    says: [/: catalog\.istioinaction at 192\.0\.2\.7:15443: not addresses /],
    found: ["fail endpoints.via-gateways west→east"],
  },
  {
    what: "raw pod addresses of a node with ranges of both families",
    change: (m) => (m.endpoints({ address: "10.20.0.7", port: 3000 }), (m.east.podCidrs = ["fd00:20::/64", "10.20.0.0/24"])),
    says: [/: pod addresses of another network /],
    found: ["fail endpoints.via-gateways west→east"],
  },
  {
    what: "an endpoint that is not an IP address",
    change: (m) => m.endpoints({ address: "catalog.example", port: 443 }),
    says: [/: catalog\.istioinaction at catalog\.example:443: not addresses /],
    found: ["fail endpoints.via-gateways west→east"],
  },
  { what: "endpoints that cannot be read", change: (m) => (m.west.remoteServices = noAnswer), found: ["unknown endpoints.via-gateways west"] },
  { what: "a cluster without proxies for its services", change: (m) => (m.west.remoteServices = { ok: true, value: undefined }), found: [], skipped: ["endpoints.via-gateways west"] },
];

const plaintext = (m: Mesh, accepted: boolean): void => m.cluster({ plaintext: { ok: true, value: { accepted } } });

export const trafficCases: readonly Case[] = [
  { what: "workloads that answer in plain text", change: (m) => plaintext(m, true), found: ["fail traffic.plaintext west"] },
  {
    what: "workloads that answer in plain text, where nothing says what is meant",
    change: (m) => (plaintext(m, true), (m.west.mutualTls = { ok: true, value: undefined })),
    found: ["fail traffic.plaintext west"],
  },
  {
    what: "workloads that answer in plain text, as the mesh says",
    change: (m) => (plaintext(m, true), (m.west.mutualTls = { ok: true, value: "PERMISSIVE" })),
    found: ["warn traffic.plaintext west"],
  },
  { what: "workloads that refuse plain text", change: (m) => plaintext(m, false), found: [] },
  {
    what: "an API server that reaches no pods",
    change: (m) => m.cluster({ plaintext: noAnswer }),
    found: ["unknown traffic.plaintext west"],
  },
  {
    what: "requests that fail, and says nothing of an identity that no server saw",
    change: (m) => m.traffic({ status: 503, servedBy: undefined, clientIdentity: undefined }),
    says: [/: HTTP 503 \| what the failures above this one name/],
    found: ["fail traffic.request west→east"],
  },
  { what: "requests that a policy denies", change: (m) => m.traffic({ status: 403 }), says: [/: HTTP 403 \| an AuthorizationPolicy /], found: ["fail traffic.request west→east"] },
  { what: "requests that another cluster answers", change: (m) => m.traffic({ servedBy: "west" }), says: [/: answered by west \| two clusters share a name/], found: ["fail traffic.request west→east"] },
  { what: "requests that nobody known answers", change: (m) => m.traffic({ servedBy: undefined }), says: [/: answered by something else /], found: ["fail traffic.request west→east"] },
  {
    what: "test workloads that do not start, of which no request in plain text can be sent",
    change: (m) => ((m.pair.traffic = { ok: true, value: { notStarted: "west: the test pod got no sidecar" } }), m.cluster({ plaintext: undefined })),
    says: [/: west: the test pod got no sidecar \| istiod's webhook /],
    found: ["fail traffic.request west→east"],
  },
  {
    what: "test workloads that may not be created",
    change: (m) => (m.pair.traffic = { ok: false, error: "west: namespaces is forbidden" }),
    found: ["unknown traffic.request west→east", "unknown traffic.identity west→east"],
  },
  {
    what: "a pair that no request was sent for, where others have an answer",
    change: (m) => (m.pair.traffic = undefined),
    found: ["unknown traffic.request west→east", "unknown traffic.identity west→east"],
  },
  { what: "requests in plain text", change: (m) => m.traffic({ clientIdentity: undefined }), says: [/: no mutual TLS: /], found: ["fail traffic.identity west→east"] },
  { what: "another workload's identity", change: (m) => m.traffic({ clientIdentity: "spiffe://cluster.local/ns/other/sa/prober" }), says: [/: the server saw spiffe:\/\/cluster\.local\/ns\/other\//], found: ["fail traffic.identity west→east"] },
  {
    what: "an identity of a trust domain that only looks alike",
    change: (m) => m.traffic({ clientIdentity: "spiffe://cluster-local/ns/usmesh-verify-0a1b2c/sa/prober" }),
    found: ["fail traffic.identity west→east"],
  },
  { what: "a run without traffic", change: (m) => m.noTraffic(), found: [] },
];

const BROKEN_PEM = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----";

export const proxiesCases: readonly Case[] = [
  { what: "a proxy two minor versions behind istiod", change: (m) => m.proxy({ version: "1.29.9" }), says: [/: 1\.29\.9 in west, 1\.31\.4 in west and east /], found: ["warn proxies.versions mesh"] },
  { what: "a proxy one minor version behind istiod", change: (m) => m.proxy({ version: "1.30.0" }), found: [] },
  {
    what: "a proxy two minor versions behind istiod, beside images whose tags are names",
    change: (m) => (m.istiod({ version: "latest" }), (m.east.istiod = { ...m.east.istiod, version: "build-1.2.3" }), m.proxy({ version: "1.29.9" })),
    says: [/: 1\.29\.9 in west, 1\.31\.4 in west and east /],
    found: ["warn proxies.versions mesh"],
  },
  { what: "versions that have two digits in each part", change: (m) => m.proxy({ version: "1.30.10" }), says: [/^pass proxies\.versions mesh: istiod and proxies: 1\.30\.10, 1\.31\.4$/m], found: [] },
  {
    what: "images of istiod and proxies whose tags are names",
    change: (m: Mesh): void => {
      for (const cluster of [m.west, m.east]) {
        const replicas = cluster.istiod.replicas.map((one) => ({ ...one, proxies: { ok: true, value: [{ id: "web-1.shop", version: "latest", stale: [] }] } as const }));
        cluster.istiod = { ...cluster.istiod, version: undefined, replicas };
        if (cluster.revisions.ok) cluster.revisions = { ok: true, value: { ...cluster.revisions.value, istiods: [{ revision: "default", version: "latest", ready: 1, total: 1 }] } };
      }
    },
    found: [],
    skipped: ["proxies.versions mesh"],
  },
  { what: "an istiod two minor versions ahead of the other cluster's", change: (m) => m.istiod({ version: "1.33.0" }), found: ["warn proxies.versions mesh"] },
  { what: "a proxy that refused its configuration", change: (m) => m.proxy({ rejected: "no such filter" }), says: [/: web-1\.istioinaction: no such filter /], found: ["fail proxies.synced west"] },
  { what: "a proxy that has not acknowledged its routes", change: (m) => m.proxy({ stale: ["route", "cluster"] }), says: [/: web-1\.istioinaction \(route, cluster\) /], found: ["warn proxies.synced west"] },
  { what: "proxies that istiod does not tell", change: (m) => m.replica({ proxies: noAnswer }), found: ["unknown proxies.versions mesh", "unknown proxies.synced west"] },
  { what: "proxies that trust another root than their CA's", change: (m) => (m.west.distributedRoots = m.trust.west.pem), found: ["fail proxies.roots west"] },
  {
    what: "the roots of the CA in another order",
    change: (m: Mesh): void => {
      const [one, two] = [m.trust.root.pem, m.trust.west.pem];
      for (const cluster of [m.west, m.east]) {
        if (cluster.cacerts.ok && cluster.cacerts.value) cluster.cacerts = { ok: true, value: { ...cluster.cacerts.value, rootCert: one + two } };
        cluster.distributedRoots = two + one;
      }
    },
    found: [],
  },
  { what: "a namespace without the roots for its proxies", change: (m) => (m.west.distributedRoots = undefined), found: [], skipped: ["proxies.roots west"] },
  {
    what: "a namespace whose roots for its proxies cannot be parsed",
    change: (m) => (m.west.distributedRoots = BROKEN_PEM),
    found: ["fail proxies.roots west"],
  },
  { what: "roots of the CA that cannot be parsed, and compares nothing with them", change: (m) => m.cacerts({ rootCert: BROKEN_PEM }), found: ["fail trust.cacerts west"], skipped: ["proxies.roots west"] },
  { what: "pods with a sidecar", change: (m) => (m.west.injection = [{ namespace: "shop", missing: [], injected: 2 }]), says: [/^pass proxies\.injection west: shop: 2 pods with a sidecar$/m], found: [] },
  { what: "a pod without its sidecar", change: (m) => (m.west.injection = [{ namespace: "shop", missing: ["web-1"], injected: 0 }]), says: [/: shop: no sidecar in web-1 \|.* -n shop rollout restart deployment$/m], found: ["fail proxies.injection west"] },
];

const groups = (...messages: string[]) => ({ ok: true, value: messages.map((message, index) => ({ source: "istiod", message, count: 9 - index, example: `${message}!` })) }) as const;

export const logsCases: readonly Case[] = [
  { what: "errors in the logs", change: (m) => (m.west.logs = groups("a", "b", "c")), says: [/: 9 × istiod: a!; 8 × istiod: b!; 7 × istiod: c! \|/], found: ["warn logs.errors west"] },
  { what: "more kinds of errors in the logs than are shown", change: (m) => (m.west.logs = groups("a", "b", "c", "d", "e")), says: [/; 7 × istiod: c!; and 2 more kinds \|/], found: ["warn logs.errors west"] },
  { what: "logs that may not be read", change: (m) => (m.west.logs = { ok: false, error: "pods/log is forbidden" }), found: ["unknown logs.errors west"] },
  { what: "a cluster where nothing logs", change: (m) => (m.west.logs = { ok: true, value: undefined }), found: [], skipped: ["logs.errors west"] },
];

const answering = { ok: true, value: undefined } as const;

export const observabilityCases: readonly Case[] = [
  { what: "a Prometheus that does not answer", change: (m) => (m.west.observers = [{ app: "prometheus", answers: noAnswer, unread: [] }]), found: ["fail observability.answers west"] },
  { what: "a Prometheus that does not read another", change: (m) => (m.west.observers = [{ app: "prometheus", answers: answering, unread: ["east"] }]), found: ["warn observability.answers west"] },
  { what: "a mesh that is not observed", change: (m) => (m.west.observers = []), found: [], skipped: ["observability.answers west"] },
];
