import { type Finding, reporter } from "../finding";
import { selects } from "../gather/resources";
import { certificates, rootOf } from "./certificates";
import { type Check, known, type Known, knownPairs } from "./context";

const present = reporter("gateways", "present");
const address = reporter("gateways", "address");
const ready = reporter("gateways", "ready");
const passthrough = reporter("gateways", "passthrough");
const open = reporter("gateways", "open");
const chain = reporter("gateways", "chain");

export const everyNetworkHasOne: Check = (facts) =>
  known(facts).flatMap((cluster): Finding[] => {
    const own = cluster.state.istiod.network;
    if (own === undefined) return [];
    const found = cluster.state.gateways.services.filter((s) => s.network === own).map((s) => s.name);
    if (found.length > 0) return [present.pass({ cluster: cluster.key }, `${found.join(", ")} for ${own}`)];
    // A gateway with another network's label is reported as that.
    if (cluster.state.gateways.services.length > 0) return [];
    return [
      present.fail({ cluster: cluster.key }, `network ${own} has no gateway`, {
        reason: "peers get the raw pod addresses of this network, which they cannot reach: requests hang",
        cause: "the east-west gateway is not installed, or its Service has lost the label topology.istio.io/network",
        remedy: "./mesh up; in another mesh: install the gateway chart with networkGateway set",
      }),
    ];
  });

export const hasAddress: Check = (facts) =>
  known(facts).flatMap((cluster) =>
    cluster.state.gateways.services.map((service) => {
      const place = { cluster: cluster.key };
      const [namespace, name] = service.name.split("/");
      if (service.addresses.length > 0 && service.hasPort15443) return address.pass(place, `${service.name} at ${service.addresses.join(", ")}:15443`);
      const what = service.addresses.length === 0 ? "no address" : "no port 15443";
      return address.fail(place, `${service.name} has ${what}`, {
        reason: "peers have nowhere to send what is meant for this cluster",
        cause: service.addresses.length === 0 ? "no load balancer gave the Service an address: MetalLB's pool is used up or missing" : "the gateway was installed without networkGateway",
        remedy: service.addresses.length === 0 ? `${cluster.kubectl} -n ${namespace} describe service ${name}` : "./mesh up",
      });
    }),
  );

export const hasPods: Check = (facts) =>
  known(facts).flatMap((cluster) =>
    cluster.state.gateways.services.map((service) => {
      const [namespace, name] = service.name.split("/");
      if (service.readyPods > 0) return ready.pass({ cluster: cluster.key }, `${service.name}: ${service.readyPods} ready`);
      return ready.fail({ cluster: cluster.key }, `${service.name} has no ready pod`, {
        reason: "every request from other clusters into this one fails",
        cause: "the gateway was scaled to zero, or its pods cannot start",
        remedy: `${cluster.kubectl} -n ${namespace} scale deployment ${name} --replicas=1; ${cluster.kubectl} -n ${namespace} get pods`,
      });
    }),
  );

export const passesThrough: Check = (facts) =>
  known(facts).flatMap((cluster) =>
    cluster.state.gateways.services.map((service) => {
      const place = { cluster: cluster.key };
      const found = cluster.state.gateways.passthrough.filter((gateway) => selects(gateway.selector, service.selector));
      if (found.length > 0) return passthrough.pass(place, `${found.map((g) => g.name).join(", ")}: AUTO_PASSTHROUGH for ${found.flatMap((g) => g.hosts).join(", ")}`);
      return passthrough.fail(place, `no Gateway with AUTO_PASSTHROUGH on 15443 selects ${service.name}`, {
        reason: "the gateway does not listen on 15443: connections from other clusters are refused",
        cause: "the Gateway resource was deleted, or its selector does not match the gateway's labels",
        remedy: "./mesh up; in another mesh: apply Istio's expose-services Gateway",
      });
    }),
  );

/** Whether the peer's gateway can be reached at all; left to the checks above where they have found why it cannot. */
export const openFromPeers: Check = (facts) =>
  knownPairs(facts).flatMap(({ pair, to }) => {
    if (!gatewayWorks(to)) return [];
    return pair.probes.flatMap((probe): Finding[] => {
      const place = { cluster: pair.from, peer: pair.to };
      const target = `${probe.address}:15443`;
      if (probe.open === undefined) return [open.skip(place, `${target}: no proxy in ${pair.from} has curl to try it with`)];
      if (probe.open.ok) return [open.pass(place, `${target} accepts connections`)];
      return [
        open.fail(place, `${target}: ${probe.open.error}`, {
          reason: `what ${pair.from} sends to ${pair.to} does not arrive`,
          cause: "a firewall or a missing route between the clusters' networks",
          remedy: `allow TCP 15443 from the nodes of ${pair.from} to ${probe.address}`,
        }),
      ];
    });
  });

export const presentsChain: Check = (facts) => {
  const roots = known(facts).flatMap((c) => (c.state.cacerts.ok ? certificates(safe(c.state.cacerts.value?.rootCert)) : []));
  return known(facts).flatMap((to) => {
    if (!gatewayWorks(to) || roots.length === 0) return [];
    const probes = facts.pairs.filter((pair) => pair.to === to.key).flatMap((pair) => pair.probes);
    const byAddress = new Map(probes.map((probe) => [probe.address, probe.chain]));
    return [...byAddress].map(([where, found]): Finding => {
      const place = { cluster: to.key };
      if (!found.ok) return chain.skip(place, `${where}:15443 was not reached from this machine: ${found.error}`);
      const links = certificates(found.value);
      if (rootOf(links, roots)) return chain.pass(place, `${where}:15443 presents ${links.length} certificates of the mesh's authority by SNI`);
      return chain.fail(place, `${where}:15443 presents a certificate of another authority`, {
        reason: "peers refuse what this gateway leads to",
        cause: "something between the clusters ends TLS, or istiod behind the gateway signs with a CA of its own",
        remedy: "pass TCP through on 15443 without ending TLS; compare the findings under trust",
      });
    });
  });
};

function gatewayWorks(cluster: Known): boolean {
  const { services, passthrough: gateways } = cluster.state.gateways;
  return services.some((s) => s.readyPods > 0 && s.addresses.length > 0 && gateways.some((g) => selects(g.selector, s.selector)));
}

/** The bundle if it can be parsed, else nothing: `trust.cacerts` reports what cannot. */
function safe(pem: string | undefined): string | undefined {
  try {
    certificates(pem);
    return pem;
  } catch {
    return undefined;
  }
}
