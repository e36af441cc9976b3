import { expect } from "chai";
import { gatherObservers } from "../../../../../cli/verify/gather/observers";
import type { Pod } from "../../../../../cli/verify/gather/resources";
import { type FakeCluster, fakeCluster, pod } from "../support/fake-cluster";
import { trust } from "../support/healthy";

const observer = (app: string, ready = true): Pod => pod(`${app}-1`, { namespace: "usmesh-observability", labels: { app }, ready });
const UP = "prometheus-1/api/v1/query?query=up%7Bjob=~%22federate-.*%22%7D";
const federations = (values: Record<string, string>): object => ({ data: { result: Object.entries(values).map(([key, value]) => ({ metric: { job: `federate-${key}` }, value: [1, value] })) } });

describe("what verify reads of Prometheus and Jaeger", () => {
  let cluster: FakeCluster;
  before(async () => void (cluster = await fakeCluster("west", await trust())));
  after(() => cluster.stop());
  beforeEach(() => cluster.kube.pages.clear());

  it("is nothing in a mesh that is not observed", async () => {
    expect(await gatherObservers(cluster.kube, [pod("prometheus-1", { labels: { app: "prometheus" } })])).to.deep.equal([]);
  });

  it("is that they answer, and whose Prometheus is not read", async () => {
    cluster.kube.pages.set(UP, federations({ east: "1", north: "0" }));
    cluster.kube.pages.set("jaeger-1/api/services", { data: [] });
    expect(await gatherObservers(cluster.kube, [observer("prometheus"), observer("jaeger")])).to.deep.equal([
      { app: "prometheus", answers: { ok: true, value: undefined }, unread: ["north"] },
      { app: "jaeger", answers: { ok: true, value: undefined }, unread: [] },
    ]);
  });

  it("is why they do not answer", async () => {
    const found = await gatherObservers(cluster.kube, [observer("prometheus"), observer("jaeger", false)]);
    expect(found.map(({ answers }) => (answers.ok ? "" : answers.error))).to.deep.equal(["no answer within 5 s", "no pod of it is ready"]);
  });
});
