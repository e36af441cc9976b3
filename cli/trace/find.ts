import { EXIT, MeshError } from "../../lib/errors";
import type { Place } from "../live/places";
import { hasSidecar } from "../verify/gather/cluster";
import { readyAddresses } from "../verify/gather/endpoints";
import { isReady, type Pod } from "../verify/gather/resources";
import type { ServiceName, WorkloadName } from "./names";

/** The service that is asked, as the clusters have it. */
export interface FoundService {
  /** `name.namespace`. */
  readonly name: string;
  readonly port: number;
  /** Ready addresses behind it, by key of the cluster; clusters without any are left out. */
  readonly addresses: ReadonlyMap<string, readonly string[]>;
}

/** The cluster of a workload. @throws MeshError when there is none of that key, or when it could not be read. */
export function placeOf(name: WorkloadName, places: readonly Place[], unread: ReadonlyMap<string, string>): Place {
  const place = places.find(({ target }) => target.key === name.cluster);
  if (place) return place;
  const why = unread.get(name.cluster);
  if (why !== undefined) throw new MeshError("trace-not-found", `cluster ${name.cluster} cannot be read: ${why}`, "./mesh verify --only clusters says more.", EXIT.failed);
  const known = [...places.map(({ target }) => target.key), ...unread.keys()];
  throw new MeshError("trace-not-found", `there is no cluster ${name.cluster}`, `There is: ${known.join(", ")}. Clusters of other stacks are named with --stack.`, EXIT.unusable);
}

/** A pod of the workload that is ready and has a sidecar. @throws MeshError when there is none. */
export function podOf({ cluster, namespace, workload }: WorkloadName, { pods }: Place): Pod {
  const own = pods.filter((pod) => pod.metadata.namespace === namespace && belongsTo(pod, workload));
  const pod = own.find((candidate) => isReady(candidate) && hasSidecar(candidate));
  if (pod) return pod;
  const full = `${cluster}/${namespace}/${workload}`;
  if (own.length > 0) throw new MeshError("trace-not-found", `no pod of ${full} is ready and has a sidecar`, `Its pods: ${own.map(({ metadata }) => metadata.name).join(", ")}.`, EXIT.unusable);
  const others = [...new Set(pods.filter(({ metadata }) => metadata.namespace === namespace).map(workloadName))];
  throw new MeshError("trace-not-found", `there is no workload ${full}`, others.length > 0 ? `The namespace has: ${others.join(", ")}.` : `The namespace ${namespace} has no pods there.`, EXIT.unusable);
}

function belongsTo(pod: Pod, workload: string): boolean {
  return pod.metadata.name === workload || workloadName(pod) === workload;
}

/** Name of what a pod belongs to; its own where it belongs to nothing. */
export function workloadName({ metadata }: Pod): string {
  const [owner] = metadata.ownerReferences ?? [];
  if (owner === undefined) return metadata.name;
  // A ReplicaSet of a Deployment has the Deployment's name and a hash, which its pods carry as a label.
  const hash = metadata.labels?.["pod-template-hash"];
  return owner.kind === "ReplicaSet" && hash !== undefined && owner.name.endsWith(`-${hash}`) ? owner.name.slice(0, -hash.length - 1) : owner.name;
}

/** The service as the clusters have it. @throws MeshError when none has it, or when it has no such port. */
export function serviceIn(places: readonly Place[], { name, namespace, port }: ServiceName): FoundService {
  const full = `${name}.${namespace}`;
  const found = places.flatMap(({ services }) => services.filter(({ metadata }) => metadata.name === name && metadata.namespace === namespace));
  if (found.length === 0) {
    throw new MeshError("trace-not-found", `no cluster has a Service ${full}`, `Looked in ${places.map(({ target }) => target.key).join(", ")}. Another namespace is named as in ${name}.default.`, EXIT.unusable);
  }
  const ports = [...new Set(found.flatMap(({ spec }) => (spec.ports ?? []).map((one) => one.port)))];
  const chosen = port ?? ports[0];
  if (chosen === undefined || !ports.includes(chosen)) throw new MeshError("trace-not-found", `Service ${full} has no port ${port ?? ""}`.trimEnd(), `It has: ${ports.join(", ") || "none"}.`, EXIT.unusable);
  return { name: full, port: chosen, addresses: addressesOf(full, places) };
}

/** The ready addresses behind a service, by key of the cluster; clusters without any are left out. @param service `name.namespace`. */
export function addressesOf(service: string, places: readonly Place[]): Map<string, string[]> {
  return new Map(
    places.flatMap(({ target, slices }): [string, string[]][] => {
      const own = readyAddresses(slices).get(service) ?? [];
      return own.length > 0 ? [[target.key, own]] : [];
    }),
  );
}
