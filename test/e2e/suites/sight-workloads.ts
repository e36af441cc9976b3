import type { Key, TestMesh } from "../support/mesh";

/** Who asks; the second has not asked yet, so that its proxy has no connection to other clusters. */
const ASKERS: readonly string[] = ["asker", "newcomer"];
/** Pods by cluster: who asks, who answers there and elsewhere, and who answers nobody. */
const PODS = { west: [...ASKERS, "near"], east: ["far", "closed"] } as const;

/** What a cluster needs for requests of every kind, as one list. */
export async function workloads(mesh: TestMesh, key: Key, namespace: string): Promise<object> {
  const image = async (query: string): Promise<string> => mesh.kubectl(key, `get pods -A ${query}`);
  const server = await mesh.kubectl(key, `-n istioinaction get pods -o jsonpath='{.items[0].spec.containers[?(@.name!="istio-proxy")].image}'`);
  const proxy = await image(`-l istio=ingressgateway -o jsonpath='{.items[0].spec.containers[0].image}'`);
  const meta = (name: string): object => ({ name, namespace, labels: { app: name } });
  const pod = (name: string): object => {
    // The proxy's image has a shell and curl, and every node has it.
    const asker = { name, image: proxy, imagePullPolicy: "IfNotPresent", command: ["sleep", "86400"], securityContext: { runAsUser: 1000 } };
    const env = [{ name: "NAME", value: name }, { name: "LISTEN_ADDR", value: "0.0.0.0:3000" }];
    const answerer = { name, image: server, imagePullPolicy: "IfNotPresent", env };
    return { apiVersion: "v1", kind: "Pod", metadata: meta(name), spec: { serviceAccountName: name, terminationGracePeriodSeconds: 1, containers: [ASKERS.includes(name) ? asker : answerer] } };
  };
  const service = (name: string): object => ({ apiVersion: "v1", kind: "Service", metadata: meta(name), spec: { selector: { app: name }, ports: [{ name: "http", port: 80, targetPort: 3000 }] } });
  return {
    apiVersion: "v1",
    kind: "List",
    items: [
      { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace, labels: { "istio-injection": "enabled" } } },
      ...PODS[key].map((name) => ({ apiVersion: "v1", kind: "ServiceAccount", metadata: meta(name) })),
      ...PODS[key].map(pod),
      ...["near", "far", "closed", "nobody"].map(service),
      // A policy that allows nothing denies everything.
      { apiVersion: "security.istio.io/v1", kind: "AuthorizationPolicy", metadata: { name: "closed", namespace }, spec: { selector: { matchLabels: { app: "closed" } } } },
    ],
  };
}
