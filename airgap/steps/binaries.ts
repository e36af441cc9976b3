import type { Step } from "../builder/step";
import { versions } from "../versions";
import { goStep, type GoBinary } from "./go-step";
import { kubernetesClients, kubernetesProvider } from "./kubernetes-provider";

/** The version that Kubernetes' binaries report. */
const KUBERNETES_VARIABLES = {
  "k8s.io/component-base/version.gitVersion": `v${versions.kubernetes}`,
  "k8s.io/component-base/version.gitMajor": versions.kubernetes.split(".")[0] ?? "",
  "k8s.io/component-base/version.gitMinor": versions.kubernetes.split(".")[1] ?? "",
  "k8s.io/client-go/pkg/version.gitVersion": `v${versions.kubernetes}`,
};

/** The version that Istio's binaries report. @param version what they call themselves. @param module the version of their module. */
export function istioVariables(version: string, module: string): Record<string, string> {
  return {
    "istio.io/istio/pkg/version.buildVersion": version,
    "istio.io/istio/pkg/version.buildGitRevision": module.split("-").at(-1) ?? "",
    "istio.io/istio/pkg/version.buildStatus": "Clean",
    "istio.io/istio/pkg/version.buildTag": version,
  };
}

/** Build tags of istiod and of the agent in its proxies. */
export const ISTIO_TAGS = { "pilot-discovery": ["vtprotobuf", "disable_pgv"], "pilot-agent": ["agent", "disable_pgv"] } as const;

/** A binary of Kubernetes' module. The first one includes the time for what they share. */
function kubernetes(name: string, seconds: number, cacheMiB: number): GoBinary {
  return {
    name,
    module: "kubernetes",
    package: `k8s.io/kubernetes/cmd/${name}`,
    version: versions.kubernetes,
    source: `go module k8s.io/kubernetes v${versions.kubernetes}`,
    variables: KUBERNETES_VARIABLES,
    cost: { seconds, cacheMiB },
  };
}

/** A binary of MetalLB's module. */
function metallb(binary: string, seconds: number, cacheMiB: number): GoBinary {
  return {
    name: `metallb-${binary}`,
    output: `bin/${binary}`,
    module: kubernetesClients,
    package: `go.universe.tf/metallb/${binary}`,
    version: versions.metallb,
    source: `go module go.universe.tf/metallb v${versions.metallb}`,
    cost: { seconds, cacheMiB },
  };
}

/** A binary of Istio's module. */
function istio(name: string, folder: string, tags: readonly string[] | undefined, seconds: number, cacheMiB: number): GoBinary {
  return {
    name,
    module: "istio",
    package: `istio.io/istio/${folder}/cmd/${name}`,
    version: versions.istio,
    source: `go module istio.io/istio ${versions.istioModule}`,
    tags,
    variables: istioVariables(versions.istio, versions.istioModule),
    cost: { seconds, cacheMiB },
  };
}

/** A binary of KWOK's module. */
function kwok(name: string, seconds: number, cacheMiB: number): GoBinary {
  return {
    name,
    module: "kwok",
    package: `sigs.k8s.io/kwok/cmd/${name}`,
    version: versions.kwok,
    source: `go module sigs.k8s.io/kwok v${versions.kwok}`,
    variables: { "sigs.k8s.io/kwok/pkg/consts.Version": `v${versions.kwok}` },
    cost: { seconds, cacheMiB },
  };
}

/**
 * All Go binaries, those of images first, so that images are built while the others are compiled. The seconds were measured in this
 * order on 2 cores with empty caches.
 */
const binaries: readonly GoBinary[] = [
  kubernetes("kube-apiserver", 240, 3000),
  kubernetes("kube-controller-manager", 65, 700),
  kubernetes("kube-scheduler", 5, 150),
  kubernetes("kube-proxy", 10, 150),
  kubernetes("kubelet", 20, 300),
  kubernetes("kubeadm", 15, 200),
  kubernetes("kubectl", 20, 300),
  {
    name: "etcd",
    module: "etcd",
    package: "go.etcd.io/etcd/server/v3",
    version: versions.etcd,
    source: `go module go.etcd.io/etcd/server/v3 v${versions.etcd}`,
    cost: { seconds: 20, cacheMiB: 300 },
  },
  {
    name: "coredns",
    module: "coredns",
    package: ".",
    sources: ["main.go"],
    version: versions.coredns,
    source: `go module github.com/coredns/coredns v${versions.coredns}, with the plugins in use`,
    cost: { seconds: 65, cacheMiB: 1100 },
  },
  metallb("controller", 85, 800),
  metallb("speaker", 10, 100),
  istio("pilot-discovery", "pilot", ISTIO_TAGS["pilot-discovery"], 220, 2800),
  istio("pilot-agent", "pilot", ISTIO_TAGS["pilot-agent"], 10, 200),
  {
    name: "helm",
    module: kubernetesClients,
    package: "helm.sh/helm/v3/cmd/helm",
    version: versions.helm,
    source: `go module helm.sh/helm/v3 v${versions.helm}`,
    variables: { "helm.sh/helm/v3/internal/version.version": `v${versions.helm}` },
    cost: { seconds: 40, cacheMiB: 1000 },
  },
  {
    name: "kind",
    module: "kind",
    package: "sigs.k8s.io/kind",
    version: versions.kind,
    source: `go module sigs.k8s.io/kind v${versions.kind}`,
    cost: { seconds: 10, cacheMiB: 100 },
  },
  {
    name: "pulumi",
    module: "pulumi",
    package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    version: versions.pulumi,
    source: `go module github.com/pulumi/pulumi/pkg/v3 v${versions.pulumi}`,
    variables: { "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": `v${versions.pulumi}` },
    cost: { seconds: 210, cacheMiB: 2800 },
  },
  kubernetesProvider,
  {
    name: "pulumi-language-nodejs",
    module: "pulumi-language-nodejs",
    package: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
    version: versions.pulumiLanguageNodejs,
    source: `go module github.com/pulumi/pulumi/sdk/v3 v${versions.pulumiLanguageNodejs}`,
    variables: { "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": `v${versions.pulumiLanguageNodejs}` },
    cost: { seconds: 25, cacheMiB: 200 },
  },
  {
    name: "pulumi-language-yaml",
    module: "pulumi-language-yaml",
    package: "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml",
    version: versions.pulumiLanguageYaml,
    source: `go module github.com/pulumi/pulumi-yaml v${versions.pulumiLanguageYaml}`,
    variables: { "github.com/pulumi/pulumi-yaml/pkg/version.Version": `v${versions.pulumiLanguageYaml}` },
    cost: { seconds: 60, cacheMiB: 800 },
  },
  kwok("kwokctl", 75, 700),
  kwok("kwok", 15, 200),
  istio("istioctl", "istioctl", undefined, 110, 900),
  {
    name: "prometheus",
    optional: true,
    module: "prometheus",
    leastGo: "1.26.7",
    package: "github.com/prometheus/prometheus/cmd/prometheus",
    version: versions.prometheus,
    source: `go module github.com/prometheus/prometheus v${versions.prometheusModule}, which finds targets in Kubernetes alone`,
    // Service discovery for clouds would be half of what is compiled.
    tags: ["remove_all_sd", "enable_kubernetes_sd"],
    variables: { "github.com/prometheus/common/version.Version": versions.prometheus },
    cost: { seconds: 180, diskMiB: 75, cacheMiB: 1800 },
  },
  {
    name: "jaeger",
    optional: true,
    module: "jaeger",
    package: "github.com/jaegertracing/jaeger/cmd/jaeger",
    version: versions.jaeger,
    source: `go module github.com/jaegertracing/jaeger v${versions.jaegerModule}`,
    variables: { "github.com/jaegertracing/jaeger/internal/version.latestVersion": `v${versions.jaeger}` },
    cost: { seconds: 150, diskMiB: 85, cacheMiB: 1800 },
  },
];

/** The steps of all Go binaries. */
export const binarySteps: readonly Step[] = binaries.map(goStep);
