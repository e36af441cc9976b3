/** What a discovery proxy costs. */
import { readFileSync } from "node:fs";
import { connect, type ClientHttp2Session } from "node:http2";
import { setTimeout as pause } from "node:timers/promises";
import { fillCluster } from "../../test/integration/discovery/support/cluster";
import { HOST, ProxyUnderTest } from "../../test/integration/discovery/support/proxy";
import { startApiServer, type ApiServer } from "../../test/integration/support/api-server";
import type { BenchCase, Series } from "../case";
import { residentMiB } from "../lib/memory";
import { ABOUT } from "./about";

const SERVICES = 300;
const ENDPOINTS = 4_000;

/** How many readers there are at a time: one is an istiod of another cluster. */
const READERS = [0, 1, 3, 15];

/** What each of them watches. */
const PATHS = [
  ...["namespaces", "nodes", "pods", "services", "secrets"].map((kind) => `/api/v1/${kind}`),
  "/apis/discovery.k8s.io/v1/endpointslices",
  "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
];

/** Changes of endpoints a second, and seconds for which they go on. */
const [CHANGES, SECONDS] = [10, 20];

/**
 * One API server without Docker with 300 Services and 4,000 endpoints, a proxy in front of it, and clients that list and watch as istiod
 * does. Each figure is one measurement, whatever the number of runs: the processor's share is a mean over seconds.
 */
export const discovery: BenchCase = {
  name: "discovery",
  ...ABOUT.discovery,
  async run({ say, signal }) {
    const server = await startApiServer({ name: "east" });
    const sessions: ClientHttp2Session[] = [];
    const series: Series[] = [];
    let proxy: ProxyUnderTest | undefined;
    try {
      const { token } = await fillCluster(server);
      await fill(server);
      proxy = await ProxyUnderTest.start(server);
      for (const count of READERS) {
        signal.throwIfAborted();
        say(`discovery: ${count} readers`);
        const started = performance.now();
        while (sessions.length < count) sessions.push(await reader(proxy, token));
        const lists = (performance.now() - started) / 1000;
        const idle = await processorDuring(proxy.pid, () => pause(10_000));
        const busy = await processorDuring(proxy.pid, () => change(server));
        const of = (name: string, unit: Series["unit"], value: number): Series => ({ name: `${name}, ${count} readers`, side: "usmesh", unit, values: [value] });
        // Readers that are there already have their lists.
        series.push(...(count === 0 ? [] : [of("first lists of those that came", "s", lists)]), of("memory of the proxy", "MiB", residentMiB(proxy.pid)));
        series.push(of("processor while nothing changes", "%", idle), of(`processor with ${CHANGES} changes a second`, "%", busy));
      }
    } finally {
      sessions.forEach((session) => session.destroy());
      await proxy?.stop();
      await server.stop();
    }
    const notes = [`${SERVICES} Services and ${ENDPOINTS} endpoints. A reader is the istiod of another cluster, which lists and watches everything. 100 % is one core.`];
    return { series, goals: [], notes };
  },
};

async function fill(server: ApiServer): Promise<void> {
  for (let index = 0; index < SERVICES; index += 1) {
    const name = `s-${index}`;
    await server.client.request("POST", "/api/v1/namespaces/shop/services", { metadata: { name }, spec: { clusterIP: "None", ports: [{ port: 80 }] } });
    await server.client.request("POST", "/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices", slice(name, index, 0));
  }
}

function slice(name: string, index: number, round: number): object {
  const per = Math.ceil(ENDPOINTS / SERVICES);
  const endpoints = Array.from({ length: per }, (_, endpoint) => ({ addresses: [`10.${index % 250}.${Math.floor(index / 250)}.${endpoint + 1}`], conditions: { ready: true }, nodeName: `node-${round}` }));
  return { metadata: { name, labels: { "kubernetes.io/service-name": name } }, addressType: "IPv4", ports: [{ port: 8080 }], endpoints };
}

async function change(server: ApiServer): Promise<void> {
  for (let round = 0; round < SECONDS; round += 1) {
    const started = Date.now();
    for (let index = 0; index < CHANGES; index += 1) {
      await server.client.request("PATCH", `/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices/s-${index}`, slice(`s-${index}`, index, round), "application/merge-patch+json");
    }
    await pause(Math.max(0, 1000 - (Date.now() - started)));
  }
}

/** Lists and watches everything, as one istiod does on one connection. */
async function reader(proxy: ProxyUnderTest, token: string): Promise<ClientHttp2Session> {
  const session = connect(`https://127.0.0.1:${proxy.port}`, { ca: proxy.authority, servername: HOST });
  const ask = (path: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const stream = session.request({ ":path": path, authorization: `Bearer ${token}` });
      let body = "";
      stream.setEncoding("utf8").on("data", (chunk: string) => (body += chunk));
      stream.on("end", () => resolve(body)).on("error", reject);
      stream.end();
    });
  for (const path of PATHS) {
    const { metadata } = JSON.parse(await ask(path)) as { metadata: { resourceVersion: string } };
    const watch = session.request({ ":path": `${path}?watch=true&resourceVersion=${metadata.resourceVersion}`, authorization: `Bearer ${token}` });
    watch.on("data", () => undefined).on("error", () => undefined);
    watch.end();
  }
  return session;
}

/** Percent of one processor that a process took meanwhile. */
async function processorDuring(pid: number, work: () => Promise<void>): Promise<number> {
  const ticks = (): number => {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\) /, "").split(" ");
    return Number(fields[11]) + Number(fields[12]);
  };
  const [before, started] = [ticks(), performance.now()];
  await work();
  // A tick is a hundredth of a second.
  return ((ticks() - before) * 1000) / (performance.now() - started);
}
