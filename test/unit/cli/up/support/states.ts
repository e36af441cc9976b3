import type { Deployment, StateResource } from "../../../../../cli/lib/state";
import { storedRelease, type FakeApiServer } from "../../../support/fake-api-server";

const PROVIDER = "urn:pulumi:west::usmesh::usmesh:index:Cluster$pulumi:providers:kubernetes::west-provider";

/** The values of {@link release}. */
export const VALUES = { global: { meshID: "usmesh" } };

/** A container with the owner's label. */
export const CLIENT: StateResource = {
  urn: "urn:mypc",
  type: "docker:index/container:Container",
  inputs: { name: "mypc", labels: [{ label: "usmesh.owner", value: "organization/usmesh/local" }] },
};

/** The certificate of a root, which the engine keeps. */
export const ROOT: StateResource = {
  urn: "urn:pulumi:west::usmesh::usmesh:index:PluginCA$tls:index/selfSignedCert:SelfSignedCert::trust-root-1",
  type: "tls:index/selfSignedCert:SelfSignedCert",
  protect: true,
};

/** An object in the cluster of {@link stateWith}. */
export const MAP: StateResource = {
  urn: "urn:map",
  type: "kubernetes:core/v1:ConfigMap",
  provider: `${PROVIDER}::1`,
  inputs: { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "map", namespace: "istio-system" } },
};

/** A Helm release in the cluster of {@link stateWith}. */
export function release(extra: Partial<StateResource> = {}): StateResource {
  const inputs = { name: "istiod", namespace: "istio-system", chart: "/charts/istiod", values: VALUES };
  return { urn: "urn:istiod", type: "kubernetes:helm.sh/v3:Release", provider: `${PROVIDER}::1`, inputs, ...extra };
}

/** Helm's record of the chart `istiod` with these values. */
export function helmRecord(config: unknown): string {
  return storedRelease({ info: {}, chart: { metadata: { name: "istiod" } }, config });
}

/** A state whose provider holds its kubeconfig as Pulumi exports a secret in plain text. */
export function stateWith(cluster: FakeApiServer, resources: readonly StateResource[], creating: readonly StateResource[] = []): Deployment {
  const kubeconfig = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", plaintext: JSON.stringify(cluster.kubeconfig) };
  const provider: StateResource = { urn: PROVIDER, id: "1", type: "pulumi:providers:kubernetes", inputs: { kubeconfig } };
  return { resources: [provider, ...resources], pending_operations: creating.map((resource) => ({ type: "creating", resource })) };
}
