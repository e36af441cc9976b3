import { ALL_HOSTS, CROSS_NETWORK_GATEWAY } from "../../../topology/names";
import type { Finding } from "../finding";
import { selects } from "../gather/resources";
import { certificates, parsable, rootOf } from "./certificates";
import { type Check, type ReadCluster, readClusters, readPairs, requestArrived } from "./context";
import { covers } from "./hosts";

export const everyNetworkHasOne: Check = (facts, report) =>
  readClusters(facts).flatMap((cluster): Finding[] => {
    const own = cluster.state.istiod.network;
    if (own === undefined) return [report.skip({ cluster: cluster.key }, "istiod names no network")];
    const found = cluster.state.gateways.services.filter((s) => s.network === own).map((s) => s.name);
    if (found.length > 0) return [report.pass({ cluster: cluster.key }, `${found.join(", ")} for ${own}`)];
    // A gateway with another network's label is reported as that.
    if (cluster.state.gateways.services.length > 0) return [];
    return [
      report.fail({ cluster: cluster.key }, `network ${own} has no gateway`, {
        reason: "peers get the raw pod addresses of this network, which they cannot reach: requests hang",
        cause: "the east-west gateway is not installed, or its Service has lost the label topology.istio.io/network",
        remedy: "./mesh up; in another mesh: install the gateway chart with networkGateway set",
      }),
    ];
  });

export const hasAddress: Check = (facts, report) =>
  readClusters(facts).flatMap((cluster) =>
    cluster.state.gateways.services.map((service) => {
      const subject = { cluster: cluster.key };
      const [namespace, name] = service.name.split("/");
      if (service.addresses.length > 0 && service.hasPort15443) return report.pass(subject, `${service.name} at ${service.addresses.join(", ")}:15443`);
      const what = service.addresses.length === 0 ? "no address" : "no port 15443";
      return report.fail(subject, `${service.name} has ${what}`, {
        reason: "peers have no address to send requests for this cluster to",
        cause: service.addresses.length === 0 ? "no load balancer gave the Service an address: MetalLB's pool is used up or missing" : "the gateway was installed without networkGateway",
        remedy: service.addresses.length === 0 ? `${cluster.kubectl} -n ${namespace} describe service ${name}` : "./mesh up",
      });
    }),
  );

export const hasPods: Check = (facts, report) =>
  readClusters(facts).flatMap((cluster) =>
    cluster.state.gateways.services.map((service) => {
      const [namespace, name] = service.name.split("/");
      if (service.readyPods > 0) return report.pass({ cluster: cluster.key }, `${service.name}: ${service.readyPods} ready`);
      return report.fail({ cluster: cluster.key }, `${service.name} has no ready pod`, {
        reason: "every request from other clusters into this one fails",
        cause: "the gateway was scaled to zero, or its pods cannot start",
        remedy: `${cluster.kubectl} -n ${namespace} scale deployment ${name} --replicas=1; ${cluster.kubectl} -n ${namespace} get pods`,
      });
    }),
  );

export const passesThrough: Check = (facts, report) =>
  readClusters(facts).flatMap((cluster) =>
    cluster.state.gateways.services.map((service) => {
      const subject = { cluster: cluster.key };
      const found = cluster.state.gateways.passthrough.filter((gateway) => selects(gateway.selector, service.selector));
      if (found.length > 0) return report.pass(subject, `${found.map((g) => g.name).join(", ")}: AUTO_PASSTHROUGH for ${found.flatMap((g) => g.hosts).join(", ")}`);
      return report.fail(subject, `no Gateway with AUTO_PASSTHROUGH on 15443 selects ${service.name}`, {
        reason: "the gateway does not listen on 15443: connections from other clusters are refused",
        cause: "the Gateway resource was deleted, or its selector does not match the gateway's labels",
        remedy: "./mesh up; in another mesh: apply Istio's expose-services Gateway",
      });
    }),
  );

/** Whether other networks can reach only what the gateway was created for. */
export const exposesNoMore: Check = (facts, report) =>
  readClusters(facts).flatMap((cluster) =>
    cluster.state.gateways.services.flatMap((service): Finding[] => {
      const subject = { cluster: cluster.key };
      const all = cluster.state.gateways.passthrough.filter((gateway) => selects(gateway.selector, service.selector));
      const own = all.find((gateway) => gateway.name.endsWith(`/${CROSS_NETWORK_GATEWAY}`));
      if (all.length === 0) return [];
      if (own === undefined) return [report.skip(subject, "no Gateway records what it was created for")];
      const intended = own.intended ?? ALL_HOSTS;
      const wider = all.flatMap(({ name, hosts }) => hosts.filter((host) => !isWithin(host, intended)).map((host) => ({ name, host })));
      if (wider.length === 0) return [report.pass(subject, `other networks reach ${intended.join(", ")}, and nothing else`)];
      const [namespace, name] = (wider[0]?.name ?? "").split("/");
      return [
        report.fail(subject, `other networks also reach ${wider.map((found) => `${found.host} (${found.name})`).join(", ")}`, {
          reason: `the gateway was created for ${intended.join(", ")} only`,
          cause: "a Gateway was added for the same pods, or its hosts were edited",
          remedy: `${cluster.kubectl} -n ${namespace} edit gateways.networking.istio.io ${name}, and remove the hosts; or name them in usmesh:eastWest.hosts, and ./mesh up`,
        }),
      ];
    }),
  );

/** Whether a Gateway's host, which may begin with a namespace, matches nothing that other hosts do not match. */
function isWithin(host: string, others: readonly string[]): boolean {
  const name = (text: string): string => text.replace(/^.*\//, "");
  return others.some((other) => covers(name(other), name(host)));
}

/** Whether the peer's gateway can be reached at all; left to the checks above where they have found why it cannot. */
export const openFromPeers: Check = (facts, report) =>
  readPairs(facts).flatMap(({ pair, to }) => {
    if (!gatewayWorks(to)) return [];
    return pair.probes.map(({ address, connection }): Finding => {
      const subject = { cluster: pair.from, peer: pair.to };
      const target = `${address}:15443`;
      if (!connection.ok) {
        const why = `${target}: no proxy in ${pair.from} could try it: ${connection.error}`;
        return requestArrived(pair) ? report.skip(subject, `${why}; a request of the traffic checks passed the gateway`) : report.unknown(subject, why);
      }
      if (connection.value.accepted) return report.pass(subject, `${target} accepts connections`);
      return report.fail(subject, `${target}: ${connection.value.error ?? "no connection"}`, {
        reason: `what ${pair.from} sends to ${pair.to} does not arrive`,
        cause: "a firewall or a missing route between the clusters' networks",
        remedy: `allow TCP 15443 from the nodes of ${pair.from} to ${address}`,
      });
    });
  });

/** Whether the gateway leads to the mesh: what is behind it presents a certificate of one of the mesh's roots. */
export const presentsChain: Check = (facts, report) => {
  const cacerts = readClusters(facts).map(({ state }) => state.cacerts);
  const roots = cacerts.flatMap((found) => (found.ok ? parsable(found.value?.rootCert) : []));
  return readClusters(facts).flatMap((to) => {
    if (!gatewayWorks(to)) return [];
    const subject = { cluster: to.key };
    if (roots.length === 0) return cacerts.every(({ ok }) => ok) ? [report.skip(subject, "no cluster has a root in istio-system/cacerts")] : [report.unknown(subject, "no root of the mesh can be read")];
    const pairs = facts.pairs.filter((pair) => pair.to === to.key);
    const byAddress = new Map(pairs.flatMap((pair) => pair.probes).map((probe) => [probe.address, probe.chain]));
    return [...byAddress].map(([address, chain]): Finding => {
      const target = `${address}:15443`;
      if (!chain.ok) {
        const why = `${target} was not reached from this machine: ${chain.error}`;
        return pairs.some(requestArrived) ? report.skip(subject, `${why}; a request of the traffic checks passed it by mutual TLS`) : report.unknown(subject, why);
      }
      if (chain.value === undefined) return report.skip(subject, `${target}: no workload with a sidecar runs behind it`);
      const links = certificates(chain.value);
      if (rootOf(links, roots)) return report.pass(subject, `${target} presents ${links.length} certificates of the mesh's authority by SNI`);
      return report.fail(subject, `${target} presents a certificate of another authority`, {
        reason: "peers refuse the workloads behind this gateway",
        cause: "something between the clusters ends TLS, or istiod behind the gateway signs with a CA of its own",
        remedy: "pass TCP through on 15443 without ending TLS; compare the findings under trust",
      });
    });
  });
};

/** Whether the workloads behind the gateway accept only clients of the mesh's roots. */
export const refusesForeignRoots: Check = (facts, report) =>
  readClusters(facts).flatMap((to) => {
    if (!gatewayWorks(to)) return [];
    const subject = { cluster: to.key };
    const probes = new Map(facts.pairs.filter((pair) => pair.to === to.key).flatMap((pair) => pair.probes).map((probe) => [probe.address, probe]));
    return [...probes.values()].map(({ address, chain, foreign }): Finding => {
      const target = `${address}:15443`;
      if (!chain.ok) return report.skip(subject, `${target} was not reached from this machine`);
      if (!foreign.ok) return report.unknown(subject, `${target}: whether it refuses a client of another root is not known: ${foreign.error}`);
      if (foreign.value === undefined) return report.skip(subject, `${target}: no workload with a sidecar runs behind it`);
      if (!foreign.value.accepted) return report.pass(subject, `${target} refuses a client with a certificate of another root`);
      return report.fail(subject, `${target} accepts a client with a certificate of another root`, {
        reason: "anyone who reaches the gateway can act as any workload of the mesh",
        cause: "an EnvoyFilter changes how workloads verify their clients, or something between the clusters ends TLS",
        remedy: `look for what changes the proxies' TLS: ${to.kubectl} get envoyfilter -A`,
      });
    });
  });

function gatewayWorks(cluster: ReadCluster): boolean {
  const { services, passthrough: gateways } = cluster.state.gateways;
  return services.some((s) => s.readyPods > 0 && s.addresses.length > 0 && gateways.some((g) => selects(g.selector, s.selector)));
}
