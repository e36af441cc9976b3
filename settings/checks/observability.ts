import { leastMemoryMiB } from "../../components/observability/memory";
import { OBSERVABILITY_NAMESPACE, observerHost } from "../../topology/names";
import type { MeshModel } from "../model";
import type { Path } from "../paths";
import type { Problem } from "../problems";
import type { Settings } from "../schema";
import type { CheckContext } from "./check";

/** Checks that the other clusters can reach each cluster's Prometheus and Jaeger, that both have the memory that they need, and Kiali what it asks. */
export function checkObservability({ settings, model }: CheckContext): Problem[] {
  return [...(settings.observability.enabled ? [...hidden(settings, model), ...tooSmall(settings)] : []), ...(settings.observability.kiali.enabled ? kialiProblems(settings) : [])];
}

function kialiProblems({ observability: { enabled, images } }: Settings): Problem[] {
  const path = ["observability", "kiali", "enabled"];
  const switchedOn: Path = ["observability", "enabled"];
  const image: Path = ["observability", "images", "kiali"];
  return [
    ...(enabled ? [] : [{ path, message: "Kiali asks the cluster's Prometheus and Jaeger, which are off; set observability.enabled, or remove it", because: [path, switchedOn] }]),
    ...(images.kiali === null
      ? [{ path, message: "there is no image of Kiali: the air gap cannot build it. Remove it, or bring the stack up with official downloads: MESH_AIRGAP=0", because: [path, image] }]
      : []),
  ];
}

function hidden(settings: Settings, model: MeshModel): Problem[] {
  const path = ["eastWest", "hosts"];
  const { hosts } = settings.eastWest;
  const closed = model.clusters.filter(({ key }) => !(["prometheus", "jaeger"] as const).every((app) => hosts.some((host) => covers(host, observerHost(app, key)))));
  if (closed.length === 0) return [];
  const message = `the other clusters could not reach Prometheus and Jaeger of ${closed.map(({ key }) => key).join(", ")}; add "*.${OBSERVABILITY_NAMESPACE}.svc.cluster.local"`;
  return [{ path, message, because: [path, ["observability", "enabled"], ["clusters"]] }];
}

function tooSmall({ observability: { memoryMiB, maxTraces } }: Settings): Problem[] {
  const least = leastMemoryMiB(maxTraces);
  if (memoryMiB >= least) return [];
  const path = ["observability", "memoryMiB"];
  const message = `${maxTraces} traces, Prometheus and two sidecars need ${least}; raise it, or lower observability.maxTraces`;
  return [{ path, message, because: [path, ["observability", "maxTraces"], ["observability", "enabled"]] }];
}

/** Whether a host of a Gateway, which can be `*` and a domain, matches a name. */
function covers(host: string, name: string): boolean {
  return host.startsWith("*") ? name.endsWith(host.slice(1)) : host === name;
}
