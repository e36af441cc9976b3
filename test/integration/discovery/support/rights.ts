/** What somebody with a peer's token tries in a cluster, and what becomes of it directly and through the discovery proxy. */
export interface Attempt {
  readonly what: string;
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  /** Status of the API server itself, and through the proxy. */
  readonly direct: number;
  readonly through: number;
}

/** What istiod needs: allowed both ways. */
const read = (what: string, path: string): Attempt => ({ what, path, direct: 200, through: 200 });
/** What neither the roles nor the proxy allow. */
const no = (what: string, path: string, method: Attempt["method"] = "GET"): Attempt => ({ what, path, method, direct: 403, through: 403 });

const REVIEWS = "/apis/authorization.k8s.io/v1";

/** What there is to try it on. */
export interface Victims {
  readonly namespace: string;
  readonly pod: string;
  readonly service: string;
  readonly node: string;
  /** The account that the token is of. */
  readonly account: string;
}

/** Everything that is tried, and how it must end. */
export function attempts({ namespace, pod, service, node, account }: Victims): Attempt[] {
  const within = `/api/v1/namespaces/${namespace}`;
  return [
    read("list the Services of all namespaces", "/api/v1/services"),
    read("list the pods of all namespaces", "/api/v1/pods"),
    read("list the nodes", "/api/v1/nodes"),
    read("list the namespaces", "/api/v1/namespaces"),
    read("list the EndpointSlices of all namespaces", "/apis/discovery.k8s.io/v1/endpointslices"),
    read("list the kinds of custom objects", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"),
    read("read the mesh's configuration", "/api/v1/namespaces/istio-system/configmaps?fieldSelector=metadata.name%3Distio"),
    read("ask for the server's version", "/version"),
    { what: "list the Secrets of all namespaces: none", path: "/api/v1/secrets", direct: 403, through: 200 },
    no("list the Secrets of a namespace", `${within}/secrets`),
    no("read the CA's private key", "/api/v1/namespaces/istio-system/secrets/cacerts"),
    no("read the tokens of peers", "/api/v1/namespaces/usmesh-discovery/secrets"),
    no("create a Secret", `${within}/secrets`, "POST"),
    { what: "list the Secrets of the namespace that holds none", path: "/api/v1/namespaces/usmesh-no-secrets/secrets", direct: 200, through: 403 },
    no("create a Secret in the namespace that holds none", "/api/v1/namespaces/usmesh-no-secrets/secrets", "POST"),
    no("list the ConfigMaps of all namespaces", "/api/v1/configmaps"),
    no("list the ConfigMaps of a namespace", `${within}/configmaps`),
    { what: "list all ConfigMaps of the control plane", path: "/api/v1/namespaces/istio-system/configmaps", direct: 403, through: 403 },
    no("read another ConfigMap of the control plane", "/api/v1/namespaces/istio-system/configmaps?fieldSelector=metadata.name%3Dother"),
    no("list Deployments", "/apis/apps/v1/deployments"),
    no("list ServiceAccounts", "/api/v1/serviceaccounts"),
    no("list roles", "/apis/rbac.authorization.k8s.io/v1/clusterroles"),
    no("list events", "/api/v1/events"),
    no("read one pod", `${within}/pods/${pod}`),
    no("read a pod's log", `${within}/pods/${pod}/log`),
    no("run a command in a pod", `${within}/pods/${pod}/exec?command=id&stdout=true`, "POST"),
    no("run a command in a pod, by GET", `${within}/pods/${pod}/exec?command=id&stdout=true`),
    no("attach to a pod", `${within}/pods/${pod}/attach?stdout=true`, "POST"),
    no("forward a port of a pod", `${within}/pods/${pod}/portforward?ports=80`, "POST"),
    no("reach a pod through the API server", `${within}/pods/${pod}/proxy/`),
    no("reach a Service through the API server", `${within}/services/${service}/proxy/`),
    no("reach a node through the API server", `/api/v1/nodes/${node}/proxy/metrics`),
    no("create a pod", `${within}/pods`, "POST"),
    no("delete a pod", `${within}/pods/${pod}`, "DELETE"),
    no("delete all pods", `${within}/pods`, "DELETE"),
    no("change a Service", `${within}/services/${service}`, "PATCH"),
    no("replace a Service", `${within}/services/${service}`, "PUT"),
    no("create a namespace", "/api/v1/namespaces", "POST"),
    no("issue a token", `/api/v1/namespaces/usmesh-discovery/serviceaccounts/${account}/token`, "POST"),
    no("check somebody's token", "/apis/authentication.k8s.io/v1/tokenreviews", "POST"),
    no("ask what somebody else may do", `${REVIEWS}/subjectaccessreviews`, "POST"),
    { what: "ask what it may do itself", method: "POST", path: `${REVIEWS}/selfsubjectaccessreviews`, direct: 201, through: 403 },
    no("read metrics of the API server", "/metrics"),
  ];
}

/** A body with which a request by a method reaches the API server's permissions and is not refused for its form. */
export function bodyOf({ method = "GET", path }: Attempt): object | undefined {
  if (method === "GET" || method === "DELETE") return undefined;
  if (path.endsWith("selfsubjectaccessreviews")) return { apiVersion: "authorization.k8s.io/v1", kind: "SelfSubjectAccessReview", spec: { resourceAttributes: { verb: "get", resource: "pods" } } };
  return { metadata: { name: "attempt" } };
}
