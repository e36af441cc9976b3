/**
 * The pinned versions of everything that the air gap is built from: the one place to change one. The `go.mod` files, the Python
 * requirement and `package.json` repeat some of them for their tools, and a test holds them to this list.
 */
export const versions = {
  /** The Pulumi engine; the same version as the `@pulumi/pulumi` package. */
  pulumi: "3.259.0",
  /** Pulumi's Node.js host: the last version whose module holds it; it works with the engine above. */
  pulumiLanguageNodejs: "3.68.0",
  /** Pulumi's host for programs in YAML, for the tests. */
  pulumiLanguageYaml: "1.25.0",
  /** Pulumi's provider for Kubernetes; the same version as the `@pulumi/kubernetes` package. */
  pulumiKubernetes: "4.25.0",
  /** Its module at the commit of that release: the only version there is. */
  pulumiKubernetesModule: "v4.0.0-20260115033456-f47bc2d6f199",
  kind: "0.30.0",
  /** 1.35 and later refuse machines with cgroup v1. */
  kubernetes: "1.34.4",
  etcd: "3.6.8",
  coredns: "1.12.1",
  /** The version that the Kubernetes provider contains, so that both are compiled from the same packages. */
  helm: "3.18.6",
  kwok: "0.7.0",
  metallb: "0.15.2",
  /** The Istio module, at its newest version. */
  istioModule: "v0.0.0-20260827124520-eed52ebb66ad",
  /** What that module calls itself; the tag of the images made of it. */
  istio: "1.31",
  /** An earlier build of the same version, from which the tests of an upgrade start. Nothing else uses it. */
  istioOlderModule: "v0.0.0-20260423205519-b01690e6db7d",
  /** What tells it apart: what its binaries call themselves, and the tag of the images made of it. */
  istioOlder: "1.31-older",
  /** Upstream Envoy. */
  envoy: "1.40.0",
  /** Tags that kubeadm asks for by name, whatever is behind them. */
  kubeadmTags: { etcd: "3.6.5-0", coredns: "v1.12.1", pause: "3.10.1" },
  prometheus: "3.16.0",
  /** Its module, whose version number differs. */
  prometheusModule: "0.316.0",
  jaeger: "2.13.0",
  /** Its module, which is still that of Jaeger 1. */
  jaegerModule: "1.76.0",
  /** The load generator of the benchmark: the last release without an interpreter among its dependencies. Nothing else uses it. */
  fortio: "1.68.2",
  /** The Debian release that images are based on, and what it is called in their tags. */
  debian: "trixie",
} as const;

/** Registry and path of the images that the air gap builds; nothing answers there, they are in the engine or in the nodes. */
export const imageHub = "usmesh.local";

/** Tags of the images that the program is told to use in the air gap. */
export const imageTags = {
  /** What kind starts nodes from; everything a node runs is inside. */
  node: `${imageHub}/node:v${versions.kubernetes}`,
  pilot: `${imageHub}/pilot:${versions.istio}`,
  proxy: `${imageHub}/proxyv2:${versions.istio}`,
  metallbController: `${imageHub}/metallb-controller:v${versions.metallb}`,
  metallbSpeaker: `${imageHub}/metallb-speaker:v${versions.metallb}`,
  /** The demo server. */
  demo: `${imageHub}/demo:1`,
  /** What observes a mesh; not in the nodes, since only stacks that ask for it need it. */
  prometheus: `${imageHub}/prometheus:v${versions.prometheus}`,
  jaeger: `${imageHub}/jaeger:${versions.jaeger}`,
  /** The client container beside the clusters. */
  client: `${imageHub}/client:1`,
} as const;

/** Tags of the images that only the tests of an upgrade use: what runs in the mesh that they upgrade, and nodes that have it too. */
export const olderTags = {
  pilot: `${imageHub}/pilot:${versions.istioOlder}`,
  proxy: `${imageHub}/proxyv2:${versions.istioOlder}`,
  node: `${imageHub}/node:v${versions.kubernetes}-older`,
} as const;

/** Tags of the images that only the benchmark uses. */
export const benchTags = {
  /** The load generator, and the server that it asks. */
  fortio: `${imageHub}/fortio:${versions.fortio}`,
} as const;
