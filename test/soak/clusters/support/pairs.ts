import { expect } from "chai";
import { imageTags } from "../../../../airgap/versions";
import { CLIENT, type Environments, type Stack } from "./environments";
import { Requests } from "./requests";

const NAMESPACE = "soak-pairs";
const PORT = 8080;

/** So many requests are under way at once for each pair: with six pairs, some fifty a second. */
const AT_ONCE = 8;

/** So many requests of each pair are answered before a step begins and after it has ended: what comes late belongs to the step. */
const QUIET = 6 * AT_ONCE;

/** Seconds for which a terminating pod continues to serve, until nothing routes requests to it any more. */
const DRAIN_SECONDS = 15;

const serverOf = (stack: Stack): string => `echo-${stack}`;
const hostOf = (stack: Stack): string => `${stack}.echo.test`;

/**
 * What a cluster has of the pairs: a Service for each cluster's server, its own server's pods, and a door behind its ingress to each
 * other one. Every request that crosses uses a new connection, as a proxy closes those that it has when it ends, and nothing is asked
 * twice: a retry would hide a failure.
 */
function objects(own: Stack, stacks: readonly Stack[]): object[] {
  const istio = (kind: string, name: string, spec: object): object => ({ apiVersion: "networking.istio.io/v1", kind, metadata: { name, namespace: NAMESPACE }, spec });
  const services = stacks.map((stack) => ({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: serverOf(stack), namespace: NAMESPACE },
    spec: { selector: { app: serverOf(stack) }, ports: [{ name: "http", port: 80, targetPort: PORT }] },
  }));
  const labels = { app: serverOf(own) };
  const server = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: serverOf(own), namespace: NAMESPACE },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      strategy: { rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
      template: {
        metadata: { labels, annotations: { "proxy.istio.io/config": JSON.stringify({ terminationDrainDuration: `${DRAIN_SECONDS}s` }) } },
        spec: {
          terminationGracePeriodSeconds: 2 * DRAIN_SECONDS,
          containers: [
            {
              name: "server",
              image: imageTags.demo,
              imagePullPolicy: "IfNotPresent",
              env: [{ name: "NAME", value: own }, { name: "LISTEN_ADDR", value: `0.0.0.0:${PORT}` }],
              ports: [{ name: "http", containerPort: PORT }],
              lifecycle: { preStop: { sleep: { seconds: DRAIN_SECONDS } } },
            },
          ],
        },
      },
    },
  };
  const others = stacks.filter((stack) => stack !== own);
  return [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE, labels: { "istio-injection": "enabled" } } },
    ...services,
    server,
    istio("Gateway", "echo", { selector: { istio: "ingressgateway" }, servers: [{ port: { number: 80, name: "http", protocol: "HTTP" }, hosts: others.map(hostOf) }] }),
    ...others.flatMap((stack) => [
      istio("DestinationRule", serverOf(stack), { host: `${serverOf(stack)}.${NAMESPACE}.svc.cluster.local`, trafficPolicy: { connectionPool: { http: { maxRequestsPerConnection: 1 } } } }),
      istio("VirtualService", serverOf(stack), { hosts: [hostOf(stack)], gateways: ["echo"], http: [{ route: [{ destination: { host: serverOf(stack), port: { number: 80 } } }], retries: { attempts: 0 } }] }),
    ]),
  ];
}

/** Requests for every ordered pair of clusters, all the time, and what became of them step by step. */
export class Pairs {
  private streams: Requests[] = [];
  private readonly steps: string[] = [];

  constructor(
    private readonly mesh: Environments,
    private readonly stacks: readonly Stack[],
  ) {}

  /** Deploys servers and doors, and starts a stream for each pair; returns once all answer. */
  async start(): Promise<void> {
    for (const stack of this.stacks) {
      await this.mesh.kubectl(stack, "apply -f -", JSON.stringify({ apiVersion: "v1", kind: "List", items: objects(stack, this.stacks) }));
      await this.mesh.kubectl(stack, `-n ${NAMESPACE} rollout status deployment ${serverOf(stack)} --timeout 120s`);
    }
    const env = await this.mesh.tools();
    for (const from of this.stacks) {
      const { clusters } = await this.mesh.outputs(from);
      const url = `http://${clusters[from]?.ingressAddress}/`;
      for (const to of this.stacks.filter((stack) => stack !== from)) {
        await this.mesh.sh(`docker exec ${CLIENT} sh -c 'for i in $(seq 60); do curl -sf -m 5 -o /dev/null -H "Host: ${hostOf(to)}" ${url} && exit; sleep 1; done; exit 1'`);
        this.streams.push(new Requests(`${from}-${to}`, { container: CLIENT, host: hostOf(to), url, env, atOnce: AT_ONCE }));
      }
    }
    await this.flow();
  }

  private async flow(): Promise<void> {
    await Promise.all(this.streams.map((stream) => stream.more(QUIET)));
  }

  /** Does something under the streams; fails when any request did. */
  async during(step: string, work: () => Promise<void>): Promise<void> {
    await this.flow();
    this.streams.forEach((stream) => stream.count());
    const started = Date.now();
    await work();
    const seconds = Math.round((Date.now() - started) / 1000);
    await this.flow();
    const counts = this.streams.map((stream) => ({ name: stream.name, ...stream.count() }));
    const sum = (values: readonly number[]): number => values.reduce((all, one) => all + one, 0);
    this.steps.push(`${step}: ${sum(counts.map(({ failures }) => failures.length))} of ${sum(counts.map(({ sent }) => sent))} requests failed in ${seconds} s`);
    for (const { name, sent, failures } of counts) {
      expect(sent, `requests of ${name}`).to.be.greaterThan(QUIET);
      expect(failures, `${step}: requests of ${name} that failed, of ${sent}`).to.deep.equal([]);
    }
  }

  /** A line for each step. */
  report(): readonly string[] {
    return this.steps;
  }

  async stop(): Promise<void> {
    await Promise.all(this.streams.map((stream) => stream.stop()));
    this.streams = [];
  }
}
