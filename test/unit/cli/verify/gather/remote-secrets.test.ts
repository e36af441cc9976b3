import { expect } from "chai";
import { gatherRemoteSecrets, remoteEntry } from "../../../../../cli/verify/gather/remote-secrets";
import { sharedTrust } from "../support/cases";
import { fakeCluster, remoteKubeconfig } from "../support/fake-cluster";

describe("what verify reads of remote Secrets", () => {
  it("is the server of the current context, and the token apart from the facts", () => {
    const entry = remoteEntry("istio-system/remote", "east-cluster", remoteKubeconfig());
    expect(entry.facts).to.deep.equal({ secret: "istio-system/remote", key: "east-cluster", server: "https://127.0.0.1:6443" });
    expect(entry.access).to.include({ token: "abc", ca: "PEM" });
    expect(JSON.stringify(entry.facts)).not.to.contain("abc");
  });

  const config = JSON.parse(remoteKubeconfig()) as { clusters: { cluster: Record<string, string> }[] };
  delete config.clusters[0]?.cluster["certificate-authority-data"];
  for (const [what, text, problem] of [
    ["text that is not YAML", "{", "not a kubeconfig"],
    ["nothing", "", "not a kubeconfig"],
    ["no current context", "contexts: []", "not a kubeconfig"],
    ["no token", remoteKubeconfig({ token: "" }), "no token"],
    ["no authority", JSON.stringify(config), "no certificate authority"],
  ] as const) {
    it(`names the problem of an entry with ${what}`, () => {
      const entry = remoteEntry("s", "k", text);
      expect(entry.facts.problem).to.contain(problem);
      expect(entry.access).to.equal(undefined);
    });
  }

  it("is every entry of every Secret with Istio's label, and of no other", async () => {
    const cluster = await fakeCluster("west", await sharedTrust());
    try {
      const data = { a: Buffer.from(remoteKubeconfig()).toString("base64"), b: "" };
      cluster.api.objects.set("/api/v1/namespaces/istio-system/secrets/two", { metadata: { name: "two", namespace: "istio-system", labels: { "istio/multiCluster": "true" } }, data });
      cluster.api.objects.set("/api/v1/namespaces/istio-system/secrets/other", { metadata: { name: "other", labels: {} }, data });
      const found = (await gatherRemoteSecrets(cluster.kube)).map(({ facts }) => [facts.secret, facts.key, facts.problem === undefined]);
      expect(found).to.deep.equal([
        ["istio-system/istio-remote-secrets", "east-cluster", true],
        ["istio-system/two", "a", true],
        ["istio-system/two", "b", false],
      ]);
    } finally {
      cluster.stop();
    }
  });
});
