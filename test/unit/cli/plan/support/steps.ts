import { outputsOf, trustOutputsOf } from "../../support/outputs";

/** One step of a pretended preview. Types are a chain as in a URN, without `usmesh:index:`. */
export interface PretendedStep {
  readonly op: string;
  readonly types: string;
  readonly name: string;
  /** Inputs; the same before and after unless both are given. */
  readonly before?: Readonly<Record<string, unknown>>;
  readonly after?: Readonly<Record<string, unknown>>;
  readonly parent?: string;
  /** Key of the cluster whose provider it uses. */
  readonly cluster?: string;
  /** By input: URNs of the resources that its value comes from. */
  readonly sources?: Readonly<Record<string, readonly string[]>>;
}

/** A URN from a chain of types and a name. */
export function urn(types: string, name: string): string {
  return `urn:pulumi:west::usmesh::${types.replace(/(^|\$)(?=[A-Z])/g, "$1usmesh:index:")}::${name}`;
}

const CLUSTER = "Cluster";
const PROVIDER = "Cluster$pulumi:providers:kubernetes";
const PRIMARY = "IstioPrimary";

/** Names of components, which say nothing: a plan must not depend on them. */
const clusterName = (key: string): string => `c-${key}`;
const providerName = (key: string): string => `p-${key}`;
const primaryName = (key: string): string => `i-${key}`;

/** A preview as `pulumi preview --json --show-sames` prints it. */
export function previewJson(steps: readonly PretendedStep[], outputs?: object, diagnostics: readonly object[] = []): string {
  const stack = { op: "same", urn: urn("pulumi:pulumi:Stack", "usmesh-west"), ...(outputs ? { oldState: { outputs } } : {}) };
  const all = steps.map(({ op, types, name, before, after, parent, cluster, sources }) => {
    const common = {
      ...(parent === undefined ? {} : { parent }),
      ...(cluster === undefined ? {} : { provider: `${urn(PROVIDER, providerName(cluster))}::an-id` }),
      ...(sources === undefined ? {} : { propertyDependencies: sources }),
    };
    return {
      op,
      urn: urn(types, name),
      ...(op === "create" ? {} : { oldState: { ...common, inputs: before ?? after ?? {} } }),
      ...(op === "delete" ? {} : { newState: { ...common, inputs: after ?? before ?? {} } }),
      ...(op === "replace" ? { replaceReasons: ["something"] } : {}),
    };
  });
  return JSON.stringify({ steps: [stack, ...all], diagnostics });
}

/** A cluster with its provider and its control plane, which records nothing; its namespace says which network it is. */
export function clusterSteps(key: string, op = "same", { provider = op, network = `${key}-network` } = {}): PretendedStep[] {
  const primary = urn(PRIMARY, primaryName(key));
  return [
    { op, types: CLUSTER, name: clusterName(key) },
    { op: provider, types: PROVIDER, name: providerName(key), parent: urn(CLUSTER, clusterName(key)) },
    { op, types: PRIMARY, name: primaryName(key) },
    { op, types: `${PRIMARY}$kubernetes:core/v1:Namespace`, name: `n-${key}`, parent: primary, cluster: key, after: { metadata: { labels: { "topology.istio.io/network": network } } } },
  ];
}

/** A command of a cluster. */
export function commandStep(key: string, op: string, before: Readonly<Record<string, unknown>>, after = before, name = `k-${key}`): PretendedStep {
  return { op, types: `${CLUSTER}$command:local:Command`, name, parent: urn(CLUSTER, clusterName(key)), before, after };
}

/** What creates a kind cluster, with environment variables before and after. */
export function kindStep(key: string, op: string, before: Readonly<Record<string, string>> = {}, after = before): PretendedStep {
  const inputs = (variables: Readonly<Record<string, string>>): Record<string, unknown> => ({ environment: { KIND_NAME: key, ...variables } });
  return commandStep(key, op, inputs(before), inputs(after));
}

/** A Secret of a control plane. */
export function secretStep(key: string, op: string, inputs: Readonly<Record<string, unknown>>, name: string): PretendedStep {
  return { op, types: `${PRIMARY}$kubernetes:core/v1:Secret`, name, parent: urn(PRIMARY, primaryName(key)), cluster: key, after: inputs };
}

/** A reader token. */
export function tokenStep(key: string, generation: number, op: string, name = `s-${key}-${generation}`): PretendedStep {
  return secretStep(key, op, { type: "kubernetes.io/service-account-token", metadata: { name: `istio-reader-service-account-${generation}` } }, name);
}

/** What istiod of a cluster signs with. */
export function cacertsStep(key: string, op: string): PretendedStep {
  return secretStep(key, op, { type: "Opaque", metadata: { name: "cacerts" }, data: "[secret]" }, `s-${key}-signs`);
}

const ROOT = "PluginCA$tls:index/selfSignedCert:SelfSignedCert";
const REQUEST = "PluginCA$tls:index/certRequest:CertRequest";

/** A root. */
export function rootStep(root: string, op: string, name = `r-${root}`): PretendedStep {
  return { op, types: ROOT, name, after: { subject: { organization: "usmesh", commonName: `usmesh root CA ${root}` } } };
}

/** An intermediate with its request, signed by a root. */
export function intermediateSteps(cluster: string, op: string, root = "1", name = cluster): PretendedStep[] {
  const sources = { certRequestPem: [urn(REQUEST, `q-${name}`)], caCertPem: [urn(ROOT, `r-${root}`)] };
  return [
    { op: op === "create" || op === "delete" ? op : "same", types: REQUEST, name: `q-${name}`, after: { subject: { locality: cluster } } },
    { op, types: "PluginCA$tls:index/locallySignedCert:LocallySignedCert", name: `l-${name}`, sources },
  ];
}

/** The authority, and an intermediate for the request of another stack, which no resource of this one made. */
export function requestedSteps(cluster: string, op: string, before = `request of ${cluster}`, after = before): PretendedStep[] {
  const requests = (request: string): Record<string, unknown> => ({ requests: { [cluster]: { publicKey: "public", request } } });
  return [
    { op: "update", types: "PluginCA", name: `a-${cluster}`, before: requests(before), after: requests(after) },
    {
      op,
      types: "PluginCA$tls:index/locallySignedCert:LocallySignedCert",
      name: `l-${cluster}`,
      parent: urn("PluginCA", `a-${cluster}`),
      before: { certRequestPem: before },
      after: { certRequestPem: after },
      sources: { caCertPem: [urn(ROOT, "r-1")] },
    },
  ];
}

/** A resource of a workload of the demo in a cluster; `label` unless undefined is its label `app`. */
export function demoStep(key: string, component: string, type: string, op: string, label?: string): PretendedStep {
  const name = `d-${key}-${component}-${type.split(":").at(-1)}`;
  const after = label === undefined ? {} : { metadata: { labels: { app: label } } };
  return { op, types: `Demo$${component}$${type}`, name, parent: urn(`Demo$${component}`, `d-${key}-${component}`), cluster: key, after };
}

/** The components around the demo's workloads in a cluster. */
export function demoComponents(key: string, ...components: readonly string[]): PretendedStep[] {
  return [
    { op: "same", types: "Demo", name: `d-${key}` },
    ...components.map((component) => ({ op: "same", types: `Demo$${component}`, name: `d-${key}-${component}`, parent: urn("Demo", `d-${key}`) })),
  ];
}

/** What a stack that owns these clusters left: it holds the roots, of which the first signs. */
export function outputsWith(keys: readonly string[], pairs: readonly string[] = [], roots: readonly string[] = ["1"]): Record<string, unknown> {
  return { ...outputsOf(keys, pairs), trust: trustOf("west", roots) };
}

/** The trust that a stack exports. */
export function trustOf(authority: string, roots: readonly string[], created = "first"): Record<string, unknown> {
  const rootCertificates = roots.map((root) => `-----BEGIN CERTIFICATE-----\n${created}${root}\n-----END CERTIFICATE-----\n`).join("");
  return { ...trustOutputsOf(authority, [], { roots: [...roots], rootCertificates, ...(roots[0] === undefined ? {} : { signer: roots[0] }) }) };
}
