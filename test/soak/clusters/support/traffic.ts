import { expect } from "chai";
import type { Environments } from "./environments";
import { CLIENT } from "./environments";
import { AT_ONCE, Requests, type Count } from "./requests";

const HOST = "webapp.istioinaction.io";

/** So many requests are answered before a step begins and after it has ended: what comes late belongs to the step. */
const QUIET = 6 * AT_ONCE;

/**
 * The way from east to west: a Service for webapp, whose pods are in west, behind east's ingress. And in both clusters every request
 * that crosses uses a new connection, since an older one would not notice that trust has changed, and nothing is asked twice: a retry
 * would hide a failure.
 */
const route = (stack: Door): string => {
  const host = stack === "west" ? "catalog" : "webapp";
  const rule = { connectionPool: { http: { maxRequestsPerConnection: 1 } } };
  const istio = (kind: string, name: string, spec: object): object => ({ apiVersion: "networking.istio.io/v1", kind, metadata: { name, namespace: "istioinaction" }, spec });
  const full = `${host}.istioinaction.svc.cluster.local`;
  const retries = { attempts: 0 };
  const crossing = [
    istio("DestinationRule", host, { host: full, trafficPolicy: rule }),
    istio("VirtualService", `${host}-once`, { hosts: [full], http: [{ route: [{ destination: { host: full } }], retries }] }),
  ];
  const door = [
    { apiVersion: "v1", kind: "Service", metadata: { name: "webapp", namespace: "istioinaction" }, spec: { selector: { app: "webapp" }, ports: [{ name: "http", port: 80, targetPort: 8080 }] } },
    istio("Gateway", "webapp", { selector: { istio: "ingressgateway" }, servers: [{ port: { number: 80, name: "http", protocol: "HTTP" }, hosts: [HOST] }] }),
    istio("VirtualService", "webapp", { hosts: [HOST], gateways: ["webapp"], http: [{ route: [{ destination: { host: "webapp", port: { number: 80 } } }], retries }] }),
  ];
  return JSON.stringify({ apiVersion: "v1", kind: "List", items: stack === "west" ? crossing : [...crossing, ...door] });
};

/** Where requests come in. */
export type Door = "west" | "east";

/** Requests from west to east and from east to west, all the time, and what became of them step by step. */
export class Traffic {
  private streams: Requests[] = [];
  private readonly steps: string[] = [];

  /** @param doors where requests come in. Default: on both sides. */
  constructor(
    private readonly mesh: Environments,
    private readonly doors: readonly Door[] = ["west", "east"],
  ) {}

  /** Opens the way and starts both streams; returns once both answer. */
  async start(): Promise<void> {
    for (const stack of this.doors) {
      await this.mesh.kubectl(stack, "apply -f -", route(stack));
      const { clusters } = await this.mesh.outputs(stack);
      const url = `http://${clusters[stack]?.ingressAddress}/`;
      await this.mesh.sh(`docker exec ${CLIENT} sh -c 'for i in $(seq 60); do curl -sf -m 5 -o /dev/null -H "Host: ${HOST}" ${url} && exit; sleep 1; done; exit 1'`);
      this.streams.push(new Requests(stack, { container: CLIENT, host: HOST, url, env: await this.mesh.tools() }));
    }
    await this.flow();
  }

  private async flow(): Promise<void> {
    await Promise.all(this.streams.map((stream) => stream.more(QUIET)));
  }

  /** Does something under the streams, and counts the requests that failed. @returns by stream: all, and those that failed */
  async counted(step: string, work: () => Promise<void>): Promise<readonly (Count & { readonly name: string })[]> {
    await this.flow();
    this.streams.forEach((stream) => stream.count());
    await work();
    await this.flow();
    const counts = this.streams.map((stream) => ({ name: stream.name, ...stream.count() }));
    this.steps.push(`${step}: ${counts.map(({ name, sent, failures }) => `${name} ${failures.length} of ${sent} failed`).join(", ")}`);
    return counts;
  }

  /** Does something under the streams; fails when any request did. */
  async during(step: string, work: () => Promise<void>): Promise<void> {
    for (const { name, sent, failures } of await this.counted(step, work)) {
      expect(sent, `requests that came in at ${name}`).to.be.greaterThan(QUIET);
      expect(failures, `${step}: requests that came in at ${name} and failed, of ${sent}`).to.deep.equal([]);
    }
  }

  /** A line for each step: how many requests there were, and how many failed. */
  report(): readonly string[] {
    return this.steps;
  }

  async stop(): Promise<void> {
    await Promise.all(this.streams.map((stream) => stream.stop()));
    this.streams = [];
  }
}
