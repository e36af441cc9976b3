/** The parts of an exported state that the command looks at. */
export interface Deployment {
  readonly resources?: readonly StateResource[];
  readonly pending_operations?: readonly PendingOperation[];
}

/** What the engine was doing when it was killed. */
export interface PendingOperation {
  /** Such as `creating`. */
  readonly type: string;
  readonly resource: StateResource;
}

/** A resource as the state holds it. Secrets among its inputs and outputs are wrapped: see {@link plainInputs}. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly custom?: boolean;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
  /** URN and id of its provider, with `::` between them. */
  readonly provider?: string;
  /** Whether the engine refuses to delete it. */
  readonly protect?: boolean;
  /** Whether it was replaced and is still to be deleted. */
  readonly delete?: boolean;
  /** Whether it was deleted so that its replacement can be created. */
  readonly pendingReplacement?: boolean;
  /** Why it did not become ready, if it did not. */
  readonly initErrors?: readonly string[];
  /** URN of the resource whose deletion deletes this one too. */
  readonly deletedWith?: string;
}

/** Type of a container. */
export const CONTAINER = "docker:index/container:Container";

/** Type of a command; some of them create kind clusters. */
export const COMMAND = "command:local:Command";

/** Type of a Helm release. */
export const RELEASE = "kubernetes:helm.sh/v3:Release";

/** Whether a resource is an object or a Helm release in a cluster. */
export function isInCluster({ type }: StateResource): boolean {
  return type.startsWith("kubernetes:");
}

/**
 * What a run was creating when it was killed and the state does not record: it may exist. Pulumi keeps the note of a creation also when
 * a later run has completed it, so what is recorded with the same provider is left out.
 */
export function interruptedCreations({ pending_operations: pending = [], resources = [] }: Deployment): StateResource[] {
  const isRecorded = ({ urn, provider }: StateResource): boolean =>
    resources.some((recorded) => recorded.urn === urn && recorded.provider === provider && isLive(recorded));
  return pending.filter(({ type, resource }) => type === "creating" && !isRecorded(resource)).map(({ resource }) => resource);
}

/**
 * URNs of the objects in clusters that a run was deleting when it was killed and the state still records: they may be gone. Helm releases are
 * left out, since Helm itself records how far it came.
 */
export function interruptedDeletions({ pending_operations: pending = [], resources = [] }: Deployment): string[] {
  const deleted = new Set(pending.filter(({ type }) => type === "deleting").map(({ resource }) => resource.urn));
  return resources.filter((resource) => deleted.has(resource.urn) && isInCluster(resource) && resource.type !== RELEASE && isLive(resource)).map(({ urn }) => urn);
}

/** Whether a recorded resource is the current one of its URN, neither replaced nor about to be. */
export function isLive({ delete: replaced, pendingReplacement }: StateResource): boolean {
  return replaced !== true && pendingReplacement !== true;
}

/** A resource that exists although the state does not record it. */
export interface Unrecorded {
  readonly urn: string;
  /** As the provider identifies it. */
  readonly id: string;
}

/**
 * A state in which interrupted creations are recorded as completed, and nothing is pending any more. They come last, since nothing depends on
 * them, or in the place of what they replace: a URN may occur only once.
 */
export function withRecorded<D extends Deployment>(deployment: D, created: readonly Unrecorded[]): Omit<D, "pending_operations"> {
  const { pending_operations: pending = [], ...rest } = deployment;
  const resources = [...(deployment.resources ?? [])];
  for (const { urn, id } of created) {
    const operation = pending.find(({ type, resource }) => type === "creating" && resource.urn === urn);
    if (!operation) continue;
    const recorded = { ...operation.resource, id, outputs: operation.resource.inputs ?? {} };
    const replaced = resources.findIndex((resource) => resource.urn === urn && resource.pendingReplacement === true);
    resources.splice(replaced === -1 ? resources.length : replaced, replaced === -1 ? 0 : 1, recorded);
  }
  return { ...rest, resources };
}

/** The administrator's kubeconfig of each cluster, by URN and id of its provider. @param deployment with secrets in plain text. */
export function kubeconfigsByProvider(deployment: Deployment): Map<string, string> {
  const providers = (deployment.resources ?? []).filter(({ type }) => type === "pulumi:providers:kubernetes");
  return new Map(
    providers.flatMap(({ urn, id, inputs }): [string, string][] => {
      const { kubeconfig } = plainInputs(inputs) as { readonly kubeconfig?: unknown };
      return typeof kubeconfig === "string" ? [[`${urn}::${id}`, kubeconfig]] : [];
    }),
  );
}

/** Type of the providers, and the end of a URN of one that a cluster's component made. */
const CLUSTER_PROVIDER = /\busmesh:index:Cluster\$pulumi:providers:kubernetes::(.+)-provider$/;

/** The administrator's kubeconfig of each of a stack's clusters, by the cluster's key. @param deployment with secrets in plain text. */
export function kubeconfigsByCluster(deployment: Deployment): Record<string, string> {
  const live = (deployment.resources ?? []).filter(isLive);
  return Object.fromEntries(
    [...kubeconfigsByProvider({ resources: live })].flatMap(([provider, kubeconfig]) => {
      const key = CLUSTER_PROVIDER.exec(provider.slice(0, provider.lastIndexOf("::")))?.[1];
      return key === undefined ? [] : [[key, kubeconfig]];
    }),
  );
}

/** Type of the roots. What else signs itself, such as the authority of a discovery proxy, can be made again. */
const ROOT = /\busmesh:index:PluginCA\$tls:index\/selfSignedCert:SelfSignedCert::/;

/** Names of the roots that a stack holds. */
export function rootsIn({ resources = [] }: Deployment): string[] {
  return resources.filter((resource) => ROOT.test(resource.urn) && isLive(resource)).map(({ urn }) => urn.split("::").at(-1) ?? "");
}

/** What a stack exports: nothing before its first `up` has ended. @param deployment with secrets in plain text. */
export function outputsIn({ resources = [] }: Deployment): Readonly<Record<string, unknown>> {
  return plainInputs(resources.find(({ type }) => type === "pulumi:pulumi:Stack")?.outputs ?? {}) as Readonly<Record<string, unknown>>;
}

/** Key by which Pulumi distinguishes its own records, secrets among them, from the user's. */
const SECRET_SIGNATURE = "4dabf18193072939515e22adb298388d";

/** Inputs or outputs as the program gave them: a state that was exported with its secrets wraps each in a record with its JSON. */
export function plainInputs(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plainInputs);
  if (typeof value !== "object" || value === null) return value;
  const { plaintext } = value as { readonly plaintext?: unknown };
  if (SECRET_SIGNATURE in value && typeof plaintext === "string") return JSON.parse(plaintext) as unknown;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plainInputs(inner)]));
}
