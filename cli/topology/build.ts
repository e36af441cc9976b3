import { nameOf, parsable, rootOf, short } from "../verify/checks/certificates";
import type { CacertsFacts, ClusterFacts, ClusterState, MeshFacts, Result } from "../verify/facts";
import type { Finding, Status } from "../verify/finding";
import type { Rates } from "./rates";
import { type ClusterNode, type Condition, CONDITIONS, type Link, type Topology, TOPOLOGY_VERSION } from "./schema";

/** A Service with an address outside the cluster that is not a gateway between networks. */
export interface LoadBalancer {
  /** `namespace/name`. */
  readonly name: string;
  readonly addresses: readonly string[];
  readonly readyPods: number;
}

/** What is read for the picture alone, by cluster. */
export interface Extras {
  readonly loadBalancers: ReadonlyMap<string, readonly LoadBalancer[]>;
  /** Requests per second; clusters without statistics have none. */
  readonly rates: ReadonlyMap<string, Rates>;
}

/** The mesh as a picture shows it. @param findings of all checks; those that pass, or do not apply, are left out. */
export function topologyOf(facts: MeshFacts, findings: readonly Finding[], extras: Extras): Topology {
  const wrong = findings.filter(({ status }) => conditionOf(status) !== "ok");
  return {
    version: TOPOLOGY_VERSION,
    time: facts.time,
    meshIds: distinct(facts, ({ istiod }) => istiod.meshId),
    trustDomains: distinct(facts, ({ istiod }) => istiod.trustDomain),
    clusters: facts.clusters.map((cluster) => clusterNode(cluster, wrong, extras)),
    links: facts.pairs.map(({ from, to }) => linkOf(facts, from, to, wrong, extras)),
    findings: [...wrong],
    condition: worst(wrong),
  };
}

function distinct(facts: MeshFacts, value: (state: ClusterState) => string | undefined): string[] {
  return [...new Set(facts.clusters.flatMap(({ state }) => (state && value(state)) ?? []))];
}

function clusterNode({ key, server, api, state, unread }: ClusterFacts, findings: readonly Finding[], extras: Extras): ClusterNode {
  const condition = worst(findings.filter((finding) => finding.cluster === key && finding.peer === undefined));
  const base = { key, server, ...(api.ok && { kubernetes: api.value.version }), condition };
  if (state === undefined) return { ...base, unread: unread ?? "it could not be read", places: [], gateways: [] };
  const { istiod, nodes, gateways, cacerts } = state;
  const rates = extras.rates.get(key);
  const between = gateways.services.map(({ name, network, addresses, readyPods }) => ({ name, network, addresses: [...addresses], readyPods }));
  const others = (extras.loadBalancers.get(key) ?? []).map(({ name, addresses, readyPods }) => ({ name, addresses: [...addresses], readyPods }));
  const trust = trustOf(cacerts);
  return {
    ...base,
    ...(istiod.clusterName !== undefined && { clusterName: istiod.clusterName }),
    ...(istiod.network !== undefined && { network: istiod.network }),
    ...(istiod.version !== undefined && { istio: istiod.version }),
    istiod: { ready: istiod.ready, total: istiod.total },
    nodes: { ready: nodes.filter(({ ready }) => ready).length, total: nodes.length },
    places: [...new Set(nodes.flatMap(({ region, zone }) => (region === undefined ? [] : [zone === undefined ? region : `${region}/${zone}`])))],
    gateways: [...between, ...others],
    ...(trust && { trust }),
    ...(rates && { requestsPerSecond: rates.perSecond.get(key) ?? 0, proxies: { answered: rates.answered, total: rates.total } }),
  };
}

function trustOf(cacerts: Result<CacertsFacts | undefined>): ClusterNode["trust"] {
  if (!cacerts.ok || cacerts.value === undefined) return undefined;
  const [authority] = parsable(cacerts.value.caCert);
  if (authority === undefined) return undefined;
  const roots = parsable(cacerts.value.rootCert);
  const links = parsable(cacerts.value.certChain);
  const root = rootOf(links[0]?.fingerprint256 === authority.fingerprint256 ? links : [authority, ...links], roots);
  return {
    authority: nameOf(authority),
    notAfter: new Date(authority.validTo).toISOString(),
    ...(root && { root: short(root.fingerprint256) }),
    roots: roots.map(({ fingerprint256 }) => short(fingerprint256)),
  };
}

function linkOf(facts: MeshFacts, from: string, to: string, findings: readonly Finding[], extras: Extras): Link {
  const rates = extras.rates.get(from);
  return {
    from,
    to,
    reads: readsOf(facts, from, to),
    ...(rates && { requestsPerSecond: rates.perSecond.get(to) ?? 0 }),
    condition: worst(findings.filter((finding) => finding.cluster === from && finding.peer === to)),
  };
}

/** How istiod of a cluster reads another one: the worst that one of its pods says. */
function readsOf(facts: MeshFacts, from: string, to: string): string {
  const [reader, read] = [from, to].map((key) => facts.clusters.find((cluster) => cluster.key === key)?.state?.istiod);
  if (reader === undefined || read?.clusterName === undefined || reader.replicas.length === 0) return "unknown";
  const said = reader.replicas.map(({ remotes }) => (remotes.ok ? (remotes.value.find(({ id }) => id === read.clusterName)?.status ?? "absent") : "unknown"));
  return said.find((status) => status !== "synced" && status !== "unknown") ?? said.find((status) => status !== "synced") ?? "synced";
}

function conditionOf(status: Status): Condition {
  return status === "pass" || status === "skip" ? "ok" : status;
}

/** The worst of findings; `ok` without any. */
function worst(findings: readonly Finding[]): Condition {
  return findings.map(({ status }) => conditionOf(status)).reduce<Condition>((a, b) => (CONDITIONS.indexOf(a) > CONDITIONS.indexOf(b) ? a : b), "ok");
}
