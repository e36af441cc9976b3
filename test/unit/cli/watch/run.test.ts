import { expect } from "chai";
import { Writable } from "node:stream";
import { watchEvent, type WatchEvent } from "../../../../cli/watch/schema";
import { watchMesh, type WatchOptions } from "../../../../cli/watch/run";
import { until } from "../../../support/wait";
import { sharedTrust } from "../verify/support/cases";
import { type FakeCluster, fakeCluster } from "../verify/support/fake-cluster";
import { FakeProber } from "../verify/support/fake-prober";

const FRESH = "usmesh.io/fresh";

describe("a watch of the pairs of a mesh", () => {
  let west: FakeCluster;
  let east: FakeCluster;
  let prober: FakeProber;
  beforeEach(async () => {
    const trust = await sharedTrust();
    [west, east, prober] = await Promise.all([fakeCluster("west", trust), fakeCluster("east", trust), FakeProber.start()]);
    for (const { kube } of [west, east]) kube.localPort = prober.port;
    // An endpoint that comes and goes is there while its pod has the label.
    prober.hasEndpoint = (first) => !first.startsWith("+") || { west, east }[first.slice(1)]?.kube.labels[FRESH] === "true";
  });
  afterEach(() => [west, east, prober].forEach((one) => one.stop()));

  /** Watches until what was printed is enough. */
  async function watch(enough: (events: readonly WatchEvent[]) => boolean | Promise<boolean>, change: Partial<WatchOptions> = {}): Promise<{ code: number; events: WatchEvent[] }> {
    const events: WatchEvent[] = [];
    const stdout = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        for (const line of chunk.toString().trimEnd().split("\n")) events.push(watchEvent.parse(JSON.parse(line)));
        done();
      },
    }) as unknown as NodeJS.WriteStream;
    const end = new AbortController();
    const running = watchMesh([west.target, east.target], { intervalMs: 10, json: true, signal: end.signal, stdout, say: () => undefined, ...change });
    await until("enough events", () => enough(events), { timeoutMs: 8000, seen: () => events });
    end.abort();
    return { code: await running, events };
  }

  const changes = (events: readonly WatchEvent[]) => events.filter((event) => event.type === "change").map((event) => `${event.from}->${event.to} ${event.state}`);
  const bothWork = (events: readonly WatchEvent[]): boolean => changes(events).filter((change) => change.endsWith(" works")).length === 2;
  const last = (events: readonly WatchEvent[]) => {
    const event = events.at(-1);
    return event?.type === "totals" ? event.pairs : [];
  };

  it("sends requests in every direction until it is ended, ends with the totals, and removes what it made", async () => {
    const { code, events } = await watch(bothWork);
    expect(code).to.equal(0);
    expect(last(events).map(({ from, to, state, requests }) => [from, to, state, requests.failed, requests.p50])).to.deep.equal([["west", "east", "works", 0, 7], ["east", "west", "works", 0, 7]]);
    for (const { kube } of [west, east]) {
      expect(kube.deleted).to.have.length(1);
      expect(kube.deleted[0]).to.match(/^\/api\/v1\/namespaces\/usmesh-verify-[0-9a-f]{6}$/);
      expect(kube.created.filter((path) => path !== "/api/v1/namespaces" && !path.startsWith(`${kube.deleted[0]}/`))).to.deep.equal([]);
    }
  });

  it("tells when a pair stops working and when it works again, and ends with 1", async () => {
    const { code, events } = await watch((seen) => {
      const said = changes(seen);
      if (bothWork(seen)) prober.status = said.some((change) => change.endsWith("fails")) ? 200 : 503;
      return said.filter((change) => change.endsWith(" works")).length >= 3;
    });
    expect(code).to.equal(1);
    expect(changes(events)).to.include("west->east fails");
    expect(events.find((event) => event.type === "change" && event.state === "fails")).to.have.property("seen", "HTTP 503, no connection or no endpoint");
  });

  it("does not call a pair broken while its new test workloads are not known to all clusters", async () => {
    prober.status = 503;
    const { code, events } = await watch((seen) => {
      if (prober.asked > 6) prober.status = 200;
      return bothWork(seen);
    });
    expect(code).to.equal(0);
    expect(changes(events)).to.have.members(["west->east works", "east->west works"]);
    expect(last(events).every(({ requests }) => requests.failed === 0 && requests.unasked > 0)).to.equal(true);
  });

  it("measures how long a new endpoint takes to get its first request, and takes the endpoint away again", async () => {
    const { events } = await watch((seen) => bothWork(seen) && east.kube.patched.length >= 2);
    const [toEast] = last(events);
    expect(toEast?.propagation).to.include({ missed: 0 });
    expect(toEast?.propagation.times).to.be.at.least(1);
    expect(east.kube.patched.map((body) => (body as { metadata: { labels: Record<string, unknown> } }).metadata.labels[FRESH]).slice(0, 2)).to.deep.equal(["true", null]);
  });

  it("serves its metrics while it runs", async () => {
    let line = "";
    const { events } = await watch(
      async (seen) => {
        if (!bothWork(seen)) return false;
        const port = Number(/:(\d+)\/metrics/.exec(line)?.[1]);
        expect(await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()).to.contain('mesh_pair_up{from="west",to="east"} 1');
        return true;
      },
      { prometheus: { host: "127.0.0.1", port: 0 }, say: (text) => (line ||= text) },
    );
    expect(bothWork(events)).to.equal(true);
  });

  it("does not call a pair broken that it cannot ask, and says why", async () => {
    west.kube.forbidden.add("/api/v1/namespaces");
    const { code, events } = await watch((seen) => seen.some((event) => event.type === "change") || west.kube.created.length + east.kube.created.length > 3);
    expect(code).to.equal(1);
    const reports = last(events);
    expect(reports.map(({ state, requests }) => [state, requests.answered + requests.failed])).to.deep.equal([["unknown", 0], ["unknown", 0]]);
  });

  it("refuses a mesh without pairs before it makes anything", async () => {
    const stdout = process.stdout;
    const refusal: unknown = await watchMesh([west.target], { intervalMs: 10, json: true, signal: new AbortController().signal, stdout, say: () => undefined }).catch((error: unknown) => error);
    expect(refusal).to.include({ exitCode: 2, message: "a mesh of one cluster has no pairs to watch" });
    expect(west.kube.created).to.deep.equal([]);
  });
});
