import { randomBytes } from "node:crypto";
import { expect } from "chai";
import { until } from "../../support/wait";
import type { Firewall } from "../support/firewall";
import { type Asked, Load } from "../support/load";
import { type Key, KEYS, NAMES, type TestMesh } from "../support/mesh";

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
    await Promise.all(((await loads) ?? []).map((load) => load.stop()));
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
    const id = randomBytes(16).toString("hex");
    const header = `traceparent: 00-${id}-${randomBytes(8).toString("hex")}-01`;
    const address = await ingressOf("west");
    await mesh.sh(`docker exec ${NAMES.client} curl -sf -o /dev/null -H 'Host: webapp.istioinaction.io' -H '${header}' http://${address}/api/catalog`);
    for (const key of KEYS) {
      const clusters = async (): Promise<string[]> => {
        const tags = (await trace(key, id)).flatMap(({ spans }) => spans.flatMap((span) => span.tags));
        return [...new Set(tags.filter((tag) => tag.key === "istio.cluster_id").map(({ value }) => String(value)))].sort();
      };
      await until(`Jaeger of ${key} to have the whole trace`, async () => String(await clusters()) === "east-cluster,west-cluster", { intervalMs: 1000, seen: () => id });
      const [found] = await trace(key, id);
      // Ingress gateway, webapp in and out, catalog in.
      expect(found?.spans.length, `spans in ${key}`).to.be.at.least(4);
      lines.push(`trace ${id} in ${key}: ${found?.spans.length} spans`);
    }
  });

  it("answers in each cluster for both: all targets, the request rate of east's ingress gateway and the bytes of its east-west gateway while requests flow", async () => {
    await flow();
    await Promise.all(
      KEYS.map(async (key) => {
        await until(`${key} to read both clusters`, async () => Object.keys(await query(key, "min by (cluster) (up{job!~\"federate-.*\"}) == 1")).sort().join() === "east,west", { timeoutMs: 150_000, intervalMs: 2000 });
        const rate = async (): Promise<number> => (await query(key, "sum by (cluster) (rate(envoy_http_downstream_rq_total{pod=~\"istio-ingressgateway-.*\"}[20s]))"))["east"] ?? 0;
        const near = await until(`${key} to know the rate of east's gateway`, async () => Math.abs((await rate()) - PER_SECOND) < PER_SECOND / 4 && (await rate()), { timeoutMs: 120_000, intervalMs: 2000, seen: () => "another rate" });
        const bytes = async (): Promise<number> => (await query(key, "sum by (cluster) (rate(envoy_tcp_downstream_cx_rx_bytes_total{pod=~\"istio-eastwestgateway-.*\"}[20s]))"))["east"] ?? 0;
        const seen = await until(`${key} to know the bytes of east's east-west gateway`, bytes, { intervalMs: 2000 });
        lines.push(`asked in ${key}: east's ingress gateway ${near.toFixed(1)} requests/s, its east-west gateway ${Math.round(seen)} bytes/s`);
      }),
    );
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
