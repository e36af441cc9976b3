import { expect } from "chai";
import { look } from "../../../../cli/upgrade/look";
import { OWNED } from "../../../../cli/verify/traffic/objects";
import type { Stored } from "../../support/fake-api-server";
import { sharedTrust } from "../verify/support/cases";
import { type FakeCluster, fakeCluster, istiodPod, pod } from "../verify/support/fake-cluster";

describe("what an upgrade looks at in a cluster", () => {
  let cluster: FakeCluster;
  beforeEach(async () => {
    cluster = await fakeCluster("west", await sharedTrust());
    put("/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations", [
      { metadata: { name: "istio-revision-tag-default", labels: { "istio.io/rev": "blue" } }, webhooks: [{ name: "namespace.sidecar-injector.istio.io", namespaceSelector: { matchLabels: { "istio-injection": "enabled" } } }] },
    ]);
  });
  afterEach(() => cluster.stop());

  const put = (path: string, items: readonly object[]): void => void cluster.api.objects.set(path, { items } as unknown as Stored);

  it("is the pods that would get another proxy today, without the test workloads of other commands", async () => {
    const run = "usmesh-verify-0a1b2c";
    put("/api/v1/namespaces", [
      { metadata: { name: "shop", labels: { "istio-injection": "enabled" } } },
      { metadata: { name: run, labels: { ...OWNED, "istio-injection": "enabled" } } },
    ]);
    put("/api/v1/pods", [istiodPod("istiod-1"), istiodPod("istiod-blue-1", { revision: "blue" }), pod("web-1"), pod("prober", { namespace: run })]);
    expect((await look(cluster.target)).behind).to.deep.equal([{ id: "web-1.shop", revision: "default", next: "blue" }]);
  });

  it("is the proxies that are connected to istiod, with their versions", async () => {
    expect((await look(cluster.target)).proxies.map(({ id, version }) => [id, version])).to.deep.equal([["web-1.shop", "1.31.4"]]);
  });

  it("is the workloads that would not restart the pods which follow, each in its own namespace", async () => {
    put("/api/v1/namespaces", [{ metadata: { name: "shop", labels: { "istio-injection": "enabled" } } }, { metadata: { name: "plain" } }]);
    put("/api/v1/pods", [istiodPod("istiod-1"), pod("web-1", { labels: { app: "web" } }), pod("web-1", { namespace: "plain", labels: { app: "web" } })]);
    const paused = (namespace: string): object => ({ metadata: { name: "web", namespace }, spec: { paused: true, selector: { matchLabels: { app: "web" } } } });
    put("/apis/apps/v1/deployments", [paused("shop"), paused("plain"), paused("other")]);
    expect((await look(cluster.target)).held).to.deep.equal(["shop: deployment web is paused"]);
  });

  it("is nothing where the webhooks may not be read: then it cannot tell who follows whom", async () => {
    cluster.kube.forbidden.add("/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations");
    expect(await look(cluster.target).catch((error: Error) => error.message)).to.be.a("string").that.includes("forbidden");
  });
});
