import { proxiedService, type ProxyCluster, readProxyClusters } from "../verify/gather/proxy-pages";
import { type Place, sendingPods, whereIs } from "../live/places";
import { pooled } from "../live/pooled";
import { attempt, slashed } from "../verify/gather/resources";
import { OBSERVABILITY_NAMESPACE } from "../../topology/names";

/** Proxies that are asked at the same time. */
const AT_ONCE = 8;

/** Requests that one proxy has sent until a moment, by endpoint. */
export interface Sample {
  /** Milliseconds, by a clock that only goes forward. */
  readonly at: number;
  readonly endpoints: ReadonlyMap<string, { readonly to: string; readonly requests: number }>;
}

/** What the proxies of one cluster have sent, by pod; undefined for one that did not answer. */
export type Samples = ReadonlyMap<string, Sample | undefined>;

/** Requests per second that leave the workloads of one cluster. */
export interface Rates {
  /** By key of the cluster in which they end, which can be the same one. */
  readonly perSecond: ReadonlyMap<string, number>;
  /** Proxies that told twice what they had sent, of all. */
  readonly answered: number;
  readonly total: number;
}

/** Asks every proxy of a cluster that sends requests how many it has sent to each endpoint. */
export async function sampleCluster(place: Place, all: readonly Place[]): Promise<Samples> {
  const samples = await pooled(sendingPods(place), AT_ONCE, async (pod) => {
    const found = await attempt(() => readProxyClusters(place.target.kube, pod));
    return [slashed(pod.metadata), found.ok ? sampleOf(found.value, place, all, performance.now()) : undefined] as const;
  });
  return new Map(samples);
}

/** What one proxy has sent to endpoints of services. Endpoints outside the mesh are left out, and those of what observes it: spans are not requests of a workload. */
export function sampleOf(clusters: readonly ProxyCluster[], place: Place, all: readonly Place[], at: number): Sample {
  const endpoints = clusters
    .filter(({ name }) => {
      const proxied = proxiedService(name);
      return proxied !== undefined && !proxied.service.endsWith(`.${OBSERVABILITY_NAMESPACE}`);
    })
    .flatMap(({ name, endpoints: found }) =>
      found.flatMap(({ address, port, requests }) => {
        const where = whereIs(address, port, place, all);
        return where === undefined ? [] : [[`${name} ${address}:${port}`, { to: where.cluster, requests }] as const];
      }),
    );
  return { at, endpoints: new Map(endpoints) };
}

/** What was sent between two samples. Undefined when no proxy answered both times. */
export function ratesOf(before: Samples, after: Samples): Rates | undefined {
  const perSecond = new Map<string, number>();
  let answered = 0;
  for (const [pod, last] of after) {
    const first = before.get(pod);
    if (first === undefined || last === undefined || last.at <= first.at) continue;
    answered += 1;
    for (const [endpoint, { to, requests }] of last.endpoints) {
      const earlier = first.endpoints.get(endpoint)?.requests ?? 0;
      // A proxy that was restarted in between counts from zero.
      const sent = requests >= earlier ? requests - earlier : requests;
      perSecond.set(to, (perSecond.get(to) ?? 0) + (sent * 1000) / (last.at - first.at));
    }
  }
  return answered === 0 ? undefined : { perSecond, answered, total: after.size };
}
