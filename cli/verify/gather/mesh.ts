import type { ClusterFacts, ClusterState, Got, MeshFacts, PairFacts, TrafficFacts } from "../facts";
import type { Target } from "../targets";
import { gatherAccess } from "./access";
import { gatherApi, gatherNodes, gatherServiceCidrs, hasSidecar, injectionOf } from "./cluster";
import { gatherRemoteServices, readyAddresses } from "./endpoints";
import { gatherGateways } from "./gateways";
import { gatherIstiod, gatherProxies, istiodPods } from "./istiod";
import { gatherLogs } from "./logs";
import { nameLookup } from "./names";
import { probe } from "./probes";
import { gatherRemoteSecrets, type RemoteEntry } from "./remote-secrets";
import { attempt, dotted, type EndpointSlice, isReady, type Meta, type Namespace, type Pod, selects, type Service } from "./resources";
import { isRunNamespace } from "../traffic/objects";
import { gatherCacerts, gatherDistributedRoots, gatherWorkloadCertificate } from "./trust";

/** Minutes of logs that are looked at. */
const LOG_MINUTES = 5;

/** What was read of one cluster first, and what of it only helps to read the rest. */
interface Reading {
  readonly target: Target;
  readonly facts: ClusterFacts;
  readonly pods: readonly Pod[];
  readonly entries: readonly RemoteEntry[];
  /** Services with ready endpoints here, by `name.namespace`. */
  readonly services: ReadonlyMap<string, readonly string[]>;
  /** The name by which a gateway of this cluster leads to one of its workloads. */
  readonly sni?: string;
}

/** What runs requests between the clusters; answers are keyed `from->to`. */
export type Traffic = (targets: readonly Target[]) => Promise<ReadonlyMap<string, Got<TrafficFacts>>>;

/**
 * Reads the whole mesh: the clusters side by side, then what takes knowing all of them, while the traffic runs.
 * @param progress called with a line at each step.
 */
export async function gatherMesh(targets: readonly Target[], traffic: Traffic | undefined, progress: (line: string) => void): Promise<MeshFacts> {
  const time = new Date().toISOString();
  progress(`reading ${targets.length} clusters`);
  const running = traffic?.(targets);
  // Awaited last; a failure meanwhile must not count as unhandled.
  running?.catch(() => undefined);
  const readings = await Promise.all(targets.map((target) => readCluster(target)));
  progress("reading what each cluster knows of the others");
  const [clusters, pairs] = await Promise.all([Promise.all(readings.map((r) => completeCluster(r, readings))), readPairs(readings)]);
  if (running === undefined) return { time, clusters, pairs };
  progress("sending requests between the clusters");
  const answers = await running;
  return { time, clusters, pairs: pairs.map((pair) => ({ ...pair, traffic: answers.get(`${pair.from}->${pair.to}`) })) };
}

async function readCluster(target: Target): Promise<Reading> {
  const { kube, key } = target;
  const api = await gatherApi(kube);
  const base = { key, server: kube.server, kubectl: target.kubectl, api };
  const nothing = { target, pods: [], entries: [], services: new Map<string, readonly string[]>() };
  if (!api.ok) return { ...nothing, facts: base };
  const reading = await attempt(() => readState(target, base));
  // It answered at first and then no more: as good as not at all.
  return reading.ok ? reading.value : { ...nothing, facts: { ...base, api: reading } };
}

async function readState(target: Target, base: Omit<ClusterFacts, "state">): Promise<Reading> {
  const { kube } = target;
  const own = <T extends { metadata: Meta }>(items: readonly T[]): T[] => items.filter(({ metadata }) => !isRunNamespace(metadata.namespace ?? metadata.name));
  const [{ nodes, podCidrs }, serviceCidrs, namespaces, pods, services, slices, cacerts, distributedRoots, entries] = await Promise.all([
    gatherNodes(kube),
    gatherServiceCidrs(kube),
    kube.list<Namespace>("/api/v1/namespaces").then(own),
    kube.list<Pod>("/api/v1/pods").then(own),
    kube.list<Service>("/api/v1/services").then(own),
    kube.list<EndpointSlice>("/apis/discovery.k8s.io/v1/endpointslices").then(own),
    gatherCacerts(kube),
    gatherDistributedRoots(kube),
    gatherRemoteSecrets(kube),
  ]);
  const system = pods.filter((pod) => pod.metadata.namespace === "istio-system");
  const [istiod, gateways, proxies, workloadCertificate, logs] = await Promise.all([
    gatherIstiod(kube, system),
    gatherGateways(kube, pods, services),
    gatherProxies(kube, system),
    gatherWorkloadCertificate(kube, proxyOf(pods)),
    gatherLogs(kube, [...istiodPods(system), ...gatewayPods(pods)].filter(isReady), LOG_MINUTES),
  ]);
  const state: ClusterState = {
    nodes,
    podCidrs,
    serviceCidrs,
    namespaceNetwork: namespaces.find((n) => n.metadata.name === "istio-system")?.metadata.labels?.["topology.istio.io/network"],
    istiod,
    cacerts,
    distributedRoots,
    remoteSecrets: entries.map((entry) => entry.facts),
    gateways,
    proxies,
    workloadCertificate,
    remoteServices: { ok: true, value: [] },
    injection: injectionOf(namespaces, pods),
    logs,
  };
  return { target, facts: { ...base, state }, pods, entries, services: readyAddresses(meshed(slices, pods)), sni: sniOf(services, slices, pods) };
}

/** Slices with at least one pod that has a sidecar: what the mesh can route to in another cluster. A gateway is no workload of it. */
function meshed(slices: readonly EndpointSlice[], pods: readonly Pod[]): EndpointSlice[] {
  const gateways = gatewayPods(pods);
  const addresses = new Set(pods.filter((pod) => hasSidecar(pod) && !gateways.includes(pod)).map((pod) => pod.status?.podIP));
  return slices.filter((slice) => slice.endpoints?.some((e) => e.addresses.some((a) => addresses.has(a))));
}

async function completeCluster(reading: Reading, all: readonly Reading[]): Promise<ClusterFacts> {
  const { facts, target, pods } = reading;
  if (facts.state === undefined) return facts;
  const elsewhere = new Map<string, string[]>();
  for (const other of all.filter((o) => o !== reading)) {
    for (const service of other.services.keys()) {
      if (!reading.services.has(service)) elsewhere.set(service, [...(elsewhere.get(service) ?? []), other.target.key]);
    }
  }
  return { ...facts, state: { ...facts.state, remoteServices: await gatherRemoteServices(target.kube, routingProxy(pods, facts.state), elsewhere) } };
}

async function readPairs(readings: readonly Reading[]): Promise<PairFacts[]> {
  const ordered = readings.flatMap((from) => readings.filter((to) => to !== from).map((to) => ({ from, to })));
  const isKnown = nameLookup(Math.min(...readings.map(({ target }) => target.timeoutMs)));
  return Promise.all(
    ordered.map(async ({ from, to }) => {
      const remote = to.facts.state?.istiod.clusterName;
      const entries = from.entries.filter((entry) => entry.facts.key === remote);
      const addresses = to.facts.state?.gateways.services.flatMap((s) => s.addresses) ?? [];
      const [access, probes] = await Promise.all([
        Promise.all(entries.map((entry) => gatherAccess(entry, to.facts.server, from.target.timeoutMs, isKnown))),
        Promise.all(addresses.map((address) => probe(from.target.kube, proxyOf(from.pods), address, to.sni))),
      ]);
      return { from: from.target.key, to: to.target.key, access, probes };
    }),
  );
}

/** A ready proxy to ask: a gateway where there is one, since every mesh has it and it is the same in all. */
function proxyOf(pods: readonly Pod[]): Pod | undefined {
  return gatewayPods(pods).find(isReady) ?? pods.find((pod) => isReady(pod) && hasSidecar(pod));
}

/** A ready proxy that has routes to every service: a workload's, or a gateway that is not a network's own. */
function routingProxy(pods: readonly Pod[], state: ClusterState): Pod | undefined {
  const ready = pods.filter((pod) => isReady(pod) && hasSidecar(pod));
  const own = state.gateways.services.map((service) => service.selector);
  const gateways = gatewayPods(ready);
  return (
    ready.find((pod) => !gateways.includes(pod)) ?? gateways.find((pod) => !own.some((selector) => selects(selector, pod.metadata.labels ?? {})))
  );
}

/** SNI of a service behind which a ready workload with a sidecar stands. */
function sniOf(services: readonly Service[], slices: readonly EndpointSlice[], pods: readonly Pod[]): string | undefined {
  const gateways = gatewayPods(pods);
  const workloads = pods.filter((pod) => isReady(pod) && hasSidecar(pod) && !gateways.includes(pod));
  const names = readyAddresses(meshed(slices, workloads));
  const found = services.find((service) => names.has(dotted(service.metadata)) && service.spec.ports?.[0] !== undefined);
  return found && `outbound_.${found.spec.ports?.[0]?.port}_._.${dotted(found.metadata)}.svc.cluster.local`;
}

function gatewayPods(pods: readonly Pod[]): Pod[] {
  return pods.filter((pod) => hasSidecar(pod) && pod.spec.containers.length === 1 && pod.metadata.labels?.["istio"] !== undefined);
}

/** Runs what may fail as a whole and lets every pair carry the reason. */
export async function trafficOrReason(targets: readonly Target[], run: Traffic): Promise<ReadonlyMap<string, Got<TrafficFacts>>> {
  const result = await attempt(() => run(targets));
  if (result.ok) return result.value;
  return new Map(targets.flatMap((a) => targets.filter((b) => b !== a).map((b) => [`${a.key}->${b.key}`, { ok: false as const, error: result.error }] as const)));
}
