import { INJECTION_LABEL } from "../../../topology/names";
import { DEFAULT_REVISION, REVISION_LABEL } from "../../../topology/revisions";
import { hasSidecar } from "../gather/cluster";
import { istiodPods } from "../gather/istiod";
import { isReady, type Pod } from "../gather/resources";
import { gatherInjectors, injectingRevision, istiodRevision } from "../gather/revisions";
import type { Kube } from "../kube";

/** What workloads of a cluster get their Envoys from. */
export interface ProxySource {
  /** The image of the cluster's proxies. */
  readonly image: string;
  /** The revision that serves it; `default` is whichever serves namespaces with injection on. */
  readonly revision: string;
}

/** What runs in a cluster already, and is used for workloads there. @throws Error where no proxy runs. */
export async function proxySource(kube: Kube): Promise<ProxySource> {
  const pods = await kube.list<Pod>("/api/v1/pods");
  const image = proxyImage(pods);
  if (image === undefined) throw new Error("no pod of the cluster has Istio's proxy, so its image is not known");
  const injectors = await gatherInjectors(kube);
  // A tag serves these namespaces whatever the revision behind it is called.
  const isServed = injectors.ok && injectingRevision(injectors.value, { [INJECTION_LABEL]: "enabled" }) !== undefined;
  return { image, revision: isServed ? DEFAULT_REVISION : istiodRevision(istiodPods(pods)[0]) };
}

/** The image of a proxy that runs in the cluster. It holds an Envoy, and is on the nodes already: nothing new has to be pulled. */
export function proxyImage(pods: readonly Pod[]): string | undefined {
  const containers = pods.filter((pod) => isReady(pod) && hasSidecar(pod)).flatMap((pod) => [...pod.spec.containers, ...(pod.spec.initContainers ?? [])]);
  return containers.find((container) => container.name === "istio-proxy")?.image;
}

/** A namespace whose pods get their sidecars from the revision that the cluster's istiod has. */
export function injectedNamespace(name: string, revision: string, labels: Readonly<Record<string, string>>): object {
  const injection = revision === DEFAULT_REVISION ? { [INJECTION_LABEL]: "enabled" } : { [REVISION_LABEL]: revision };
  return { apiVersion: "v1", kind: "Namespace", metadata: { name, labels: { ...labels, ...injection } } };
}

/** A container with an Envoy of this configuration, which does not run as root. @param image the proxy's image in this cluster. */
export function envoyContainer(name: string, image: string, config: object, ports: readonly number[]): object {
  return {
    name,
    image,
    imagePullPolicy: "IfNotPresent",
    command: ["envoy"],
    // The sidecar's Envoy owns the sockets for hot restarts in the pod's network namespace.
    args: ["--disable-hot-restart", "--concurrency", "1", "--log-level", "warning", "--config-yaml", JSON.stringify(config)],
    ports: ports.map((containerPort) => ({ containerPort })),
    resources: { requests: { cpu: "10m", memory: "32Mi" } },
    securityContext: { runAsUser: 1000, runAsGroup: 1000, runAsNonRoot: true, allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
  };
}
