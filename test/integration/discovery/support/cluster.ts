import { meshConfigRules, noSecretsRules, peerRules, type Rule } from "../../../../components/discovery/rules";
import { until } from "../../../support/wait";
import type { ApiServer } from "../../support/api-server";

/** Part of everything that a peer must never see. */
export const CANARY = "canary-0f3c";

const group = "rbac.authorization.k8s.io";
const subjects = [{ kind: "ServiceAccount", name: "cluster-west", namespace: "usmesh-discovery" }];

/** Fills a server with what a cluster of a mesh has: Secrets and ConfigMaps everywhere, a workload, and a peer's account. */
export async function fillCluster(server: ApiServer): Promise<{ readonly token: string }> {
  const create = (path: string, object: object): Promise<unknown> => server.client.request("POST", path, object);
  for (const name of ["istio-system", "usmesh-discovery", "usmesh-no-secrets", "shop"]) {
    await create("/api/v1/namespaces", { metadata: { name } });
  }
  await create("/api/v1/namespaces/usmesh-no-secrets/resourcequotas", { metadata: { name: "no-secrets" }, spec: { hard: { secrets: "0", pods: "0" } } });
  for (const namespace of ["istio-system", "kube-system", "shop", "usmesh-discovery"]) {
    await create(`/api/v1/namespaces/${namespace}/secrets`, { metadata: { name: "cacerts" }, stringData: { key: CANARY } });
    await create(`/api/v1/namespaces/${namespace}/configmaps`, { metadata: { name: "other" }, data: { key: CANARY } });
  }
  await create("/api/v1/namespaces/istio-system/configmaps", { metadata: { name: "istio" }, data: { mesh: "trustDomain: cluster.local" } });
  await create("/api/v1/namespaces/shop/services", { metadata: { name: "web" }, spec: { ports: [{ port: 80 }], selector: { app: "web" } } });
  await create("/api/v1/namespaces/shop/serviceaccounts", { metadata: { name: "web" } });
  await create("/api/v1/namespaces/shop/pods", { metadata: { name: "web", labels: { app: "web" } }, spec: { serviceAccountName: "web", automountServiceAccountToken: false, containers: [{ name: "web", image: "web:1" }] } });
  return { token: await peer(server) };
}

/** A peer's account, with the rules that the component gives it. */
async function peer(server: ApiServer): Promise<string> {
  const create = (path: string, object: object): Promise<unknown> => server.client.request("POST", path, object);
  const bind = async (path: string, kind: string, rules: readonly Rule[]): Promise<void> => {
    await create(`/apis/${group}/v1${path}/${kind.toLowerCase()}s`, { metadata: { name: "peer" }, rules });
    await create(`/apis/${group}/v1${path}/${kind.toLowerCase()}bindings`, { metadata: { name: "peer" }, roleRef: { apiGroup: group, kind, name: "peer" }, subjects });
  };
  await create("/api/v1/namespaces/usmesh-discovery/serviceaccounts", { metadata: { name: "cluster-west" } });
  await bind("", "ClusterRole", peerRules());
  await bind("/namespaces/istio-system", "Role", meshConfigRules());
  await bind("/namespaces/usmesh-no-secrets", "Role", noSecretsRules());
  const annotations = { "kubernetes.io/service-account.name": "cluster-west" };
  await create("/api/v1/namespaces/usmesh-discovery/secrets", { metadata: { name: "cluster-west-1", annotations }, type: "kubernetes.io/service-account-token" });
  let token: string | undefined;
  const issued = async (): Promise<boolean> => {
    const { data } = await server.client.get<{ data?: { token?: string } }>("/api/v1/namespaces/usmesh-discovery/secrets/cluster-west-1");
    token = data?.token;
    return token !== undefined;
  };
  await until("the peer's token to be issued", issued, { timeoutMs: 30_000, intervalMs: 200, seen: () => "no token" });
  return Buffer.from(token ?? "", "base64").toString();
}

/** Whether text holds what a peer must never see, in any of the forms in which an API server writes it. */
export function leaks(text: string): boolean {
  // A Secret's content is base64, which begins the same wherever the canary begins its value.
  return [CANARY, Buffer.from(CANARY).toString("base64").replace(/=+$/, "").slice(0, -1)].some((form) => text.includes(form));
}
