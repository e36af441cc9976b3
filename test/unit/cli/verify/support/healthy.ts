import type { ClusterFacts, ClusterState, MeshFacts, PairFacts, ReplicaFacts } from "../../../../../cli/verify/facts";
import { issue, NOW, type Signer } from "./authority";

/** The certificates of a mesh of two clusters. */
export interface Trust {
  readonly root: Signer;
  readonly west: Signer;
  readonly east: Signer;
  readonly leaves: { readonly west: Signer; readonly east: Signer };
  /** The authority of the discovery proxies, and what they present. */
  readonly discovery: { readonly authority: Signer; readonly west: Signer; readonly east: Signer };
}

/** A root, an intermediate for each cluster and a workload's certificate from each. */
export async function trust(): Promise<Trust> {
  const root = await issue({ name: "root", days: 3650 });
  const [west, east] = await Promise.all([issue({ name: "west", issuer: root, pathLength: 0 }), issue({ name: "east", issuer: root, pathLength: 0 })]);
  const leaf = (issuer: Signer): Promise<Signer> => issue({ name: "workload", issuer, ca: false, days: 1, since: 0 });
  const ca = await discoveryAuthority();
  const served = (key: Key): Promise<Signer> => issue({ name: `discovery proxy ${key}`, issuer: ca, ca: false, hosts: [HOST(key)] });
  const discovery = { authority: ca, west: await served("west"), east: await served("east") };
  return { root, west, east, leaves: { west: await leaf(west), east: await leaf(east) }, discovery };
}

export type Key = "west" | "east";

/** The name of a cluster's discovery proxy. */
export const HOST = (key: string): string => `${key}.discovery.usmesh.internal`;

let authority: Promise<Signer> | undefined;

/** The authority of the discovery proxies, the same in every test. */
export function discoveryAuthority(): Promise<Signer> {
  authority ??= issue({ name: "discovery CA" });
  return authority;
}

const ADDRESS = { west: "172.18.255.102", east: "172.18.255.202" } as const;
const NET = { west: 10, east: 20 } as const;

/** What a healthy pod of istiod says. */
export function replica(pod: string, peer: Key): ReplicaFacts {
  return {
    pod,
    remotes: { ok: true, value: [{ id: `${peer}-cluster`, secret: "istio-system/istio-remote-secrets", status: "synced" }] },
    proxies: { ok: true, value: [{ id: "istio-eastwestgateway-1.istio-system", version: "1.31.4", stale: [] }] },
  };
}

/** What a healthy cluster looks like. */
export function clusterFacts(key: Key, ca: Trust): ClusterFacts & { state: ClusterState } {
  const peer: Key = key === "west" ? "east" : "west";
  const selector = { istio: "eastwestgateway" };
  return {
    key,
    server: "https://127.0.0.1:6443",
    kubectl: `kubectl --context kind-${key}`,
    plaintext: { ok: true, value: { accepted: false } },
    api: { ok: true, value: { version: "v1.34.4", skewMs: 120 } },
    state: {
      nodes: [{ name: `${key}-control-plane`, ready: true, region: `${key}us`, zone: "0" }],
      podCidrs: [`10.${NET[key]}.0.0/24`],
      serviceCidrs: [`10.${NET[key]}0.0.0/16`],
      namespaceNetwork: `${key}-network`,
      istiod: {
        ready: 1,
        total: 1,
        version: "1.31.4",
        clusterName: `${key}-cluster`,
        meshId: "usmesh",
        trustDomain: "cluster.local",
        trustDomainAliases: [],
        network: `${key}-network`,
        replicas: [replica("istiod-1", peer)],
      },
      cacerts: {
        ok: true,
        value: {
          keys: ["ca-cert.pem", "ca-key.pem", "cert-chain.pem", "root-cert.pem"],
          caCert: ca[key].pem,
          certChain: ca[key].pem + ca.root.pem,
          rootCert: ca.root.pem,
          keyMatches: true,
        },
      },
      distributedRoots: ca.root.pem,
      remoteSecrets: { ok: true, value: [{ secret: "istio-system/istio-remote-secrets", key: `${peer}-cluster`, server: `https://${ADDRESS[peer]}:15443` }] },
      gateways: {
        services: [
          { name: "istio-system/istio-eastwestgateway", network: `${key}-network`, addresses: [ADDRESS[key]], hasPort15443: true, selector, readyPods: 1 },
        ],
        passthrough: [{ name: "istio-system/cross-network-gateway", selector, hosts: ["*.local"] }],
      },
      workloadCertificate: { ok: true, value: { proxy: "istio-eastwestgateway-1.istio-system", chain: ca.leaves[key].pem + ca[key].pem + ca.root.pem } },
      remoteServices: {
        ok: true,
        value: key === "west" ? [{ service: "catalog.istioinaction", clusters: ["east"], endpoints: [{ address: ADDRESS.east, port: 15443 }] }] : [],
      },
      mutualTls: { ok: true, value: "STRICT" },
      destinationRules: { ok: true, value: [{ name: "istio-system/failover", host: "*.local", locality: "on", outlierDetection: true }] },
      sharedServices: {
        ok: true,
        value: [
          {
            service: "backend.istioinaction",
            endpoints: [
              { address: `10.${NET[key]}.0.9`, region: `${key}us`, priority: 0 },
              { address: ADDRESS[peer], region: `${peer}us`, priority: 1 },
            ],
          },
        ],
      },
      policies: { ok: true, value: [{ name: "istioinaction/allow-only-ingress", principals: ["cluster.local/ns/istio-system/sa/istio-ingressgateway"] }] },
      accounts: { ok: true, value: ["istio-system/istio-ingressgateway", "istioinaction/webapp"] },
      identities: ["istio-system/istio-ingressgateway"],
      injection: [{ namespace: "istioinaction", missing: [], injected: 1 }],
      observers: (["prometheus", "jaeger"] as const).map((app) => ({ app, answers: { ok: true, value: undefined }, unread: [] })),
      logs: { ok: true, value: [] },
      discovery: { ok: true, value: { wanted: 2, ready: 2, hosts: [HOST(key)] } },
    },
  };
}

/** What a healthy pair looks like. */
export function pairFacts(from: Key, to: Key, ca: Trust): PairFacts {
  return {
    from,
    to,
    access: [
      {
        secret: "istio-system/istio-remote-secrets",
        key: `${to}-cluster`,
        server: `https://${ADDRESS[to]}:15443`,
        denied: { ok: true, value: [] },
        excess: { ok: true, value: [] },
        through: {
          host: HOST(to),
          chain: { ok: true, value: ca.discovery[to].pem },
          authorities: ca.discovery.authority.pem,
          latencyMs: 2,
          secrets: { ok: true, value: 0 },
          apiServer: { ok: true, value: { accepted: false, error: "no answer within 3 s" } },
        },
      },
    ],
    probes: [{ address: ADDRESS[to], connection: { ok: true, value: { accepted: true } }, chain: { ok: true, value: ca.leaves[to].pem + ca[to].pem }, foreign: { ok: true, value: { accepted: false } } }],
    traffic: {
      ok: true,
      value: { status: 200, servedBy: to, clientIdentity: "spiffe://cluster.local/ns/usmesh-verify-0a1b2c/sa/prober", latencyMs: 3 },
    },
  };
}

/** What a healthy mesh of west and east looks like. */
export function meshFacts(ca: Trust): MeshFacts {
  return {
    time: new Date(NOW).toISOString(),
    clusters: [clusterFacts("west", ca), clusterFacts("east", ca)],
    pairs: [pairFacts("west", "east", ca), pairFacts("east", "west", ca)],
  };
}
