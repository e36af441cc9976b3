import ipaddr from "ipaddr.js";
import type { Diagnosis } from "../finding";
import { type Check, type ReadCluster, readClusters, shared } from "./context";

export const istiodRuns: Check = (facts, report) =>
  readClusters(facts).map((cluster) => {
    const { ready, total, version } = cluster.state.istiod;
    if (ready > 0) return report.pass({ cluster: cluster.key }, `${ready} of ${total} pods ready, ${version ?? "of unknown version"}`);
    return report.fail({ cluster: cluster.key }, total === 0 ? "istiod is not installed" : `0 of ${total} pods ready`, {
      reason: "no proxy of this cluster gets configuration or a certificate",
      cause: total === 0 ? "this cluster is not a primary of the mesh" : "istiod cannot start: its log says why",
      remedy: total === 0 ? "./mesh up" : `${cluster.kubectl} -n istio-system logs -l app=istiod --tail=-1`,
    });
  });

/** A value of a cluster; undefined where it has none. */
type Value = (cluster: ReadCluster) => string | undefined;

/** What is wrong with the values of all clusters taken together, else what is right. */
type Comparison = (clusters: readonly ReadCluster[], value: Value) => { readonly wrong: string } | { readonly right: string };

export const sameMeshId = compares((c) => c.state.istiod.meshId, equal("mesh id"), {
  reason: "telemetry and policies that name the mesh see these clusters as different meshes",
  cause: "istiod was installed with another global.meshID",
  remedy: "set the same usmesh:mesh in every stack and run ./mesh up; in another mesh: upgrade istiod with the same global.meshID",
});

export const sameTrustDomain = compares((c) => c.state.istiod.trustDomain, equal("trust domain"), {
  reason: "the other cluster does not know the identities of this one: mutual TLS and policies refuse them",
  cause: "istiod was installed with another meshConfig.trustDomain",
  remedy: "set the same usmesh:trustDomain in every stack and run ./mesh up; in another mesh: set meshConfig.trustDomainAliases or make it equal",
});

export const distinctNames = compares((c) => c.state.istiod.clusterName, distinct("cluster name"), {
  reason: "istiod cannot tell the endpoints of clusters with one name apart",
  cause: "istiod was installed with the same global.multiCluster.clusterName twice",
  remedy: "give each cluster a clusterName of its own and run ./mesh up",
});

export const distinctNetworks = compares((c) => c.state.istiod.network, distinct("network"), {
  reason: "endpoints of another cluster in the same network are reached by their pod addresses, past the gateways: requests hang unless the pods can route to each other",
  cause: "istiod was installed with the same global.network twice",
  remedy: "give each cluster a network of its own and run ./mesh up",
});

/** A check that compares a value of all clusters that have an istiod: one finding for all of them. */
function compares(value: Value, compare: Comparison, diagnosis: Diagnosis): Check {
  return (facts, report) => {
    const clusters = readClusters(facts).filter((c) => c.state.istiod.total > 0);
    if (clusters.length === 0) return [];
    const seen = compare(clusters, value);
    return ["wrong" in seen ? report.fail({}, seen.wrong, diagnosis) : report.pass({}, seen.right)];
  };
}

/** A value has to be the same everywhere; where it is not, it says which cluster has which. */
function equal(what: string): Comparison {
  return (clusters, value) => {
    const values = clusters.map((c) => value(c) ?? "(none)");
    if (new Set(values).size === 1) return { right: `${what} ${values[0]} in ${values.length} clusters` };
    return { wrong: clusters.map((c, i) => `${c.key} ${values[i]}`).join(", ") };
  };
}

/** Each cluster has to have a value of its own. */
function distinct(what: string): Comparison {
  return (clusters, value) => {
    const twice = [...shared(clusters, value)].map(([name, keys]) => `${name} in ${keys.join(" and ")}`);
    const unnamed = clusters.filter((c) => value(c) === undefined).map((c) => `none in ${c.key}`);
    const wrong = [...twice, ...unnamed];
    return wrong.length > 0 ? { wrong: `${what} ${wrong.join("; ")}` } : { right: clusters.map((c) => `${c.key} is ${value(c)}`).join(", ") };
  };
}

export const networkLabelled: Check = (facts, report) =>
  readClusters(facts).flatMap((cluster) => {
    const { namespaceNetwork, istiod: own } = cluster.state;
    if (own.network === undefined) return [];
    if (namespaceNetwork === own.network) return [report.pass({ cluster: cluster.key }, `istio-system is in ${namespaceNetwork}`)];
    const seen = namespaceNetwork === undefined ? "istio-system has no network label" : `istio-system says ${namespaceNetwork}, istiod says ${own.network}`;
    return [
      report.fail({ cluster: cluster.key }, seen, {
        reason: "without the label, istiod takes pods for pods of its own network, and its peers hand out their addresses instead of the gateway's",
        cause: "the label was removed, or the namespace was created without it",
        remedy: `./mesh up, or ${cluster.kubectl} label namespace istio-system topology.istio.io/network=${own.network} --overwrite`,
      }),
    ];
  });

export const gatewayInNetwork: Check = (facts, report) =>
  readClusters(facts).flatMap((cluster) => {
    const own = cluster.state.istiod.network;
    return cluster.state.gateways.services.flatMap((service) => {
      if (own === undefined) return [];
      if (service.network === own) return [report.pass({ cluster: cluster.key }, `${service.name} is the gateway of ${own}`)];
      return [
        report.fail({ cluster: cluster.key }, `${service.name} says ${service.network}, istiod says ${own}`, {
          reason: "peers send requests for this network to another one",
          cause: "the gateway was installed with another networkGateway",
          remedy: `./mesh up, or ${cluster.kubectl} -n ${service.name.split("/")[0]} label service ${service.name.split("/")[1]} topology.istio.io/network=${own} --overwrite`,
        }),
      ];
    });
  });

/** An overlap does no harm while the traffic goes through gateways, but prevents routing between the networks, and makes debugging harder. */
export const rangesApart: Check = (facts, report) => {
  const clusters = readClusters(facts);
  const all = clusters.flatMap((c) => [...c.state.podCidrs, ...c.state.serviceCidrs].map((cidr) => ({ key: c.key, cidr })));
  const clashes = all.flatMap((a, i) => all.slice(i + 1).filter((b) => b.key !== a.key && overlap(a.cidr, b.cidr)).map((b) => `${a.key} ${a.cidr} and ${b.key} ${b.cidr}`));
  if (clashes.length === 0) {
    if (all.length === 0) return [report.skip({}, "no cluster tells the ranges of its pods and Services")];
    const partly = clusters.filter((c) => c.state.podCidrs.length === 0 || c.state.serviceCidrs.length === 0).map((c) => c.key);
    return [report.pass({}, `${all.length} ranges of pods and Services, none overlaps${partly.length > 0 ? `; ${partly.join(" and ")} does not tell all of its ranges` : ""}`)];
  }
  return [
    report.warn({}, clashes.join("; "), {
      reason: "an address in a log or a packet does not tell its cluster, and the networks can never be joined by routing",
      cause: "the clusters were created with the same default ranges",
      remedy: "recreate one of the clusters with podSubnet and serviceSubnet of its own",
    }),
  ];
};

/** Whether two CIDRs share an address. */
export function overlap(a: string, b: string): boolean {
  const [x, y] = [ipaddr.parseCIDR(a), ipaddr.parseCIDR(b)];
  if (x[0].kind() !== y[0].kind()) return false;
  return x[0].match(y[0], Math.min(x[1], y[1]));
}
