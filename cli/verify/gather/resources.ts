import type { Result } from "../facts";

/** The parts of Kubernetes' and Istio's objects that `verify` reads. Anything may be absent in an answer. */
export interface Meta {
  name: string;
  namespace?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: { kind: string; name: string }[];
}

export interface Node {
  metadata: Meta;
  spec?: { podCIDR?: string; podCIDRs?: string[] };
  status?: { conditions?: { type: string; status: string }[] };
}

export interface Pod {
  metadata: Meta & { deletionTimestamp?: string };
  spec: { containers: Container[]; initContainers?: Container[]; hostNetwork?: boolean; serviceAccountName?: string };
  status?: { phase?: string; podIP?: string; conditions?: { type: string; status: string }[] };
}

export interface Container {
  name: string;
  image?: string;
  ports?: { containerPort: number }[];
  env?: { name: string; value?: string }[];
}

export interface Service {
  metadata: Meta;
  spec: { selector?: Record<string, string>; ports?: { port: number }[]; type?: string; externalIPs?: string[] };
  status?: { loadBalancer?: { ingress?: { ip?: string; hostname?: string }[] } };
}

export interface EndpointSlice {
  metadata: Meta;
  endpoints?: { addresses: string[]; conditions?: { ready?: boolean } }[] | null;
  ports?: { port?: number }[] | null;
}

export interface Secret {
  metadata: Meta;
  data?: Record<string, string>;
}

export interface ConfigMap {
  metadata: Meta;
  data?: Record<string, string>;
}

export interface Namespace {
  metadata: Meta;
}

export interface Gateway {
  metadata: Meta;
  spec?: {
    selector?: Record<string, string>;
    servers?: { port?: { number?: number }; tls?: { mode?: string }; hosts?: string[] }[];
  };
}

/** Whether every label of `selector` is among `labels`; an empty selector selects nothing. */
export function selects(selector: Readonly<Record<string, string>>, labels: Readonly<Record<string, string>>): boolean {
  const wanted = Object.entries(selector);
  return wanted.length > 0 && wanted.every(([key, value]) => labels[key] === value);
}

/** Whether the pod runs and passes its readiness checks. */
export function isReady(pod: Pod): boolean {
  return pod.metadata.deletionTimestamp === undefined && pod.status?.conditions?.some((c) => c.type === "Ready" && c.status === "True") === true;
}

/** `name.namespace`: how Istio names a proxy or a service. */
export function dotted(meta: Meta): string {
  return `${meta.name}.${meta.namespace ?? "default"}`;
}

/** `namespace/name`: how Kubernetes names an object. */
export function slashed(meta: Meta): string {
  return `${meta.namespace ?? "default"}/${meta.name}`;
}

/** Decodes one value of a Secret's data. */
export function decode(value: string | undefined): string | undefined {
  return value === undefined ? undefined : Buffer.from(value, "base64").toString("utf8");
}

/** Runs `read` and keeps its failure as text. */
export async function attempt<T>(read: () => Promise<T>): Promise<Result<T>> {
  try {
    return { ok: true, value: await read() };
  } catch (error) {
    return { ok: false, error: error instanceof Error ? error.message || error.constructor.name : String(error) };
  }
}
