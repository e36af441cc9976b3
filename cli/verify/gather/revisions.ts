import { INJECTION_LABEL } from "../../../topology/names";
import { DEFAULT_REVISION, REVISION_LABEL, TAG_LABEL } from "../../../topology/revisions";
import type { Result } from "../facts";
import type { Kube } from "../kube";
import type { ControlPlane, FollowingNamespace, FollowingProxy, RevisionFacts } from "../revision-facts";
import { hasSidecar } from "./cluster";
import { attempt, dotted, isReady, type Meta, type Namespace, type Pod } from "./resources";

const WEBHOOKS = "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations";

/** Suffix of the names of the webhooks that inject sidecars. */
const INJECTOR = "sidecar-injector.istio.io";

type Labels = Readonly<Record<string, string>>;

/** Which objects are meant, by their labels. */
export interface Selector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly { readonly key: string; readonly operator: string; readonly values?: readonly string[] }[];
}

/** The parts of a configuration of webhooks that are read. */
export interface WebhookConfiguration {
  readonly metadata: Meta;
  readonly webhooks?: readonly { readonly name: string; readonly namespaceSelector?: Selector; readonly objectSelector?: Selector }[];
}

/** The webhooks of a cluster that inject sidecars. */
export async function gatherInjectors(kube: Kube): Promise<Result<readonly WebhookConfiguration[]>> {
  return attempt(async () => (await kube.list<WebhookConfiguration>(WEBHOOKS)).filter(({ webhooks = [] }) => webhooks.some(({ name }) => name.endsWith(INJECTOR))));
}

/** The revision that gives a sidecar to a pod of a namespace. The webhooks are asked in the order of their names, and the last one counts. */
export function injectingRevision(injectors: readonly WebhookConfiguration[], namespace: Labels, pod: Labels = {}): string | undefined {
  const sorted = [...injectors].sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  const serving = sorted.filter(({ webhooks = [] }) => webhooks.some(({ name, namespaceSelector, objectSelector }) => name.endsWith(INJECTOR) && matches(namespaceSelector, namespace) && matches(objectSelector, pod)));
  const last = serving.at(-1);
  return last && revisionOf(last);
}

/** The istiods of a cluster, and who follows which. @param istiods pods of istiod */
export function revisionsOf(injectors: readonly WebhookConfiguration[], namespaces: readonly Namespace[], pods: readonly Pod[], istiods: readonly Pod[]): RevisionFacts {
  const labelsOf = new Map(namespaces.map(({ metadata }) => [metadata.name, metadata.labels ?? {}]));
  return {
    istiods: controlPlanes(istiods),
    injectors: injectors.map((injector) => {
      const { [TAG_LABEL]: tag } = injector.metadata.labels ?? {};
      return { name: injector.metadata.name, revision: revisionOf(injector), ...(tag === undefined ? {} : { tag }) };
    }),
    namespaces: namespaces.flatMap(({ metadata: { name, labels = {} } }): FollowingNamespace[] => {
      const label = askingLabel(labels);
      if (label === undefined) return [];
      const revision = injectingRevision(injectors, labels);
      return [{ namespace: name, label: `${label}=${labels[label]}`, ...(revision === undefined ? {} : { revision }) }];
    }),
    proxies: pods.filter((pod) => hasSidecar(pod) && pod.metadata.deletionTimestamp === undefined && pod.status?.phase === "Running").map((pod): FollowingProxy => {
      const { namespace = "default", labels = {} } = pod.metadata;
      const next = injectingRevision(injectors, labelsOf.get(namespace) ?? {}, labels);
      return { id: dotted(pod.metadata), revision: proxyRevision(pod), ...(next === undefined ? {} : { next }) };
    }),
  };
}

/** The version in the image of a pod of istiod: its tag. */
export function versionOf(pod: Pod | undefined): string | undefined {
  const discovery = pod?.spec.containers.find((container) => container.name === "discovery");
  return discovery?.image?.replace(/@.*$/, "").match(/:([^:/]+)$/)?.[1];
}

/** The revision of a pod of istiod. */
export function istiodRevision(pod: Pod | undefined): string {
  return pod?.metadata.labels?.[REVISION_LABEL] ?? DEFAULT_REVISION;
}

function controlPlanes(pods: readonly Pod[]): ControlPlane[] {
  return [...new Set(pods.map(istiodRevision))].sort().map((revision) => {
    const own = pods.filter((pod) => istiodRevision(pod) === revision);
    const version = versionOf(own[0]);
    return { revision, ...(version === undefined ? {} : { version }), ready: own.filter(isReady).length, total: own.length };
  });
}

function revisionOf({ metadata }: WebhookConfiguration): string {
  return metadata.labels?.[REVISION_LABEL] ?? DEFAULT_REVISION;
}

/** The injector writes its revision on the pod. */
function proxyRevision({ metadata }: Pod): string {
  return metadata.annotations?.[REVISION_LABEL] ?? DEFAULT_REVISION;
}

/** The label by which a namespace asks for sidecars: as Istio has it, `istio-injection` counts where there are both. */
function askingLabel(labels: Labels): string | undefined {
  const { [INJECTION_LABEL]: injection, [REVISION_LABEL]: revision } = labels;
  if (injection !== undefined) return injection === "enabled" ? INJECTION_LABEL : undefined;
  return revision === undefined ? undefined : REVISION_LABEL;
}

/** Whether a selector matches labels; without a selector, everything matches. */
export function matches({ matchLabels = {}, matchExpressions = [] }: Selector = {}, labels: Labels): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      const value = labels[key];
      if (operator === "Exists") return value !== undefined;
      if (operator === "DoesNotExist") return value === undefined;
      return operator === "In" ? value !== undefined && values.includes(value) : value === undefined || !values.includes(value);
    })
  );
}
