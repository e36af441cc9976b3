import { type ApiServer, KubeError } from "../../../lib/api-server";
import type { Access } from "../../../lib/kubeconfig";
import type { AccessFacts, ClusterFacts, ClusterState, MeshFacts, PairFacts, Result } from "../facts";
import type { Target } from "../targets";
import { gatherAccess, withToken } from "./access";
import { gatherApi, gatherNodes, gatherServiceCidrs, hasSidecar, injectionOf } from "./cluster";
import { gatherDiscovery } from "./discovery";
import { gatherRouting, readyAddresses } from "./endpoints";
import { foreignClient, type ForeignClient } from "./foreign-client";
import { gatherGateways } from "./gateways";
import { gatherIstiod, istiodPods } from "./istiod";
import { gatherLogs } from "./logs";
import { nameLookup } from "./names";
import { gatherObservers } from "./observers";
import { gatherPolicies, identitiesOf } from "./policies";
import { connectFrom, probe } from "./probes";
import { gatherRemoteSecrets, type RemoteEntry } from "./remote-secrets";
import { attempt, dotted, type EndpointSlice, isReady, type Meta, type Namespace, type Pod, selects, type Service } from "./resources";
import { gatherInjectors, injectingRevision, revisionsOf } from "./revisions";
import { isRunNamespace } from "../traffic/objects";
import { INJECTION_LABEL, OBSERVABILITY_NAMESPACE } from "../../../topology/names";
import { startTraffic, type Traffic } from "./traffic";
import { gatherCacerts, gatherDistributedRoots, gatherWorkloadCertificate } from "./trust";

/** Labels of a namespace whose pods get sidecars from whichever istiod injects. */
const INJECTED = { [INJECTION_LABEL]: "enabled" };

/** Minutes of logs that are looked at. */
const LOG_MINUTES = 5;

/** What was read of one cluster first, and what of it only helps to read the rest. */
interface Reading {
  readonly target: Target;
  readonly facts: ClusterFacts;
  readonly pods: readonly Pod[];
  readonly entries: Result<readonly RemoteEntry[]>;
  /** Services with ready endpoints here, by `name.namespace`. */
  readonly services: ReadonlyMap<string, readonly string[]>;
  /** The name by which a gateway of this cluster leads to one of its workloads. */
  readonly sni?: string;
  /** `host:port` of an API server of this cluster, as its own pods reach it. */
  readonly apiServer?: string;
}

/**
 * Reads the whole mesh: the clusters in parallel, then what needs to know all of them, while the traffic runs.
 * @param progress called with a line at each step.
 */
export async function gatherMesh(targets: readonly Target[], traffic: Traffic | undefined, progress: (line: string) => void): Promise<MeshFacts> {
  const time = new Date().toISOString();
  if (traffic) progress("creating test workloads");
  const running = traffic && (await startTraffic(targets, traffic));
  progress(`reading ${targets.length} clusters`);
  const readings = await Promise.all(targets.map((target) => readCluster(target)));
  progress("reading what each cluster knows of the others");
  const [clusters, pairs] = await Promise.all([Promise.all(readings.map((r) => completeCluster(r, readings))), readPairs(readings)]);
  if (running === undefined) return { time, clusters, pairs };
  progress("sending requests between the clusters");
  const answers = await running.answers;
  const plaintextOf = (key: string): Pick<ClusterFacts, "plaintext"> => (answers.plaintext.has(key) ? { plaintext: answers.plaintext.get(key) } : {});
  return {
    time,
    clusters: clusters.map((cluster) => ({ ...cluster, ...plaintextOf(cluster.key) })),
    pairs: pairs.map((pair) => ({ ...pair, traffic: answers.pairs.get(`${pair.from}->${pair.to}`) })),
  };
}

async function readCluster(target: Target): Promise<Reading> {
  const { kube, key } = target;
  const api = await gatherApi(kube);
  const base = { key, server: kube.server, kubectl: target.kubectl, api };
  const nothing = { target, pods: [], entries: { ok: true, value: [] } as const, services: new Map<string, readonly string[]>() };
  if (!api.ok) return { ...nothing, facts: { ...base, unread: api.error } };
  try {
    return await readState(target, base);
  } catch (error) {
    const unread = error instanceof Error ? error.message : String(error);
    // One that answers and may not be read works. One that answered at first and then no longer counts as not answering at all.
    const isRefusal = error instanceof KubeError && error.status === 403;
    return { ...nothing, facts: { ...base, unread, ...(isRefusal ? {} : { api: { ok: false, error: unread } as const }) } };
  }
}

async function readState(target: Target, base: Omit<ClusterFacts, "state">): Promise<Reading> {
  const { kube } = target;
  const own = <T extends { metadata: Meta }>(items: readonly T[]): T[] => items.filter(({ metadata }) => !isRunNamespace(metadata.namespace ?? metadata.name));
  const [{ nodes, podCidrs }, serviceCidrs, namespaces, pods, services, slices, cacerts, distributedRoots, entries, policies, injectors] = await Promise.all([
    gatherNodes(kube),
    gatherServiceCidrs(kube),
    kube.list<Namespace>("/api/v1/namespaces").then(own),
    kube.list<Pod>("/api/v1/pods").then(own),
    kube.list<Service>("/api/v1/services").then(own),
    kube.list<EndpointSlice>("/apis/discovery.k8s.io/v1/endpointslices").then(own),
    gatherCacerts(kube),
    gatherDistributedRoots(kube),
    attempt(() => gatherRemoteSecrets(kube)),
    gatherPolicies(kube),
    gatherInjectors(kube),
  ]);
  const system = pods.filter((pod) => pod.metadata.namespace === "istio-system");
  const [istiod, discovery, gateways, workloadCertificate, logs, observers] = await Promise.all([
    gatherIstiod(kube, system, injectors.ok ? injectingRevision(injectors.value, INJECTED) : undefined),
    attempt(() => gatherDiscovery(kube)),
    gatherGateways(kube, pods, services),
    gatherWorkloadCertificate(kube, proxyOf(pods)),
    gatherLogs(kube, [...istiodPods(system), ...gatewayPods(pods)].filter(isReady), LOG_MINUTES),
    gatherObservers(kube, pods),
  ]);
  const state: ClusterState = {
    nodes,
    podCidrs,
    serviceCidrs,
    namespaceNetwork: namespaces.find((n) => n.metadata.name === "istio-system")?.metadata.labels?.["topology.istio.io/network"],
    istiod,
    cacerts,
    distributedRoots,
    remoteSecrets: entries.ok ? { ok: true, value: entries.value.map((entry) => entry.facts) } : entries,
    gateways,
    workloadCertificate,
    remoteServices: { ok: true, value: [] },
    sharedServices: { ok: true, value: [] },
    ...policies,
    identities: identitiesOf(pods),
    injection: injectionOf(namespaces, pods),
    observers,
    logs,
    discovery,
    revisions: injectors.ok ? { ok: true, value: revisionsOf(injectors.value, namespaces, pods, istiodPods(system)) } : injectors,
  };
  return { target, facts: { ...base, state }, pods, entries, services: readyAddresses(meshed(slices, pods)), sni: sniOf(services, slices, pods), apiServer: apiServerOf(slices) };
}

/** Where the pods of a cluster reach its API server. */
function apiServerOf(slices: readonly EndpointSlice[]): string | undefined {
  const slice = slices.find(({ metadata }) => metadata.namespace === "default" && metadata.name === "kubernetes");
  const [address, port] = [slice?.endpoints?.[0]?.addresses[0], slice?.ports?.[0]?.port];
  return address === undefined || port === undefined ? undefined : `${address.includes(":") ? `[${address}]` : address}:${port}`;
}

/** Slices with at least one pod that has a sidecar: what the mesh can route to in another cluster. Gateways are not workloads of the mesh. */
function meshed(slices: readonly EndpointSlice[], pods: readonly Pod[]): EndpointSlice[] {
  const gateways = gatewayPods(pods);
  const addresses = new Set(pods.filter((pod) => hasSidecar(pod) && !gateways.includes(pod)).map((pod) => pod.status?.podIP));
  return slices.filter((slice) => slice.endpoints?.some((e) => e.addresses.some((a) => addresses.has(a))));
}

async function completeCluster(reading: Reading, all: readonly Reading[]): Promise<ClusterFacts> {
  const { facts, target, pods } = reading;
  if (facts.state === undefined) return facts;
  const alone = new Map<string, string[]>();
  const shared = new Set<string>();
  for (const other of all.filter((o) => o !== reading)) {
    for (const service of other.services.keys()) {
      if (reading.services.has(service)) shared.add(service);
      else alone.set(service, [...(alone.get(service) ?? []), other.target.key]);
    }
  }
  return { ...facts, state: { ...facts.state, ...(await gatherRouting(target.kube, routingProxy(pods, facts.state), { alone, shared })) } };
}

async function readPairs(readings: readonly Reading[]): Promise<PairFacts[]> {
  const ordered = readings.flatMap((from) => readings.filter((to) => to !== from).map((to) => ({ from, to })));
  const clientFor = clients();
  const isKnown = nameLookup(Math.min(...readings.map(({ target }) => target.timeoutMs)));
  return Promise.all(
    ordered.map(async ({ from, to }) => {
      const remote = to.facts.state?.istiod.clusterName;
      const entries = from.entries.ok ? from.entries.value.filter((entry) => entry.facts.key === remote) : [];
      const addresses = to.facts.state?.gateways.services.flatMap((s) => s.addresses) ?? [];
      const asHolderOf = (token: string): ApiServer => to.target.kube.asHolderOf(token);
      const connect = (access: Access): ApiServer => withToken(access, from.target.timeoutMs);
      const behind = to.sni === undefined ? undefined : { sni: to.sni, client: await clientFor(to.facts.state?.istiod.trustDomain ?? "cluster.local") };
      const [access, probes] = await Promise.all([
        Promise.all(entries.map(async (entry) => withReach(await gatherAccess(entry, { knownAs: to.facts.server, isKnown, connect, asHolderOf }), from, to))),
        Promise.all(addresses.map((address) => probe(from.target.kube, proxyOf(from.pods), address, behind))),
      ]);
      return { from: from.target.key, to: to.target.key, access, probes };
    }),
  );
}

/** Clients of another root, one for each trust domain. */
function clients(): (trustDomain: string) => Promise<ForeignClient> {
  const made = new Map<string, Promise<ForeignClient>>();
  return (trustDomain) => {
    const client = made.get(trustDomain) ?? foreignClient(trustDomain);
    made.set(trustDomain, client);
    return client;
  };
}

/** For a peer that is read through its gateway: whether its API server, which need not be, is reachable all the same. */
async function withReach(access: AccessFacts, from: Reading, to: Reading): Promise<AccessFacts> {
  if (access.through === undefined || to.apiServer === undefined) return access;
  return { ...access, through: { ...access.through, apiServer: await connectFrom(from.target.kube, proxyOf(from.pods), to.apiServer) } };
}

/** A ready proxy to ask: a gateway where there is one, since every mesh has it and it is the same in all. */
function proxyOf(pods: readonly Pod[]): Result<Pod | undefined> {
  return firstReady([...gatewayPods(pods), ...pods.filter(hasSidecar)]);
}

/** A ready proxy that has routes to every service: a workload's, or a gateway that is not a network's own. What observes the mesh has fewer. */
function routingProxy(pods: readonly Pod[], state: ClusterState): Result<Pod | undefined> {
  const own = state.gateways.services.map((service) => service.selector);
  const gateways = gatewayPods(pods);
  const workloads = pods.filter((pod) => hasSidecar(pod) && !gateways.includes(pod) && pod.metadata.namespace !== OBSERVABILITY_NAMESPACE);
  return firstReady([...workloads, ...gateways.filter((pod) => !own.some((selector) => selects(selector, pod.metadata.labels ?? {})))]);
}

/** The first ready one; undefined where there are none, an error where none is ready. */
function firstReady(pods: readonly Pod[]): Result<Pod | undefined> {
  const ready = pods.find(isReady);
  if (ready === undefined && pods.length > 0) return { ok: false, error: `none of the cluster's proxies is ready, such as ${pods[0]?.metadata.name}` };
  return { ok: true, value: ready };
}

/** SNI of a service with a ready workload that has a sidecar. */
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
