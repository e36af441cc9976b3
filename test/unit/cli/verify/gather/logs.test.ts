import { expect } from "chai";
import { gatherLogs, groupLog } from "../../../../../cli/verify/gather/logs";
import { sharedTrust } from "../support/cases";
import { fakeCluster, istiodPod } from "../support/fake-cluster";

describe("what verify reads of logs", () => {
  it("is errors, grouped without their variable parts, without tokens and without what is harmless", () => {
    const text = [
      "2026-01-01T00:00:00Z\terror\tkube\tfailed to list 10.0.0.1:6443 after 3s",
      "2026-01-01T00:00:01Z\terror\tkube\tfailed to list 10.0.0.2:6443 after 5s",
      "2026-01-01T00:00:02Z\tinfo\tall is well",
      "2026-01-01T00:00:03Z\terror\tads\tcontext canceled",
      "2026-01-01T00:00:03Z\terror\tcontrollers\terror handling v, retrying (retry count: 1): webhook is not ready, retry\tcontroller=validation",
      "E0101 00:00:00.000000       1 reflector.go:1] token eyJhbGciOiJ.eyJpc3MiOiJ.sig refused",
    ].join("\n");
    const groups = groupLog("istiod.istio-system", text);
    expect(groups.map((g) => [g.count, g.message])).to.deep.equal([
      [2, "failed to list <address> after <time>"],
      [1, "token <token> refused"],
    ]);
    expect(JSON.stringify(groups)).not.to.contain("eyJ");
  });

  it("comes from each pod of istiod and the gateways; without any there is nothing", async () => {
    const cluster = await fakeCluster("west", await sharedTrust());
    try {
      cluster.kube.logs.set("istiod-1", "2026-01-01T00:00:00Z\terror\tkube\tone").set("istiod-2", "2026-01-01T00:00:00Z\tfatal\tkube\ttwo");
      const found = await gatherLogs(cluster.kube, [istiodPod("istiod-1"), istiodPod("istiod-2")], 5);
      expect(found.ok && found.value?.map(({ source, message }) => [source, message])).to.deep.equal([["istiod-1.istio-system", "one"], ["istiod-2.istio-system", "two"]]);
      expect(await gatherLogs(cluster.kube, [], 5)).to.deep.equal({ ok: true, value: undefined });
    } finally {
      cluster.stop();
    }
  });
});
