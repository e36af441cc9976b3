/** Which sizes of a mesh a machine has the memory for. */

/** MiB of a cluster without Docker: etcd, API server and controllers. */
const CLUSTER_MIB = 550;

/** MiB of what the engine runs for each: a process of the Kubernetes provider. */
const PROVIDER_MIB = 150;

/** MiB of everything else: the engine, the program, the benchmark, and what the machine needs. */
const REST_MIB = 1536;

/** MiB of a kind cluster with Istio and the demo. */
const KIND_CLUSTER_MIB = 2200;

/** Sizes beyond this are not measured: a run would take hours. */
const MOST = 64;

/** Numbers of clusters, each twice the one before, as many as fit: 2 in any case. */
export function sizesFor(availableBytes: number): number[] {
  const fits = (availableBytes / 2 ** 20 - REST_MIB) / (CLUSTER_MIB + PROVIDER_MIB);
  const sizes = [2];
  for (let next = 4; next <= MOST && next <= fits; next *= 2) sizes.push(next);
  return sizes;
}

/** Numbers of kind clusters with Istio, as many as fit: 2 in any case. */
export function kindSizesFor(availableBytes: number): number[] {
  const fits = (availableBytes / 2 ** 20 - REST_MIB) / (KIND_CLUSTER_MIB + PROVIDER_MIB);
  return [2, 3, 4, 6].filter((size) => size === 2 || size <= fits);
}
