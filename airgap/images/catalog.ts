import { benchTags, imageHub, imageTags, versions } from "../versions";

/** An image that consists of finished files and a base. */
export interface CatalogImage {
  /** Name of its step. */
  readonly name: string;
  /** Its tag in the Docker engine. All have a registry name of this project, so that they never replace an image that the user pulled. */
  readonly tag: string;
  /** The name that nodes use for it, if different. */
  readonly nodeTag?: string;
  readonly version: string;
  /** Files that it is made from, relative to the air gap's home. */
  readonly files: readonly string[];
  /** Steps that make these files and the base. */
  readonly needs: readonly string[];
  /** Folder below `airgap/images` with its Dockerfile; or the Dockerfile's text. */
  readonly dockerfile: { readonly folder: string } | { readonly text: string };
  /** Size in MiB. */
  readonly size: number;
}

/** The base of images that need a shell, curl or iptables. */
export const toolsTag = `${imageHub}/tools:1`;

/** The Debian image that nodes and the tools are made from. */
export const debianTag = `${imageHub}/debian:${versions.debian}`;

/** An image with one program. */
interface Program {
  /** Name of the executable in `bin/`. */
  readonly binary: string;
  readonly tag: string;
  readonly nodeTag?: string;
  readonly version: string;
  /** Step that builds the executable; of the same name unless given. */
  readonly step?: string;
  /** Id of the user and the group that it runs as; root unless given. */
  readonly user?: number;
  /** Whether its base is the tools instead of an empty image. */
  readonly tools?: boolean;
  readonly size: number;
}

/** An image that runs its one program. */
function program({ binary, tag, nodeTag, version, step = binary, user, tools, size }: Program): CatalogImage {
  const text = [
    `FROM ${tools ? toolsTag : "scratch"}`,
    `COPY ${binary} /usr/local/bin/`,
    "ENV PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    ...(user === undefined ? [] : [`USER ${user}:${user}`]),
    `ENTRYPOINT ["/usr/local/bin/${binary}"]`,
  ].join("\n");
  const needs = ["docker-engine", step, ...(tools ? ["image-tools"] : [])];
  return { name: `image-${binary}`, tag, nodeTag, version, files: [`bin/${binary}`], needs, dockerfile: { text }, size };
}

/** A program of Kubernetes itself; kubeadm uses the name of the Kubernetes project's own image for it. */
function clusterProgram(binary: string, nodeTag: string, version: string, size: number): CatalogImage {
  return program({ binary, tag: nodeTag.replace(/^registry\.k8s\.io\/(.*\/)?/, `${imageHub}/`), nodeTag, version, tools: binary === "kube-proxy", size });
}

const { etcd, coredns, pause } = versions.kubeadmTags;
const kubernetes = (binary: string, size: number): CatalogImage =>
  clusterProgram(binary, `registry.k8s.io/${binary}:v${versions.kubernetes}`, versions.kubernetes, size);

/** The nodes' name for the image of the container that holds a pod's namespaces. */
export const pauseNodeTag = `registry.k8s.io/pause:${pause}`;

/** Istio's proxy. */
const proxy: CatalogImage = {
  name: "image-proxy",
  tag: imageTags.proxy,
  version: versions.istio,
  files: ["bin/envoy", "bin/pilot-agent", "files/envoy_bootstrap.json"],
  needs: ["docker-engine", "image-tools", "envoy", "pilot-agent", "envoy-bootstrap"],
  dockerfile: { folder: "proxy" },
  size: 165,
};

/** The client outside of the clusters: it waits until commands are run in it, unless it is started with a command. */
const client: CatalogImage = {
  name: "image-client",
  tag: imageTags.client,
  version: "1",
  files: ["bin/pause"],
  needs: ["docker-engine", "image-tools", "pause"],
  dockerfile: { text: `FROM ${toolsTag}\nCOPY pause /usr/local/bin/\nCMD ["/usr/local/bin/pause"]` },
  size: 1,
};

/** Images of what observes a mesh. They come into the nodes of a stack that asks for it, beside those of the catalog. */
export const observers: readonly CatalogImage[] = [
  program({ binary: "prometheus", tag: imageTags.prometheus, version: versions.prometheus, user: 65534, size: 130 }),
  program({ binary: "jaeger", tag: imageTags.jaeger, version: versions.jaeger, user: 65534, size: 100 }),
];

/** Images that the benchmark copies into the nodes of its own clusters. */
export const benchImages: readonly CatalogImage[] = [program({ binary: "fortio", tag: benchTags.fortio, version: versions.fortio, user: 65534, size: 15 })];

/** Every image that is put into the nodes or started beside them. */
export const catalog: readonly CatalogImage[] = [
  clusterProgram("pause", pauseNodeTag, pause, 2),
  kubernetes("kube-apiserver", 100),
  kubernetes("kube-controller-manager", 92),
  kubernetes("kube-scheduler", 71),
  kubernetes("kube-proxy", 71),
  clusterProgram("etcd", `registry.k8s.io/etcd:${etcd}`, versions.etcd, 26),
  clusterProgram("coredns", `registry.k8s.io/coredns/coredns:${coredns}`, versions.coredns, 50),
  program({ binary: "controller", step: "metallb-controller", tag: imageTags.metallbController, version: versions.metallb, size: 51 }),
  program({ binary: "speaker", step: "metallb-speaker", tag: imageTags.metallbSpeaker, version: versions.metallb, size: 53 }),
  program({ binary: "pilot-discovery", tag: imageTags.pilot, version: versions.istio, user: 1337, size: 117 }),
  proxy,
  program({ binary: "demo-server", tag: imageTags.demo, version: "1", user: 65534, size: 7 }),
  client,
];
