import { type ApiServer, KubeError } from "../../../lib/api-server";
import type { Access } from "../../../lib/kubeconfig";
import { DISCOVERY_NAMESPACE, DISCOVERY_PROXY } from "../../../topology/discovery";
import { CROSS_NETWORK_PORT } from "../../../topology/names";
import type { AccessFacts } from "../facts";
import type { ProxyState } from "../facts-discovery";
import type { Kube } from "../kube";
import { presentedChain } from "./probes";
import { attempt, type Gateway } from "./resources";

interface Deployment {
  readonly spec?: { readonly replicas?: number };
  readonly status?: { readonly readyReplicas?: number };
}

/** The proxy through which peers read a cluster, and the names that its gateways pass on; undefined where there is none. */
export async function gatherDiscovery(kube: Kube): Promise<ProxyState | undefined> {
  const deployment = await kube.find<Deployment>(`/apis/apps/v1/namespaces/${DISCOVERY_NAMESPACE}/deployments/${DISCOVERY_PROXY}`);
  if (deployment === undefined) return undefined;
  const gateways = await kube.list<Gateway>("/apis/networking.istio.io/v1/gateways");
  return { wanted: deployment.spec?.replicas ?? 1, ready: deployment.status?.readyReplicas ?? 0, hosts: passedHosts(gateways) };
}

/** The names for which Gateways pass TLS on by SNI on the port between networks, each without the namespace before it. */
export function passedHosts(gateways: readonly Gateway[]): string[] {
  const servers = gateways.flatMap((gateway) => gateway.spec?.servers ?? []);
  const passing = servers.filter((server) => server.port?.number === CROSS_NETWORK_PORT && server.tls?.mode === "PASSTHROUGH");
  return passing.flatMap(({ hosts = [] }) => hosts.map((host) => host.replace(/^[^/]*\//, "")));
}

/** What istiod lists and watches, by path. */
const NEEDED = {
  services: "/api/v1/services",
  pods: "/api/v1/pods",
  nodes: "/api/v1/nodes",
  namespaces: "/api/v1/namespaces",
  endpointslices: "/apis/discovery.k8s.io/v1/endpointslices",
  workloadentries: "/apis/networking.istio.io/v1/workloadentries",
  secrets: "/api/v1/secrets",
} as const;

/**
 * Reads a cluster through its gateway as a peer's istiod does: the proxy behind it answers no questions about permissions, so each list and
 * watch is tried.
 */
export async function gatherThrough(access: Access & { readonly servername: string }, api: ApiServer): Promise<Pick<AccessFacts, "denied" | "failure" | "through">> {
  const { hostname, port } = new URL(access.server);
  const chain = await presentedChain(hostname.replace(/^\[|\]$/g, ""), Number(port || 443), access.servername);
  const through = { host: access.servername, chain, authorities: access.ca ?? "" };
  try {
    const started = performance.now();
    await api.get(`${NEEDED.services}?limit=1`);
    const latencyMs = performance.now() - started;
    const tried = await Promise.all(Object.entries(NEEDED).map(([resource, path]) => refusals(api, resource, path)));
    const secrets = await attempt(async () => (await api.list(`${NEEDED.secrets}?limit=1`)).length);
    return { denied: { ok: true, value: tried.flat() }, through: { ...through, latencyMs, secrets } };
  } catch (error) {
    const status = error instanceof KubeError ? error.status : undefined;
    const message = error instanceof Error ? error.message : String(error);
    const secrets = { ok: false, error: message } as const;
    // A token without any permission, such as that of a deleted account, counts as not accepted.
    return { denied: { ok: false, error: message }, failure: status === 401 || status === 403 ? "unauthorized" : "unreachable", through: { ...through, secrets } };
  }
}

/** Which of a list, and of a watch that begins where the list ends, are refused. */
async function refusals(api: ApiServer, resource: string, path: string): Promise<string[]> {
  const list = await allowed(() => api.get<{ metadata?: { resourceVersion?: string } }>(`${path}?limit=1`));
  if (list === undefined) return [`list ${resource}`, `watch ${resource}`];
  const watch = await allowed(() => api.text("GET", `${path}?watch=true&timeoutSeconds=1&resourceVersion=${list.metadata?.resourceVersion ?? ""}`));
  return watch === undefined ? [`watch ${resource}`] : [];
}

/** The answer; undefined where it was refused. A kind that is not served counts as answered: istiod waits for it without an error. */
async function allowed<T extends object>(ask: () => Promise<T>): Promise<T | Record<string, never> | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof KubeError && error.status === 403) return undefined;
    if (error instanceof KubeError && error.status === 404) return {};
    throw error;
  }
}
