import { KubeConfig } from "@kubernetes/client-node";
import { type Answer, KubeError } from "../../../../../lib/api-server";
import type { DrillCluster } from "../../../../../cli/drill/clusters";
import type { Pod } from "../../../../../cli/verify/gather/resources";
import { Kube } from "../../../../../cli/verify/kube";

/** A cluster's API server as the drill uses it, and what was asked of it. */
export class FakeKube extends Kube {
  /** Objects and lists by path. */
  readonly objects = new Map<string, object>();
  /** Everything but GETs, as `METHOD path`, and commands as `EXEC pod/container command`; in order. */
  readonly asked: string[] = [];
  /** Bodies of what was created or patched, by path. */
  readonly bodies = new Map<string, unknown[]>();
  /** Errors to come, by `METHOD path`. */
  readonly errors = new Map<string, Error>();
  /** How a command ends. */
  command = { code: 0, stdout: "", stderr: "" };
  /** Pages of pods, by path. */
  readonly pages = new Map<string, unknown>();
  /** The local port that leads to any pod. */
  localPort = 0;

  constructor() {
    super(new KubeConfig(), 1000);
  }

  override async text(method: string, path: string, body?: unknown): Promise<Answer<string>> {
    const where = path.replace(/\?.*/, "");
    const error = this.errors.get(`${method} ${where}`);
    if (error) throw error;
    if (method !== "GET") this.asked.push(`${method} ${where}`);
    if (body !== undefined) this.bodies.set(where, [...(this.bodies.get(where) ?? []), body]);
    if (method === "DELETE") this.objects.delete(where);
    const found = this.objects.get(where);
    if (method === "GET" && found === undefined) throw new KubeError(404, `${where} not found`);
    return { body: JSON.stringify(found ?? {}), date: NaN };
  }

  override async exec(_namespace: string, pod: string, container: string, command: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
    this.asked.push(`EXEC ${pod}/${container} ${command.join(" ")}`);
    return this.command;
  }

  override async forward<T>(_namespace: string, pod: string, port: number, use: (localPort: number) => Promise<T>): Promise<T> {
    this.asked.push(`FORWARD ${pod}:${port}`);
    return use(this.localPort);
  }

  override async podGet(_namespace: string, pod: string, port: number, path: string): Promise<string> {
    return JSON.stringify(this.pages.get(`${pod}:${port}${path}`));
  }
}

/** A pod that runs, with a sidecar, as istiod's injector makes it. */
export function runningPod(name: string, change: { app?: string; sidecar?: boolean; ready?: boolean } = {}): Pod {
  return {
    metadata: { name, labels: { app: change.app ?? name } },
    spec: { containers: [{ name: "app" }], initContainers: change.sidecar === false ? [] : [{ name: "istio-proxy", image: "example/proxy:1" }] },
    status: { phase: "Running", conditions: [{ type: "Ready", status: change.ready === false ? "False" : "True" }] },
  };
}

export interface FakeDrillCluster extends DrillCluster {
  readonly kube: FakeKube;
}

/** A cluster that takes part in a drill. @param kind its kind cluster; null for one that kind did not create. */
export function drillCluster(key: string, kind: string | null = key): FakeDrillCluster {
  const kube = new FakeKube();
  const target = { key, kube, kubectl: `kubectl --context kind-${key}`, timeoutMs: 1000 };
  return { kube, target, region: `${key}us`, zone: "0", ...(kind === null ? {} : { kind }) };
}
