import ipaddr from "ipaddr.js";
import { type Diagnosis, type Finding, reporter } from "../finding";
import { type Check, known, type Known, shared } from "./context";

const istiod = reporter("identity", "istiod");
const meshId = reporter("identity", "mesh-id");
const trustDomain = reporter("identity", "trust-domain");
const names = reporter("identity", "cluster-names");
const networks = reporter("identity", "networks");
const label = reporter("identity", "network-label");
const gateway = reporter("identity", "gateway-network");
const ranges = reporter("identity", "ranges");

export const istiodRuns: Check = (facts) =>
  known(facts).map((cluster) => {
    const { ready, total, version } = cluster.state.istiod;
    if (ready > 0) return istiod.pass({ cluster: cluster.key }, `${ready} of ${total} pods ready, ${version ?? "of unknown version"}`);
    return istiod.fail({ cluster: cluster.key }, total === 0 ? "istiod is not installed" : `0 of ${total} pods ready`, {
      reason: "no proxy of this cluster gets configuration or a certificate",
      cause: total === 0 ? "this cluster is no primary of the mesh" : "istiod cannot start: its log says why",
      remedy: total === 0 ? "./mesh up" : `${cluster.kubectl} -n istio-system logs deployment/istiod`,
    });
  });

export const sameMeshId: Check = (facts) =>
  equal(facts, meshId, "mesh id", (c) => c.state.istiod.meshId, {
    reason: "telemetry and policies that name the mesh take these clusters for different meshes",
    cause: "istiod was installed with another global.meshID",
    remedy: "set usmesh:mesh alike in every stack and run ./mesh up; in another mesh: upgrade istiod with the same global.meshID",
  });

export const sameTrustDomain: Check = (facts) =>
  equal(facts, trustDomain, "trust domain", (c) => c.state.istiod.trustDomain, {
    reason: "an identity of one cluster is a stranger in the other: mutual TLS and policies refuse it",
    cause: "istiod was installed with another meshConfig.trustDomain",
    remedy: "set usmesh:trustDomain alike in every stack and run ./mesh up; in another mesh: set meshConfig.trustDomainAliases or make it equal",
  });

/** One finding for a value that must be the same everywhere; where it is not, it says which cluster has which. */
function equal(
  facts: Parameters<Check>[0],
  report: ReturnType<typeof reporter>,
  what: string,
  value: (cluster: Known) => string | undefined,
  diagnosis: Diagnosis,
): Finding[] {
  const clusters = known(facts).filter((c) => c.state.istiod.total > 0);
  if (clusters.length === 0) return [];
  const values = clusters.map((c) => value(c) ?? "(none)");
  if (new Set(values).size === 1) return [report.pass({}, `${what} ${values[0]} in ${values.length} clusters`)];
  return [report.fail({}, clusters.map((c, i) => `${c.key} ${values[i]}`).join(", "), diagnosis)];
}

export const distinctNames: Check = (facts) =>
  distinct(facts, names, "cluster name", (c) => c.state.istiod.clusterName, {
    reason: "istiod cannot tell the endpoints of clusters with one name apart",
    cause: "istiod was installed with the same global.multiCluster.clusterName twice",
    remedy: "give each cluster a clusterName of its own and run ./mesh up",
  });

export const distinctNetworks: Check = (facts) =>
  distinct(facts, networks, "network", (c) => c.state.istiod.network, {
    reason: "endpoints of another cluster in the same network are reached by their pod addresses, past the gateways: requests hang unless the pods can route to each other",
    cause: "istiod was installed with the same global.network twice",
    remedy: "give each cluster a network of its own and run ./mesh up",
  });

function distinct(
  facts: Parameters<Check>[0],
  report: ReturnType<typeof reporter>,
  what: string,
  value: (cluster: Known) => string | undefined,
  diagnosis: Diagnosis,
): Finding[] {
  const clusters = known(facts).filter((c) => c.state.istiod.total > 0);
  if (clusters.length === 0) return [];
  const twice = [...shared(clusters, value)].map(([name, keys]) => `${name} in ${keys.join(" and ")}`);
  const unnamed = clusters.filter((c) => value(c) === undefined).map((c) => `none in ${c.key}`);
  const wrong = [...twice, ...unnamed];
  if (wrong.length > 0) return [report.fail({}, `${what} ${wrong.join("; ")}`, diagnosis)];
  return [report.pass({}, clusters.map((c) => `${c.key} is ${value(c)}`).join(", "))];
}

export const networkLabelled: Check = (facts) =>
  known(facts).flatMap((cluster) => {
    const { namespaceNetwork, istiod: own } = cluster.state;
    if (own.network === undefined) return [];
    if (namespaceNetwork === own.network) return [label.pass({ cluster: cluster.key }, `istio-system is in ${namespaceNetwork}`)];
    const seen = namespaceNetwork === undefined ? "istio-system has no network label" : `istio-system says ${namespaceNetwork}, istiod says ${own.network}`;
    return [
      label.fail({ cluster: cluster.key }, seen, {
        reason: "istiod takes pods without the label for pods of its own network, and its peers hand out their addresses instead of the gateway's",
        cause: "the label was removed, or the namespace was made without it",
        remedy: `./mesh up, or ${cluster.kubectl} label namespace istio-system topology.istio.io/network=${own.network} --overwrite`,
      }),
    ];
  });

export const gatewayInNetwork: Check = (facts) =>
  known(facts).flatMap((cluster) => {
    const own = cluster.state.istiod.network;
    return cluster.state.gateways.services.flatMap((service) => {
      if (own === undefined) return [];
      if (service.network === own) return [gateway.pass({ cluster: cluster.key }, `${service.name} is the gateway of ${own}`)];
      return [
        gateway.fail({ cluster: cluster.key }, `${service.name} says ${service.network}, istiod says ${own}`, {
          reason: "peers send what is meant for this network elsewhere",
          cause: "the gateway was installed with another networkGateway",
          remedy: `./mesh up, or ${cluster.kubectl} -n ${service.name.split("/")[0]} label service ${service.name.split("/")[1]} topology.istio.io/network=${own} --overwrite`,
        }),
      ];
    });
  });

/** Overlap is harmless to a mesh whose traffic goes by gateways, and yet in the way of routing, of debugging and of one network later. */
export const rangesApart: Check = (facts) => {
  const all = known(facts).flatMap((c) => [...c.state.podCidrs, ...c.state.serviceCidrs].map((cidr) => ({ key: c.key, cidr })));
  const clashes = all.flatMap((a, i) => all.slice(i + 1).filter((b) => b.key !== a.key && overlap(a.cidr, b.cidr)).map((b) => `${a.key} ${a.cidr} and ${b.key} ${b.cidr}`));
  if (clashes.length === 0) return all.length === 0 ? [] : [ranges.pass({}, `${all.length} ranges of pods and Services, none overlaps`)];
  return [
    ranges.warn({}, clashes.join("; "), {
      reason: "an address in a log or a packet does not tell its cluster, and the networks can never be joined by routing",
      cause: "the clusters were made with the same default ranges",
      remedy: "make one of the clusters anew with podSubnet and serviceSubnet of its own",
    }),
  ];
};

/** Whether two CIDRs share an address. */
export function overlap(a: string, b: string): boolean {
  const [x, y] = [ipaddr.parseCIDR(a), ipaddr.parseCIDR(b)];
  if (x[0].kind() !== y[0].kind()) return false;
  return x[0].match(y[0], Math.min(x[1], y[1]));
}
