import { setTimeout as sleep } from "node:timers/promises";
import { KubeError, MERGE_PATCH } from "../../lib/api-server";
import { hasSidecar } from "../verify/gather/cluster";
import { isReady, type Pod } from "../verify/gather/resources";
import type { Target } from "../verify/targets";
import { CLIENT_PORT } from "../verify/traffic/envoy";
import { FRESH, PROBER } from "../verify/traffic/objects";
import { deploy, renew } from "../verify/traffic/probers";
import { TIMEOUT_SECONDS } from "./outcome";

/** Milliseconds from one look at the test workload to the next. */
const LOOK_MS = 5000;
/** Milliseconds after which the cluster is told again that the run is still active. */
const RENEW_MS = 5 * 60_000;

/** The test workload in one cluster: created, watched, and recreated when it is deleted. */
export class Prober {
  /** Why nothing can be sent from it or to it; undefined while it is well. */
  problem: string | undefined = "the test workload is starting";
  /** When it became usable the last time, on the clock of `performance.now()`. */
  readySince = 0;
  /** Local port that leads to it, once {@link open} has returned. */
  port = 0;
  private close: () => void = () => undefined;

  constructor(
    readonly target: Target,
    private readonly all: readonly Target[],
    private readonly namespace: string,
  ) {}

  get key(): string {
    return this.target.key;
  }

  /** Opens the way to it, whether or not it is there. Connections are made when something is sent. */
  async open(): Promise<void> {
    const closed = new Promise<void>((resolve) => (this.close = resolve));
    await new Promise<void>((resolve, reject) => {
      const use = (port: number): Promise<void> => {
        this.port = port;
        resolve();
        return closed;
      };
      this.target.kube.forward(this.namespace, PROBER, CLIENT_PORT, use).catch(reject);
    });
  }

  /** Closes the way to it. */
  end(): void {
    this.close();
  }

  /** Keeps it there until the signal ends that. */
  async keep(signal: AbortSignal): Promise<void> {
    let renewed = performance.now();
    while (!signal.aborted) {
      const problem = await this.look(signal);
      if (problem === undefined && this.problem !== undefined) this.readySince = performance.now();
      this.problem = problem;
      if (performance.now() - renewed > RENEW_MS) {
        renewed = performance.now();
        await renew(this.target, this.namespace).catch(() => undefined);
      }
      await sleep(LOOK_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Makes it an endpoint of the Service that has one only now and then, or takes it away. */
  async beEndpoint(fresh: boolean): Promise<void> {
    const path = `/api/v1/namespaces/${this.namespace}/pods/${PROBER}`;
    await this.target.kube.request("PATCH", path, { metadata: { labels: { [FRESH]: fresh ? "true" : null } } }, MERGE_PATCH);
  }

  /** Looks whether it is there, and makes it where it is not. @returns why it cannot be used. */
  private async look(signal: AbortSignal): Promise<string | undefined> {
    try {
      const pod = await this.target.kube.find<Pod>(`/api/v1/namespaces/${this.namespace}/pods/${PROBER}`);
      if (pod !== undefined && pod.status?.phase !== "Failed") return unfit(pod);
      this.problem = "the test workload is starting";
      await deploy(this.target, this.all, this.namespace, signal, { timeoutSeconds: TIMEOUT_SECONDS, fresh: true });
      return undefined;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return error instanceof KubeError ? `the test workload cannot be created: ${message}` : message;
    }
  }
}

/** Why a test workload that is there cannot be used; undefined where it can. */
function unfit(pod: Pod): string | undefined {
  if (!isReady(pod)) return "the test workload is not ready";
  return hasSidecar(pod) ? undefined : "the test workload got no sidecar: injection does not work";
}
