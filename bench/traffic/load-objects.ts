/** The workloads between which the benchmark measures latency and throughput. */
import type { NewObject } from "../../cli/drill/objects";
import { serviceHost } from "../../cli/verify/traffic/static-envoy";
import { injectedNamespace } from "../../cli/verify/traffic/workloads";
import { PREFIX, type Cluster } from "../lib/names";
import { serverArguments } from "./fortio";

/** Namespaces of the workloads in the mesh, and of those without it. */
export const NAMESPACES = { mesh: `${PREFIX}-load`, plain: `${PREFIX}-plain` } as const;
export type Side = keyof typeof NAMESPACES;

/** The pod that sends, and the container in each pod. */
export const CLIENT = "client";
export const CONTAINER = "fortio";

/** Of all pods: a new namespace gets its default one only after a moment. */
const ACCOUNT = "load";

const PORT = 8080;
const OWNED = { "app.kubernetes.io/managed-by": PREFIX } as const;

/** Bytes of an answer's body. */
export const BODY_BYTES = 1024;

/** A way that requests take. All begin at a client in west. */
export interface Way {
  /** For people. */
  readonly name: string;
  readonly side: Side;
  /** The Service that is asked. */
  readonly service: "near" | "far";
}

/** `near` has its one endpoint in the client's cluster, and `far` in the other one. */
export const WAYS: readonly Way[] = [
  { name: "same cluster", side: "mesh", service: "near" },
  { name: "same cluster", side: "plain", service: "near" },
  { name: "other cluster, through its east-west gateway", side: "mesh", service: "far" },
];

/** The address at which a way begins. */
export function urlOf({ side, service }: Way): string {
  return `http://${serviceHost(service, NAMESPACES[side])}:${PORT}/?size=${BODY_BYTES}`;
}

/** A pod of the measurement. */
export interface LoadPod {
  readonly side: Side;
  readonly name: string;
}

/** The pods in a cluster. */
export function podsIn(cluster: Cluster): LoadPod[] {
  if (cluster === "east") return [{ side: "mesh", name: "far" }];
  return (["mesh", "plain"] as const).flatMap((side) => [CLIENT, "near"].map((name) => ({ side, name })));
}

/** The namespaces that a cluster has for this. */
export function sidesIn(cluster: Cluster): Side[] {
  return [...new Set(podsIn(cluster).map(({ side }) => side))];
}

/** What is created in a cluster, in this order. @param revision of the istiod that serves it. @param image of the load generator. */
export function loadObjects(cluster: Cluster, revision: string, image: string): NewObject[] {
  const services = WAYS.filter(({ side, service }) => sidesIn(cluster).includes(side) && (cluster === "west" || service === "far"));
  return [
    ...sidesIn(cluster).map((side) => ({ path: "/api/v1/namespaces", body: namespace(side, revision) })),
    ...sidesIn(cluster).map((side) => core(side, "serviceaccounts", { apiVersion: "v1", kind: "ServiceAccount", metadata: meta(side, ACCOUNT) })),
    ...services.map(({ side, service }) => serviceObject(side, service)),
    ...(cluster === "west" ? services.filter(({ side }) => side === "mesh").map(({ service }) => once(service)) : []),
    ...podsIn(cluster).map((pod) => podObject(pod, image)),
  ];
}

function namespace(side: Side, revision: string): object {
  const name = NAMESPACES[side];
  return side === "mesh" ? injectedNamespace(name, revision, OWNED) : { apiVersion: "v1", kind: "Namespace", metadata: { name, labels: OWNED } };
}

function meta(side: Side, name: string): object {
  return { name, namespace: NAMESPACES[side], labels: { ...OWNED, app: name } };
}

function core(side: Side, resource: string, body: object): NewObject {
  return { path: `/api/v1/namespaces/${NAMESPACES[side]}/${resource}`, body };
}

function serviceObject(side: Side, name: string): NewObject {
  const spec = { selector: { app: name }, ports: [{ name: "http", port: PORT, targetPort: PORT }] };
  return core(side, "services", { apiVersion: "v1", kind: "Service", metadata: meta(side, name), spec });
}

/** No proxy repeats a request: a repeated one would be a slow answer instead of a failure. */
function once(name: string): NewObject {
  const host = serviceHost(name, NAMESPACES.mesh);
  const spec = { hosts: [host], exportTo: ["."], http: [{ route: [{ destination: { host } }], retries: { attempts: 0 } }] };
  return {
    path: `/apis/networking.istio.io/v1/namespaces/${NAMESPACES.mesh}/virtualservices`,
    body: { apiVersion: "networking.istio.io/v1", kind: "VirtualService", metadata: meta("mesh", name), spec },
  };
}

/** Clients are servers that nobody asks: so they stay until they are told to send. */
function podObject({ side, name }: LoadPod, image: string): NewObject {
  const container = {
    name: CONTAINER,
    image,
    imagePullPolicy: "IfNotPresent",
    args: serverArguments(PORT),
    ports: [{ containerPort: PORT }],
    readinessProbe: { httpGet: { path: "/", port: PORT }, periodSeconds: 1 },
    resources: { requests: { cpu: "10m", memory: "32Mi" } },
    securityContext: { runAsUser: 65534, runAsGroup: 65534, runAsNonRoot: true, allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
  };
  const spec = { serviceAccountName: ACCOUNT, automountServiceAccountToken: false, terminationGracePeriodSeconds: 1, containers: [container] };
  return core(side, "pods", { apiVersion: "v1", kind: "Pod", metadata: meta(side, name), spec });
}
