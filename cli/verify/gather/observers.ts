import { OBSERVABILITY_NAMESPACE } from "../../../topology/names";
import type { Kube } from "../kube";
import type { ObserverFacts } from "../observer-facts";
import type { Result } from "../result";
import { attempt, isReady, type Pod } from "./resources";

/** Ports and pages of what observes a mesh: one that answers by looking into what was recorded. */
const OBSERVERS = {
  prometheus: { port: 9090, page: '/api/v1/query?query=up{job=~"federate-.*"}' },
  jaeger: { port: 16686, page: "/api/services" },
} as const;

/** How the job is called in which Prometheus reads another cluster's. */
const FEDERATION = /^federate-(.+)$/;

interface Federations {
  readonly data?: { readonly result?: readonly { readonly metric?: { readonly job?: string }; readonly value?: readonly [number, string] }[] };
}

/** Whether Prometheus and Jaeger of a cluster answer; none of both where the mesh is not observed. */
export async function gatherObservers(kube: Kube, pods: readonly Pod[]): Promise<ObserverFacts[]> {
  const own = pods.filter(({ metadata }) => metadata.namespace === OBSERVABILITY_NAMESPACE);
  if (own.length === 0) return [];
  return Promise.all((["prometheus", "jaeger"] as const).map((app) => gatherObserver(kube, app, own)));
}

async function gatherObserver(kube: Kube, app: keyof typeof OBSERVERS, pods: readonly Pod[]): Promise<ObserverFacts> {
  const { port, page } = OBSERVERS[app];
  const pod = pods.find((one) => one.metadata.labels?.["app"] === app && isReady(one));
  if (pod === undefined) return { app, answers: { ok: false, error: "no pod of it is ready" }, unread: [] };
  const answer: Result<Federations> = await attempt(async () => JSON.parse(await kube.podGet(OBSERVABILITY_NAMESPACE, pod.metadata.name, port, encodeURI(page))) as Federations);
  if (!answer.ok) return { app, answers: answer, unread: [] };
  const silent = (answer.value.data?.result ?? []).filter(({ value }) => value?.[1] === "0");
  return { app, answers: { ok: true, value: undefined }, unread: silent.flatMap(({ metric }) => FEDERATION.exec(metric?.job ?? "")?.[1] ?? []) };
}
