import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { inspect } from "node:util";
import { expect } from "chai";
import { until } from "../../support/wait";
import { onlySomeTests } from "../support/beside";
import type { Firewall } from "../support/firewall";
import { type Asked, Load } from "../support/load";
import { type Key, KEYS, NAMES, type TestMesh } from "../support/mesh";
import { Scraper, type Values, valuesIn } from "../support/scraper";
import { Watch } from "../support/watch";

const NAMESPACE = "usmesh-observability";
/** Memory that observability may add to a cluster, in MiB. */
const MAX_MIB = 400;
/** Requests per second at east's ingress gateway while its rate is asked for. */
const PER_SECOND = 20;

interface Traces {
  /** Null while there is none with the id. */
  readonly data?: readonly { readonly spans: readonly { readonly operationName: string; readonly tags: readonly { key: string; value: unknown }[] }[] }[] | null;
}
interface Vector {
  readonly data?: { readonly result: readonly { readonly metric: Record<string, string>; readonly value: [number, string] }[] };
}
interface Container {
  readonly name: string;
  readonly restartPolicy?: string;
  readonly resources?: { readonly limits?: { readonly memory?: string } };
}
interface Pods {
  readonly items: readonly {
    readonly spec: { readonly containers: readonly Container[]; readonly initContainers?: readonly Container[] };
    readonly status: { readonly containerStatuses?: readonly { readonly name: string; readonly lastState?: { readonly terminated?: { readonly reason?: string } } }[] };
  }[];
}
interface Summary {
  readonly pods: readonly { readonly podRef: { name: string; namespace: string }; readonly memory?: { workingSetBytes?: number } }[];
}

/** Prometheus and Jaeger in both clusters, each of which knows of the whole mesh, while port 15443 alone is open between them. */
export function observability(mesh: TestMesh, firewall: Firewall): void {
  const lines: string[] = [];
  const watch = new Watch(mesh);
  let loads: Promise<readonly Load[]> | undefined;

  before(async () => {
    mesh.change({ observability: { enabled: true, scrapeIntervalSeconds: 5 } });
    // The walk-through has turned it on; by itself the suite begins without a mesh.
    const { code: absent } = await mesh.shell(`kubectl --context kind-${NAMES.kind.west} get namespace ${NAMESPACE}`);
    const [up] = await Promise.all([absent === 0 ? undefined : mesh.mesh("up", "--json"), firewall.raise()]);
    expect(up?.code ?? 0, up?.stderr).to.equal(0);
    for (const key of KEYS) await mesh.kubectl(key, `-n ${NAMESPACE} wait --for=condition=Ready pod --all --timeout=120s`);
  });
  after(async () => {
    await Promise.all([watch.stop(), ...((await loads) ?? []).map((load) => load.stop())]);
    process.stderr.write(`\n${lines.map((line) => `      ${line}\n`).join("")}\n`);
  });

  /** What a program in a cluster answers to a request, as JSON. */
  const ask = async <T>(key: Key, app: "prometheus" | "jaeger", port: number, path: string): Promise<T> => {
    const pod = await mesh.kubectl(key, `-n ${NAMESPACE} get pods -l app=${app} --field-selector=status.phase=Running -o jsonpath='{.items[0].metadata.name}'`);
    const target = (await mesh.targets()).find((candidate) => candidate.key === key);
    if (!target) throw new Error(`there is no cluster ${key}`);
    return target.kube.forward(NAMESPACE, pod, port, async (local) => (await (await fetch(`http://127.0.0.1:${local}${path}`)).json()) as T);
  };
  /** The trace with an id, once a cluster's Jaeger has a part of it. */
  const trace = async (key: Key, id: string) => (await ask<Traces>(key, "jaeger", 16686, `/api/traces/${id}`)).data ?? [];
  /** What a query gives: values by the label `cluster`. */
  const query = async (at: Key, expression: string): Promise<Record<string, number>> => {
    const { data } = await ask<Vector>(at, "prometheus", 9090, `/api/v1/query?query=${encodeURIComponent(expression)}`);
    return Object.fromEntries((data?.result ?? []).map(({ metric, value }) => [metric["cluster"] ?? "", Number(value[1])]));
  };
  const ingressOf = async (key: Key): Promise<string> => (await mesh.outputs()).clusters[key]?.ingressAddress ?? "";
  /** Requests whose rate is asked for later: the sooner they begin, the less it has to be waited for. They flow until the end of the suite. */
  const flow = (): Promise<readonly Load[]> => (loads ??= startLoads());
  const startLoads = async (): Promise<readonly Load[]> => {
    const streams: Asked[] = [
      { address: await ingressOf("east"), host: "simple-backend.istioinaction.io" },
      { address: await ingressOf("west"), host: "webapp.istioinaction.io" },
    ];
    return streams.map((asked) => new Load(asked, PER_SECOND));
  };

  it("stays green in verify", async () => {
    const { code, stdout, stderr } = await mesh.mesh("verify");
    expect(code, stdout + stderr).to.equal(0);
  });

  it("finds one trace by the id that the client sent, with the spans of both clusters, in the Jaeger of each", async () => {
    await flow();
    // What is watched takes as long to get ready as the next tests take.
    if (!onlySomeTests()) watch.begin();
    const id = randomBytes(16).toString("hex");
    const header = `traceparent: 00-${id}-${randomBytes(8).toString("hex")}-01`;
    const address = await ingressOf("west");
    await mesh.sh(`docker exec ${NAMES.client} curl -sf -o /dev/null -H 'Host: webapp.istioinaction.io' -H '${header}' http://${address}/api/catalog`);
    for (const key of KEYS) {
      let seen = { clusters: "", spans: 0 };
      const look = async (): Promise<typeof seen> => {
        const spans = (await trace(key, id)).flatMap((one) => one.spans);
        const ids = spans.flatMap(({ tags }) => tags.filter((tag) => tag.key === "istio.cluster_id").map(({ value }) => String(value)));
        return { clusters: [...new Set(ids)].sort().join(), spans: spans.length };
      };
      // Ingress gateway, webapp in and out, catalog in. They come one by one.
      const isWhole = async (): Promise<boolean> => (seen = await look()).clusters === "east-cluster,west-cluster" && seen.spans >= 4;
      await until(`Jaeger of ${key} to have the whole trace ${id}`, isWhole, { intervalMs: 1000, seen: () => seen });
      lines.push(`trace ${id} in ${key}: ${seen.spans} spans`);
    }
  });

  it("answers in each cluster for both: all targets, the request rate of east's ingress gateway and the bytes of its east-west gateway while requests flow", async () => {
    await flow();
    await Promise.all(
      KEYS.map(async (key) => {
        await until(`${key} to read both clusters`, async () => Object.keys(await query(key, "min by (cluster) (up{job!~\"federate-.*\"}) == 1")).sort().join() === "east,west", { timeoutMs: 150_000, intervalMs: 2000 });
        // By the last two readings: what another cluster's Prometheus passes on is up to two intervals old, and `rate` takes what is missing for less.
        let rates: Record<string, number> = {};
        const near = async (): Promise<number | false> => {
          rates = await query(key, "sum by (cluster) (irate(envoy_http_downstream_rq_total{pod=~\"istio-ingressgateway-.*\"}[30s]))");
          const { east = 0 } = rates;
          return Math.abs(east - PER_SECOND) < PER_SECOND / 4 && east;
        };
        const known = await until(`${key} to know the rate of east's gateway`, near, { timeoutMs: 120_000, intervalMs: 2000, seen: () => rates });
        const bytes = async (): Promise<number> => (await query(key, "sum by (cluster) (irate(envoy_tcp_downstream_cx_rx_bytes_total{pod=~\"istio-eastwestgateway-.*\"}[30s]))"))["east"] ?? 0;
        const seen = await until(`${key} to know the bytes of east's east-west gateway`, bytes, { intervalMs: 2000 });
        lines.push(`asked in ${key}: east's ingress gateway ${known.toFixed(1)} requests/s, its east-west gateway ${Math.round(seen)} bytes/s`);
      }),
    );
  });

  it("is told by watch how the pairs are: Prometheus with the documented configuration has each of its metrics, with the values that it serves and tells at its end", async () => {
    const image = await mesh.kubectl("west", `-n ${NAMESPACE} get deployment prometheus -o jsonpath='{.spec.template.spec.containers[?(@.name=="prometheus")].image}'`);
    let scraper: Scraper | undefined;
    let scraped: Values = new Map();
    try {
      await watch.works();
      scraper = await Scraper.start(mesh, image, scrapeConfig(watch.target));
      const [before, read] = [valuesIn(await watch.metrics()), scraper];
      const all = async (): Promise<Values> => read.query('{__name__=~"mesh_pair_.+"}');
      // None of them ever falls as long as the pairs work: what was read since is between what was served before and what is served now.
      await until("all that watch has served to be read", async () => isAtLeast((scraped = await all()), before), { intervalMs: 500, seen: () => scraped });
      const now = valuesIn(await watch.metrics());
      expect([...scraped.keys()].sort()).to.deep.equal([...now.keys()].sort());
      expect(isAtLeast(now, scraped), inspect([scraped, now])).to.equal(true);
      lines.push(`watch: ${scraped.size} series of ${documentedMetrics().length} metrics are read`);
    } finally {
      await watch.stop();
      await scraper?.stop();
    }
    // A histogram is three metrics, which have its name in common.
    const names = new Set([...scraped.keys()].map((series) => series.replace(/(_bucket|_sum|_count)?\{.*$/, "")));
    expect([...names].sort()).to.deep.equal(documentedMetrics());
    const totals = watch.events.at(-1);
    if (totals?.type !== "totals") throw new Error("watch has told no totals");
    for (const { from, to, requests, propagation } of totals.pairs) {
      const of = (name: string, more = ""): number => scraped.get(`${name}{from="${from}",${more}to="${to}"}`) ?? NaN;
      const answered = of("mesh_pair_requests_total", 'result="success",');
      expect(answered, `${from}->${to}`).to.be.greaterThan(0).and.at.most(requests.answered);
      // One reading is of one moment.
      expect([of("mesh_pair_latency_seconds_count"), of("mesh_pair_up")]).to.deep.equal([answered, 1]);
      expect(of("mesh_pair_requests_total", 'result="failure",')).to.be.at.most(requests.failed);
      expect(of("mesh_pair_unasked_total")).to.be.at.most(requests.unasked);
      expect(of("mesh_pair_propagation_seconds_count")).to.be.greaterThan(0).and.at.most(propagation.times);
      expect(of("mesh_pair_propagation_missed_total")).to.be.at.most(propagation.missed);
    }
  });

  it(`adds at most ${MAX_MIB} MiB to a cluster`, async () => {
    for (const key of KEYS) {
      const summary = JSON.parse(await mesh.kubectl(key, `get --raw /api/v1/nodes/${NAMES.kind[key]}-control-plane/proxy/stats/summary`)) as Summary;
      const pods = summary.pods.filter(({ podRef }) => podRef.namespace === NAMESPACE);
      const mib = pods.map(({ podRef, memory }) => [podRef.name.split("-")[0] ?? "", Math.round((memory?.workingSetBytes ?? 0) / 2 ** 20)] as const);
      const total = mib.reduce((sum, [, size]) => sum + size, 0);
      lines.push(`memory in ${key}: ${mib.map(([name, size]) => `${name} ${size} MiB`).join(", ")}, ${total} MiB together, sidecars included`);
      expect(total).to.be.greaterThan(0).and.at.most(MAX_MIB);
      const { items } = JSON.parse(await mesh.kubectl(key, `-n ${NAMESPACE} get pods -o json`)) as Pods;
      const running = items.flatMap(({ spec }) => [...spec.containers, ...(spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === "Always")]);
      const limits = running.map(({ resources }) => Number(/^(\d+)Mi$/.exec(resources?.limits?.memory ?? "")?.[1]));
      expect(limits.reduce((sum, limit) => sum + limit, 0), `limits in ${key}: ${String(limits)}`).to.be.at.most(MAX_MIB);
      const ended = items.flatMap(({ status }) => (status.containerStatuses ?? []).map(({ lastState }) => lastState?.terminated?.reason));
      expect(ended, `in ${key}`).not.to.include("OOMKilled");
    }
  });
}

/** The configuration in docs/observability.md with which Prometheus reads `watch`, for where that is. */
function scrapeConfig(target: string): string {
  const [, block = ""] = /<!-- scrape-config: .*-->\n\n((?: {4}.*\n)+)/.exec(document("observability")) ?? [];
  const config = block.replace(/^ {4}/gm, "");
  if (!config.includes("127.0.0.1:9464")) throw new Error("docs/observability.md has no configuration that reads 127.0.0.1:9464");
  return config.replace("127.0.0.1:9464", target);
}

/** The metrics of `watch` in docs/sight.md. */
function documentedMetrics(): string[] {
  return [...document("sight").matchAll(/^\| `(mesh_pair_\w+)` \|/gm)].map(([, name]) => name!).sort();
}

function document(name: string): string {
  return fs.readFileSync(path.join(__dirname, `../../../docs/${name}.md`), "utf8");
}

/** Whether each value of `least` is there, and no less. */
function isAtLeast(values: Values, least: Values): boolean {
  return [...least].every(([series, value]) => (values.get(series) ?? -1) >= value);
}
