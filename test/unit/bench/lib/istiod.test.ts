import { expect } from "chai";
import { syncedRemotes } from "../../../../bench/lib/istiod";

describe("what istiod has read", () => {
  it("is the clusters of its Secrets that are synced, and not its own", () => {
    const page = [
      { id: "west-cluster", secretName: "", syncStatus: "synced" },
      { id: "east-cluster", secretName: "istio-system/istio-remote-secret-usmesh", syncStatus: "synced" },
      { id: "c3-cluster", secretName: "istio-system/istio-remote-secret-usmesh", syncStatus: "syncing" },
    ];
    expect(syncedRemotes(JSON.stringify(page))).to.equal(1);
    expect(syncedRemotes("[]")).to.equal(0);
  });
});
