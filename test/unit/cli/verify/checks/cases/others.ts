import { type Case, type Mesh, noAnswer } from "../../support/cases";

export const endpointsCases: readonly Case[] = [
  { what: "a remote service without an endpoint", change: (m) => m.endpoints(), found: ["fail endpoints.via-gateways west→east"] },
  { what: "raw pod addresses of another network", change: (m) => m.endpoints({ address: "10.20.0.7", port: 3000 }), found: ["fail endpoints.via-gateways west→east"] },
  { what: "a gateway's address on another port", change: (m) => m.endpoints({ address: "172.18.255.202", port: 80 }), found: ["fail endpoints.via-gateways west→east"] },
  {
    what: "one foreign endpoint beside the gateway",
    change: (m) => m.endpoints({ address: "172.18.255.202", port: 15443 }, { address: "192.0.2.7", port: 15443 }),
    found: ["fail endpoints.via-gateways west→east"],
  },
  { what: "endpoints that cannot be read", change: (m) => (m.west.remoteServices = noAnswer), found: ["unknown endpoints.via-gateways west"] },
  { what: "a cluster without proxies for its services", change: (m) => (m.west.remoteServices = { ok: true, value: undefined }), found: [], skipped: ["endpoints.via-gateways west"] },
];

const plaintext = (m: Mesh, accepted: boolean): void => void (m.facts.clusters = m.facts.clusters.map((c) => (c.key === "west" ? { ...c, plaintext: { ok: true, value: { accepted } } } : c)));

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
    change: (m) => (m.facts.clusters = m.facts.clusters.map((c) => (c.key === "west" ? { ...c, plaintext: noAnswer } : c))),
    found: ["unknown traffic.plaintext west"],
  },
  { what: "requests that fail", change: (m) => m.traffic({ status: 503 }), found: ["fail traffic.request west→east"] },
  { what: "requests that a policy denies", change: (m) => m.traffic({ status: 403 }), found: ["fail traffic.request west→east"] },
  { what: "requests that another cluster answers", change: (m) => m.traffic({ servedBy: "west" }), found: ["fail traffic.request west→east"] },
  { what: "requests that nobody known answers", change: (m) => m.traffic({ servedBy: undefined }), found: ["fail traffic.request west→east"] },
  {
    what: "test workloads that do not start",
    change: (m) => (m.pair.traffic = { ok: true, value: { notStarted: "west: the test pod got no sidecar" } }),
    found: ["fail traffic.request west→east"],
  },
  {
    what: "test workloads that may not be created",
    change: (m) => (m.pair.traffic = { ok: false, error: "west: namespaces is forbidden" }),
    found: ["unknown traffic.request west→east", "unknown traffic.identity west→east"],
  },
  { what: "requests in plain text", change: (m) => m.traffic({ clientIdentity: undefined }), found: ["fail traffic.identity west→east"] },
  { what: "another workload's identity", change: (m) => m.traffic({ clientIdentity: "spiffe://cluster.local/ns/other/sa/prober" }), found: ["fail traffic.identity west→east"] },
  {
    what: "an identity of a trust domain that only looks alike",
    change: (m) => m.traffic({ clientIdentity: "spiffe://cluster-local/ns/usmesh-verify-0a1b2c/sa/prober" }),
    found: ["fail traffic.identity west→east"],
  },
  { what: "a run without traffic", change: (m) => m.noTraffic(), found: [] },
];

export const proxiesCases: readonly Case[] = [
  { what: "a proxy two minor versions behind istiod", change: (m) => m.proxy({ version: "1.29.9" }), found: ["warn proxies.versions mesh"] },
  { what: "a proxy one minor version behind istiod", change: (m) => m.proxy({ version: "1.30.0" }), found: [] },
  { what: "an istiod two minor versions ahead of the other cluster's", change: (m) => m.istiod({ version: "1.33.0" }), found: ["warn proxies.versions mesh"] },
  { what: "a proxy that refused its configuration", change: (m) => m.proxy({ rejected: "no such filter" }), found: ["fail proxies.synced west"] },
  { what: "a proxy that has not acknowledged its routes", change: (m) => m.proxy({ stale: ["route"] }), found: ["warn proxies.synced west"] },
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
  { what: "a pod without its sidecar", change: (m) => (m.west.injection = [{ namespace: "shop", missing: ["web-1"], injected: 0 }]), found: ["fail proxies.injection west"] },
];

const group = { source: "istiod", message: "m", count: 2, example: "m" };

export const logsCases: readonly Case[] = [
  { what: "errors in the logs", change: (m) => (m.west.logs = { ok: true, value: [group] }), found: ["warn logs.errors west"] },
  { what: "logs that may not be read", change: (m) => (m.west.logs = { ok: false, error: "pods/log is forbidden" }), found: ["unknown logs.errors west"] },
  { what: "a cluster where nothing logs", change: (m) => (m.west.logs = { ok: true, value: undefined }), found: [], skipped: ["logs.errors west"] },
];

const answering = { ok: true, value: undefined } as const;

export const observabilityCases: readonly Case[] = [
  { what: "a Prometheus that does not answer", change: (m) => (m.west.observers = [{ app: "prometheus", answers: noAnswer, unread: [] }]), found: ["fail observability.answers west"] },
  { what: "a Prometheus that does not read another", change: (m) => (m.west.observers = [{ app: "prometheus", answers: answering, unread: ["east"] }]), found: ["warn observability.answers west"] },
  { what: "a mesh that is not observed", change: (m) => (m.west.observers = []), found: [], skipped: ["observability.answers west"] },
];
