import { expect } from "chai";
import { injectedNamespace, proxySource } from "../../../../../cli/verify/traffic/workloads";
import type { Stored } from "../../../support/fake-api-server";
import { sharedTrust } from "../support/cases";
import { type FakeCluster, fakeCluster, istiodPod } from "../support/fake-cluster";

describe("what test workloads of a cluster get their proxies from", () => {
  let cluster: FakeCluster;
  beforeEach(async () => (cluster = await fakeCluster("west", await sharedTrust())));
  afterEach(() => cluster.stop());

  const put = (path: string, items: readonly object[]): void => void cluster.api.objects.set(path, { items } as unknown as Stored);
  const revision = (): Promise<string> => proxySource(cluster.kube).then((source) => source.revision);
  const withRevision = (name: string): void => put("/api/v1/pods", [...cluster.pods.filter(({ metadata }) => metadata.name !== "istiod-1"), istiodPod("istiod-blue-1", { revision: name })]);

  it("is an istiod without a revision, where nothing else is known", async () => {
    expect(await revision()).to.equal("default");
  });

  it("is the tag that leads to a revision, as it is for a user's workloads", async () => {
    withRevision("blue");
    put("/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations", [
      { metadata: { name: "istio-revision-tag-default", labels: { "istio.io/rev": "blue" } }, webhooks: [{ name: "namespace.sidecar-injector.istio.io", namespaceSelector: { matchLabels: { "istio-injection": "enabled" } } }] },
    ]);
    expect(await revision()).to.equal("default");
  });

  it("is the revision itself, where no tag leads to it", async () => {
    withRevision("canary");
    expect(await revision()).to.equal("canary");
  });

  it("is chosen by the label of their namespace", () => {
    expect(injectedNamespace("a", "default", {})).to.deep.nested.include({ "metadata.labels": { "istio-injection": "enabled" } });
    expect(injectedNamespace("a", "canary", { b: "c" })).to.deep.nested.include({ "metadata.labels": { b: "c", "istio.io/rev": "canary" } });
  });
});
