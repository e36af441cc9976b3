import { randomBytes, X509Certificate } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { proxiedService, type ProxyCluster, readProxyClusters } from "../verify/gather/proxy-pages";
import { type Place, podAt } from "../live/places";
import { pooled } from "../live/pooled";
import { hasSidecar } from "../verify/gather/cluster";
import { attempt, isReady, type Pod, selects } from "../verify/gather/resources";
import { gatherWorkloadCertificate } from "../verify/gather/trust";
import type { Kube } from "../verify/kube";
import { linesWith, type LogLine, parseLine, sentLine } from "./access-log";
import { choose } from "./chosen";
import { readsLogs, readServiceConfig } from "./envoy-config";
import { addressesOf, type FoundService } from "./find";
import type { WorkloadName } from "./names";
import type { ClientSeen, LogSeen, RefusedSeen, Seen, ServerSeen } from "./seen";
import type { Sent } from "./sent";

/** Proxies write what they log once a second; milliseconds that a line may take to be there, and from one look to the next. */
const LOG_MS = 5000;
const LOOK_MS = 400;
/** Pods at a time whose logs are read. */
const AT_ONCE = 8;
/** Seconds of a log before the request that are read with it, since a node's clock may be off. */
const MARGIN_SECONDS = 5;

/** What is followed, and how it is sent. */
export interface Subject {
  readonly name: WorkloadName;
  readonly place: Place;
  readonly pod: Pod;
  readonly service: FoundService;
  readonly places: readonly Place[];
  readonly unread: ReadonlyMap<string, string>;
  readonly url: string;
  /** Sends it. @param id of the request. */
  readonly send: (id: string) => Promise<Sent>;
  /** Told what is being done. */
  readonly progress: (line: string) => void;
}

/** Sends one request, and reads what the proxies on its way know of it. Changes nothing. */
export async function observe(subject: Subject): Promise<Seen> {
  const { name, place, pod, service, places, unread, url, progress } = subject;
  const { kube } = place.target;
  progress("reading what the proxies are configured to do");
  const candidates = candidatesOf(service.addresses, places);
  const [before, countsBefore, identity] = await Promise.all([clustersFor(kube, pod, service), passedOn(candidates), identityOf(kube, pod)]);
  const config = await attempt(() => readConfig(kube, pod, before));
  const id = `usmesh-${randomBytes(8).toString("hex")}`;
  progress("sending the request");
  const time = new Date().toISOString();
  const started = performance.now();
  const sent = await subject.send(id);
  const since = (): number => Math.ceil((performance.now() - started) / 1000) + MARGIN_SECONDS;
  progress("reading the access logs");
  const lineIn = ({ outbound }: ReturnType<typeof linesWith>): LogLine | undefined => sentLine(outbound, service.name, sent.by);
  const log = await logOf(kube, pod, id, (lines) => lineIn(lines) !== undefined, since, started + LOG_MS + (sent.totalMs ?? 0));
  const after = await clustersFor(kube, pod, service);
  const client: ClientSeen = { name, place, pod, log, ...(identity && { identity }), ...(before && { before }), ...(after && { after }), ...(config.ok && config.value && { config: config.value }) };
  const line = log.kind === "lines" ? sentLine(log.outbound, service.name, sent.by) : undefined;
  const choice = choose(line, client, places);
  // A VirtualService may have sent it to another service than the one that was asked for.
  const routed = line?.cluster === undefined ? undefined : proxiedService(line.cluster)?.service;
  const all = routed === undefined || routed === service.name ? candidates : candidatesOf(addressesOf(routed, places), places);
  const cluster = choice.kind === "known" ? choice.chosen.where.cluster : undefined;
  const possible = choice.kind === "none" || sent.unresolved ? [] : all.filter(({ place: { target } }) => cluster === undefined || target.key === cluster);
  const deadline = performance.now() + LOG_MS;
  const countsAfter = await passedOn(possible);
  const servers = await pooled(possible, AT_ONCE, async (candidate): Promise<ServerSeen> => {
    const { target } = candidate.place;
    const [found, own] = await Promise.all([logOf(target.kube, candidate.pod, id, ({ inbound }) => inbound.length > 0, since, deadline), identityOf(target.kube, candidate.pod)]);
    const [first, last] = [countsBefore, countsAfter].map((counts) => counts.get(candidate.pod));
    return { cluster: target.key, pod: candidate.pod, log: found, ...(own && { identity: own }), ...(first !== undefined && last !== undefined && { passedOn: last - first }) };
  });
  const refused = config.ok && config.value?.sni !== undefined && line?.flags !== undefined ? await refusedAt(places, config.value.sni, since()) : [];
  return { time, id, url, sent, client, service, servers, refused, places, unread };
}

interface Candidate {
  readonly place: Place;
  readonly pod: Pod;
}

/** The pods with a proxy behind a service, in every cluster. */
function candidatesOf(addresses: FoundService["addresses"], places: readonly Place[]): Candidate[] {
  return places.flatMap((place) =>
    (addresses.get(place.target.key) ?? []).flatMap((address) => {
      const pod = podAt(place, address);
      return pod && hasSidecar(pod) ? [{ place, pod }] : [];
    }),
  );
}

/** The proxy's clusters for the service and port; undefined when it does not tell. */
async function clustersFor(kube: Kube, pod: Pod, { name, port }: FoundService): Promise<ProxyCluster[] | undefined> {
  const read = await attempt(() => readProxyClusters(kube, pod));
  const isOurs = (of: ReturnType<typeof proxiedService>): boolean => of?.service === name && of.port === port;
  return read.ok ? read.value.filter((cluster) => isOurs(proxiedService(cluster.name))) : undefined;
}

/** Requests that the proxies have passed on to their own workloads, by pod; those that do not tell are left out. */
async function passedOn(candidates: readonly Candidate[]): Promise<Map<Pod, number>> {
  const counts = await pooled(candidates, AT_ONCE, async ({ place, pod }): Promise<[Pod, number][]> => {
    const read = await attempt(() => readProxyClusters(place.target.kube, pod));
    if (!read.ok) return [];
    const inbound = read.value.filter(({ name }) => name.startsWith("inbound|")).flatMap(({ endpoints }) => endpoints);
    return [[pod, inbound.reduce((sum, { requests }) => sum + requests, 0)]];
  });
  return new Map(counts.flat());
}

async function readConfig(kube: Kube, pod: Pod, clusters: readonly ProxyCluster[] | undefined): Promise<ClientSeen["config"]> {
  const [cluster] = clusters ?? [];
  return cluster && readServiceConfig(kube, pod, cluster.name);
}

/** SPIFFE identity in the certificate that the proxy of a pod holds. */
async function identityOf(kube: Kube, pod: Pod): Promise<string | undefined> {
  const found = await gatherWorkloadCertificate(kube, { ok: true, value: pod });
  return found.ok && found.value ? identityIn(found.value.chain) : undefined;
}

/** The SPIFFE identity that a certificate has; undefined without one. @param pem leaf first. */
export function identityIn(pem: string): string | undefined {
  return /URI:(spiffe:\/\/[^,\s]+)/.exec(new X509Certificate(pem).subjectAltName ?? "")?.[1];
}

/** Looks for the request in the access log of a pod's proxy until it is there, or until the deadline. */
async function logOf(kube: Kube, pod: Pod, id: string, isThere: (lines: ReturnType<typeof linesWith>) => boolean, since: () => number, deadline: number): Promise<LogSeen> {
  for (;;) {
    const read = await attempt(() => readLog(kube, pod, since()));
    if (!read.ok) return { kind: "unread", why: read.error };
    const lines = linesWith(read.value, id);
    const isLast = performance.now() > deadline;
    if (isThere(lines) || (isLast && lines.others.length + lines.outbound.length + lines.inbound.length > 0)) return { kind: "lines", ...lines };
    if (isLast) break;
    await sleep(LOOK_MS);
  }
  const writes = await attempt(() => readsLogs(kube, pod));
  return { kind: "nothing", writes: writes.ok ? writes.value : undefined };
}

async function readLog(kube: Kube, { metadata: { name, namespace = "default" } }: Pod, seconds: number): Promise<string> {
  return (await kube.text("GET", `/api/v1/namespaces/${namespace}/pods/${name}/log?container=istio-proxy&sinceSeconds=${seconds}`)).body;
}

/** Connections for a name that gateways between networks have refused in the last seconds. Those that may not be read are left out. */
async function refusedAt(places: readonly Place[], sni: string, seconds: number): Promise<RefusedSeen[]> {
  const pods = places.flatMap(({ target, pods: all, gateways }) =>
    all.filter((pod) => isReady(pod) && gateways.some(({ selector }) => selects(selector, pod.metadata.labels ?? {}))).map((pod) => ({ target, pod })),
  );
  const found = await pooled(pods, AT_ONCE, async ({ target, pod }): Promise<RefusedSeen[]> => {
    const log = await attempt(() => readLog(target.kube, pod, seconds));
    const lines = log.ok ? log.value.split("\n").map(parseLine) : [];
    const refused = lines.filter((line): line is LogLine => line?.sni === sni && line.endpoint === undefined);
    return refused.map((line) => ({ cluster: target.key, pod: pod.metadata.name, line }));
  });
  return found.flat();
}
