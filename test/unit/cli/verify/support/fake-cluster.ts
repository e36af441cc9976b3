import { KubeConfig } from "@kubernetes/client-node";
import { type Answer, KubeError } from "../../../../../lib/api-server";
import type { Container, Pod, Service } from "../../../../../cli/verify/gather/resources";
import { Kube } from "../../../../../cli/verify/kube";
import type { Target } from "../../../../../cli/verify/targets";
import { FakeApiServer, type Stored } from "../../../support/fake-api-server";
import type { Key, Trust } from "./healthy";

/** What curl in a proxy prints for a connection that was made. */
const CONNECTED = { code: 0, stdout: "0.000412 ", stderr: "" };

/** What runs in the fake cluster, beside its API server: pages of pods, logs, commands. */
export class FakeKube extends Kube {
  /** What a pod answers, by `pod/path`; without an entry it stays silent. */
  readonly pages = new Map<string, unknown>();
  /** Logs, by pod. */
  readonly logs = new Map<string, string>();
  /** Paths, without their queries, that this user may not read. */
  readonly forbidden = new Set<string>();
  /** Paths at which the API server stays silent. */
  readonly silent = new Set<string>();
  /** What a command in a pod ends with, or why it cannot be run. */
  command: { code: number; stdout: string; stderr: string } | Error = CONNECTED;
  readonly commands: string[][] = [];
  /** Paths at which objects were created and deleted. */
  readonly created: string[] = [];
  readonly deleted: string[] = [];
  /** What objects were patched with, and the labels that the test pod has from that. */
  readonly patched: unknown[] = [];
  readonly labels: Record<string, unknown> = {};
  /** The test pod of a run; it is there as soon as it is created. */
  prober = pod("prober");
  /** The local port that leads to any pod. */
  localPort = 0;

  override async podGet(_namespace: string, pod: string, _port: number, path: string): Promise<string> {
    const page = this.pages.get(pod + path);
    if (page === undefined) throw new Error("no answer within 5 s");
    return JSON.stringify(page);
  }

  override async exec(namespace: string, pod: string, container: string, command: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
    this.commands.push([namespace, pod, container, ...command]);
    if (this.command instanceof Error) throw this.command;
    return this.command;
  }

  override async forward<T>(_namespace: string, _pod: string, _port: number, use: (localPort: number) => Promise<T>): Promise<T> {
    return use(this.localPort);
  }

  override async text(method: string, path: string, ...rest: unknown[]): Promise<Answer<string>> {
    const where = path.replace(/\?.*/, "");
    if (this.forbidden.has(where)) throw new KubeError(403, `${where} is forbidden`);
    if (this.silent.has(where)) throw new Error("no answer within 5 s");
    if (method === "POST" || method === "DELETE") {
      (method === "POST" ? this.created : this.deleted).push(where);
      return { body: "", date: NaN };
    }
    if (method === "PATCH") {
      this.patched.push(rest[0]);
      Object.assign(this.labels, (rest[0] as { metadata?: { labels?: Record<string, unknown> } }).metadata?.labels);
      return { body: "", date: NaN };
    }
    if (where.endsWith("/pods/prober") && !this.created.some((path) => path.endsWith("/pods"))) throw new KubeError(404, "not found");
    if (where.endsWith("/pods/prober")) return { body: JSON.stringify(this.prober), date: NaN };
    const log = /pods\/([^/]+)\/log$/.exec(where)?.[1];
    if (log !== undefined) return { body: this.logs.get(log) ?? "", date: NaN };
    return super.text(method, path, ...(rest as [unknown, string, string]));
  }
}

/** A cluster in this process, as far as `verify` reads it. */
export interface FakeCluster {
  readonly api: FakeApiServer;
  readonly kube: FakeKube;
  readonly target: Target;
  /** The cluster's pods; changes count. */
  readonly pods: Pod[];
  readonly services: Service[];
  stop(): void;
}

export function pod(name: string, change: { namespace?: string; labels?: Record<string, string>; containers?: string[]; ready?: boolean; ip?: string; hostNetwork?: boolean } = {}): Pod {
  const containers = (change.containers ?? ["app", "istio-proxy"]).map((c): Container => ({ name: c, image: `example/${c}:1` }));
  return {
    metadata: { name, namespace: change.namespace ?? "shop", labels: change.labels ?? {} },
    spec: { containers, ...(change.hostNetwork ? { hostNetwork: true } : {}) },
    status: { phase: "Running", podIP: change.ip ?? "10.10.0.5", conditions: [{ type: "Ready", status: change.ready === false ? "False" : "True" }] },
  };
}

export function istiodPod(name: string, change: { ready?: boolean; revision?: string } = {}): Pod {
  const labels = { app: "istiod", "istio.io/rev": change.revision ?? "default" };
  const made = pod(name, { namespace: "istio-system", labels, containers: ["discovery"], ready: change.ready });
  return { ...made, spec: { containers: [{ name: "discovery", image: "example/pilot:1.31.4@sha256:0a", env: [{ name: "CLUSTER_ID", value: "west-cluster" }] }] } };
}

/** What `/debug/clusterz` says of a peer. */
export const clusterz = (id: string, syncStatus = "synced"): object[] => [{ id, secretName: "istio-system/istio-remote-secrets", syncStatus }];

/** What `/debug/syncz` says of a proxy. */
export const syncz = (change: object = {}): object[] => [{ proxy: "web-1.shop", istio_version: "1.31.4", cluster_sent: "a", cluster_acked: "a", ...change }];

const base64 = (text: string): string => Buffer.from(text).toString("base64");

/** The kubeconfig of a remote Secret. */
export function remoteKubeconfig(change: { token?: string; server?: string; ca?: string } = {}): string {
  return JSON.stringify({
    "current-context": "remote",
    contexts: [{ name: "remote", context: { cluster: "remote", user: "remote" } }],
    clusters: [{ name: "remote", cluster: { server: change.server ?? "https://127.0.0.1:6443", "certificate-authority-data": change.ca ?? base64("PEM") } }],
    users: [{ name: "remote", user: { token: change.token ?? "abc" } }],
  });
}

/** A healthy cluster of a mesh of west and east. */
export async function fakeCluster(key: Key, ca: Trust): Promise<FakeCluster> {
  const peer = key === "west" ? "east" : "west";
  const api = await FakeApiServer.start();
  const config = new KubeConfig();
  config.loadFromString(api.kubeconfig);
  // Kubernetes' client takes a server without TLS only like this.
  config.loadFromClusterAndUser({ name: "fake", server: config.getCurrentCluster()?.server ?? "", skipTLSVerify: true }, { name: "fake" });
  const kube = new FakeKube(config, 5000);
  const system = { namespace: "istio-system", labels: { "topology.istio.io/network": `${key}-network` } };
  const web = { namespace: "shop", labels: { "kubernetes.io/service-name": "web" } };
  const istiod = istiodPod("istiod-1");
  istiod.spec.containers[0]!.env = [{ name: "CLUSTER_ID", value: `${key}-cluster` }];
  const pods = [
    istiod,
    pod("gateway-1", { namespace: "istio-system", labels: { istio: "eastwestgateway" }, containers: ["istio-proxy"] }),
    pod("web-1", { ip: "10.10.0.9" }),
  ];
  const services: Service[] = [
    {
      metadata: { name: "istio-eastwestgateway", ...system },
      spec: { type: "LoadBalancer", selector: { istio: "eastwestgateway" }, ports: [{ port: 15443 }] },
      status: { loadBalancer: { ingress: [{ ip: "192.0.2.1" }] } },
    },
  ];
  const put = (path: string, object: object): void => void api.objects.set(path, object as Stored);
  const list = (path: string, items: readonly object[]): void => put(path, { items });
  put("/version", { gitVersion: "v1.34.4" });
  list("/api/v1/nodes", [
    {
      metadata: { name: "n", labels: { "topology.kubernetes.io/region": "us", "topology.kubernetes.io/zone": "0" } },
      spec: { podCIDRs: ["10.10.0.0/24"] },
      status: { conditions: [{ type: "Ready", status: "True" }] },
    },
  ]);
  list("/apis/networking.k8s.io/v1/servicecidrs", [{ spec: { cidrs: ["10.100.0.0/16"] } }]);
  list("/api/v1/namespaces", [{ metadata: { name: "istio-system", labels: system.labels } }, { metadata: { name: "shop", labels: { "istio-injection": "enabled" } } }]);
  list("/api/v1/pods", pods);
  list("/api/v1/services", services);
  list("/apis/discovery.k8s.io/v1/endpointslices", key === "east" ? [{ metadata: { name: "web-1", ...web }, endpoints: [{ addresses: ["10.10.0.9"] }] }] : []);
  const data = (text: Record<string, string>): Record<string, string> => Object.fromEntries(Object.entries(text).map(([name, value]) => [name, base64(value)]));
  put("/api/v1/namespaces/istio-system/secrets/cacerts", {
    metadata: { name: "cacerts" },
    data: data({ "ca-cert.pem": ca[key].pem, "ca-key.pem": "KEY", "cert-chain.pem": ca[key].pem + ca.root.pem, "root-cert.pem": ca.root.pem }),
  });
  put("/api/v1/namespaces/istio-system/secrets/istio-remote-secrets", {
    metadata: { name: "istio-remote-secrets", namespace: "istio-system", labels: { "istio/multiCluster": "true" } },
    data: data({ [`${peer}-cluster`]: remoteKubeconfig() }),
  });
  const configMap = (name: string, content: Record<string, string>): void => put(`/api/v1/namespaces/istio-system/configmaps/${name}`, { metadata: { name }, data: content });
  configMap("istio-ca-root-cert", { "root-cert.pem": ca.root.pem });
  configMap("istio", { mesh: "trustDomain: cluster.local\ndefaultConfig: { meshId: usmesh }" });
  configMap("istio-sidecar-injector", { values: JSON.stringify({ global: { network: `${key}-network`, meshID: "usmesh", multiCluster: { clusterName: `${key}-cluster` } } }) });
  list("/apis/networking.istio.io/v1/gateways", [
    { metadata: { name: "cross-network-gateway", namespace: "istio-system" }, spec: { selector: { istio: "eastwestgateway" }, servers: [{ port: { number: 15443 }, tls: { mode: "AUTO_PASSTHROUGH" }, hosts: ["*.local"] }] } },
  ]);
  kube.pages.set("istiod-1/debug/clusterz", clusterz(`${peer}-cluster`));
  kube.pages.set("istiod-1/debug/syncz", syncz());
  kube.pages.set("gateway-1/config_dump?resource=dynamic_active_secrets", {
    configs: [{ name: "default", secret: { tls_certificate: { certificate_chain: { inline_bytes: base64(ca.leaves[key].pem) } } } }],
  });
  const endpoint = { address: { socket_address: { address: "192.0.2.1", port_value: 15443 } } };
  kube.pages.set("web-1/clusters?format=json", { cluster_statuses: [{ name: "outbound|80||web.shop.svc.cluster.local", host_statuses: [endpoint] }] });
  return { api, kube, target: { key, kube, kubectl: `kubectl --context ${key}`, timeoutMs: 1000 }, pods, services, stop: () => api.stop() };
}
