import { expect } from "chai";
import { dataplaneNotes, dataplaneSeries, STEADY } from "../../../../bench/traffic/dataplane";
import { interval, type Measured } from "../../../../bench/traffic/fortio";
import { loadObjects, NAMESPACES, podsIn, urlOf, WAYS } from "../../../../bench/traffic/load-objects";

interface Created {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly labels: Record<string, string> };
  readonly spec: {
    readonly selector?: { readonly app: string };
    readonly ports?: { readonly port: number }[];
    readonly hosts?: string[];
    readonly http?: { readonly retries?: { readonly attempts: number } }[];
    readonly serviceAccountName?: string;
    readonly containers?: { readonly image: string; readonly args: string[] }[];
  };
}

const created = (cluster: "west" | "east", revision = "default"): Created[] => loadObjects(cluster, revision, "an/image:1").map(({ body }) => body as Created);
const named = (objects: readonly Created[], kind: string): string[] => objects.filter((object) => object.kind === kind).map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);

describe("the ways of the data plane", () => {
  const [west, east] = [created("west"), created("east")];

  it("end in the client's cluster, or in the other one alone, by where the pods are", () => {
    expect(named(west, "Pod")).to.deep.equal(["usmesh-bench-load/client", "usmesh-bench-load/near", "usmesh-bench-plain/client", "usmesh-bench-plain/near"]);
    expect(named(east, "Pod")).to.deep.equal(["usmesh-bench-load/far"]);
    for (const [cluster, objects] of [["west", west], ["east", east]] as const) {
      expect(podsIn(cluster).map(({ side, name }) => `${NAMESPACES[side]}/${name}`)).to.deep.equal(named(objects, "Pod"));
    }
  });

  it("begin at Services that west has, and that select what their names say", () => {
    expect(named(west, "Service")).to.deep.equal(["usmesh-bench-load/near", "usmesh-bench-plain/near", "usmesh-bench-load/far"]);
    expect(named(east, "Service")).to.deep.equal(["usmesh-bench-load/far"]);
    for (const way of WAYS) {
      const url = new URL(urlOf(way));
      const service = west.find(({ kind, metadata }) => kind === "Service" && `${metadata.name}.${metadata.namespace}.svc.cluster.local` === url.hostname);
      expect(service?.spec.selector).to.deep.equal({ app: way.service });
      expect(service?.spec.ports?.map(({ port }) => String(port))).to.deep.equal([url.port]);
    }
  });

  it("have sidecars on one side alone, of the revision that serves the cluster", () => {
    const labels = (objects: readonly Created[]): Record<string, string | undefined> => Object.fromEntries(objects.filter(({ kind }) => kind === "Namespace").map(({ metadata }) => [metadata.name, metadata.labels["istio-injection"] ?? metadata.labels["istio.io/rev"]]));
    expect(labels(west)).to.deep.equal({ "usmesh-bench-load": "enabled", "usmesh-bench-plain": undefined });
    expect(labels(created("east", "next"))).to.deep.equal({ "usmesh-bench-load": "next" });
  });

  it("have no proxy that repeats a request: it would hide a failure", () => {
    const routes = west.filter(({ kind }) => kind === "VirtualService");
    const hosts = WAYS.filter(({ side }) => side === "mesh").map((way) => new URL(urlOf(way)).hostname);
    expect(routes.flatMap(({ spec }) => spec.hosts ?? [])).to.deep.equal(hosts);
    for (const { spec } of routes) expect(spec.http?.map(({ retries }) => retries)).to.deep.equal([{ attempts: 0 }]);
  });

  it("have an account of their own in each namespace, before the pods that use it", () => {
    for (const objects of [west, east]) {
      objects.forEach(({ kind, metadata, spec }, index) => {
        if (kind !== "Pod") return;
        expect(named(objects.slice(0, index), "ServiceAccount")).to.include(`${metadata.namespace}/${spec.serviceAccountName}`);
      });
    }
  });

  it("run the load generator's image everywhere", () => {
    const containers = [...west, ...east].flatMap(({ spec }) => spec?.containers ?? []);
    expect(containers).to.have.length(5);
    expect(new Set(containers.map(({ image }) => image))).to.deep.equal(new Set(["an/image:1"]));
  });
});

describe("the figures of the data plane", () => {
  const measured = (value: number, max = 1): Measured => ({ p50: value, p99: value * 2, max, perSecond: value * 100.4, requests: 2000 });
  const taken = (max?: number): Parameters<typeof dataplaneSeries>[0] => WAYS.map((way, index) => ({ way, steady: [measured(index + 1, max), measured(index + 2)], full: [measured(index + 1), measured(index + 3)] }));

  it("are latency and throughput of each way, all runs in their order", () => {
    const series = dataplaneSeries(taken());
    expect(series.map(({ name, side }) => `${name} (${side})`)).to.deep.equal([
      "same cluster: p50 at 200 requests a second (usmesh)",
      "same cluster: p99 at 200 requests a second (usmesh)",
      "same cluster: requests a second on 16 connections (usmesh)",
      "same cluster: p50 at 200 requests a second (without mesh)",
      "same cluster: p99 at 200 requests a second (without mesh)",
      "same cluster: requests a second on 16 connections (without mesh)",
      "other cluster, through its east-west gateway: p50 at 200 requests a second (usmesh)",
      "other cluster, through its east-west gateway: p99 at 200 requests a second (usmesh)",
      "other cluster, through its east-west gateway: requests a second on 16 connections (usmesh)",
    ]);
    expect(series.slice(3, 6).map(({ unit, values }) => [unit, values])).to.deep.equal([["ms", [2, 3]], ["ms", [4, 6]], ["1/s", [201, 402]]]);
  });

  it("say whether a request was late, so that p99 leaves something out", () => {
    const due = interval({ ...STEADY, url: "" });
    const lateNote = (max: number): string => dataplaneNotes(taken(max)).join("\n");
    expect(lateNote(due)).to.contain("each was sent when it was due").and.not.to.contain("too low");
    expect(lateNote(due + 1)).to.contain("p99 may be too low").and.contain(`same cluster, without mesh: ${due + 1} ms`);
  });
});
