import { setTimeout as sleep } from "node:timers/promises";
import { type Place, readPlace } from "../live/places";
import { judge } from "../verify/checks/index";
import { gatherMesh } from "../verify/gather/mesh";
import { attempt, isReady, selects, slashed } from "../verify/gather/resources";
import type { Target } from "../verify/targets";
import { type Extras, type LoadBalancer, topologyOf } from "./build";
import { type Rates, ratesOf, sampleCluster, type Samples } from "./rates";
import type { Topology } from "./schema";

/** How long requests are counted at least, in milliseconds: at shorter times, one request more or less is seen in the rate. */
const COUNT_MS = 3000;

/**
 * Reads the mesh as `verify` does, without sending requests, and counts meanwhile what its workloads send. Changes nothing.
 *
 * @param countMs milliseconds for which requests are counted at least.
 */
export async function readTopology(targets: readonly Target[], signal: AbortSignal, progress: (line: string) => void, countMs = COUNT_MS): Promise<Topology> {
  const reading = gatherMesh(targets, undefined, progress);
  reading.catch(() => undefined);
  const found = await Promise.all(targets.map((target) => attempt(() => readPlace(target))));
  const places = found.flatMap((place) => (place.ok ? [place.value] : []));
  const before = await sampleAll(places);
  const counted = performance.now();
  const facts = await reading;
  await sleep(Math.max(0, counted + countMs - performance.now()), undefined, { signal });
  const after = await sampleAll(places);
  signal.throwIfAborted();
  return topologyOf(facts, judge(facts), extrasOf(places, before, after));
}

async function sampleAll(places: readonly Place[]): Promise<Samples[]> {
  return Promise.all(places.map((place) => sampleCluster(place, places)));
}

function extrasOf(places: readonly Place[], before: readonly Samples[], after: readonly Samples[]): Extras {
  const rates = places.flatMap(({ target }, index): [string, Rates][] => {
    const [first, last] = [before[index], after[index]];
    const own = first && last && ratesOf(first, last);
    return own === undefined ? [] : [[target.key, own]];
  });
  return { loadBalancers: new Map(places.map((place) => [place.target.key, loadBalancersOf(place)])), rates: new Map(rates) };
}

/** The Services of a cluster that are reachable from outside, without its gateways between networks. */
export function loadBalancersOf({ services, pods, gateways }: Place): LoadBalancer[] {
  return services.flatMap((service) => {
    const name = slashed(service.metadata);
    if (service.spec.type !== "LoadBalancer" || gateways.some((gateway) => gateway.name === name)) return [];
    const own = pods.filter((pod) => pod.metadata.namespace === service.metadata.namespace && selects(service.spec.selector ?? {}, pod.metadata.labels ?? {}));
    const addresses = (service.status?.loadBalancer?.ingress ?? []).flatMap(({ ip, hostname }) => ip ?? hostname ?? []);
    return [{ name, addresses: [...addresses, ...(service.spec.externalIPs ?? [])], readyPods: own.filter(isReady).length }];
  });
}
