import { expect } from "chai";
import { repairForDown, repairForUp, repairReleases } from "../../../../cli/up/releases";
import { FakeApiServer } from "../../support/fake-api-server";
import { FakePulumi } from "./support/fake-pulumi";
import { helmRecord, release, stateWith, VALUES } from "./support/states";

const NOTHING = { unfinished: [], missing: [], forgotten: [] };

describe("the releases of a run that was killed", () => {
  let cluster: FakeApiServer;
  beforeEach(async () => (cluster = await FakeApiServer.start()));
  afterEach(() => cluster.stop());

  for (const status of ["pending-upgrade", "pending-rollback", "uninstalling"]) {
    it(`are marked as failed when they are recorded and ${status}`, async () => {
      cluster.putRevision("istiod", 2, status, { data: helmRecord(VALUES) });
      expect(await repairReleases(stateWith(cluster, [release()]))).to.deep.equal({ ...NOTHING, unfinished: ["urn:istiod"] });
      expect([...cluster.objects.values()][0]?.metadata.labels).to.include({ status: "failed" });
    });
  }

  it("are missing when they are recorded and Helm has no record of them", async () => {
    expect(await repairReleases(stateWith(cluster, [release()]))).to.deep.equal({ ...NOTHING, missing: ["urn:istiod"] });
  });

  it("are forgotten when they were being installed", async () => {
    cluster.putRevision("istiod", 1, "pending-install", { data: helmRecord(VALUES) });
    expect(await repairReleases(stateWith(cluster, [], [release()]))).to.deep.equal({ ...NOTHING, forgotten: ["istiod"] });
    expect(cluster.objects.size).to.equal(0);
  });

  it("are forgotten when they were being installed in the place of one that was deleted", async () => {
    cluster.putRevision("istiod", 1, "pending-install", { data: helmRecord(VALUES) });
    const deployment = stateWith(cluster, [release({ pendingReplacement: true })], [release()]);
    expect(await repairReleases(deployment)).to.deep.equal({ ...NOTHING, forgotten: ["istiod"] });
  });

  it("are left alone when Helm installed them from something else than the state says", async () => {
    cluster.putRevision("istiod", 1, "pending-install", { data: helmRecord({ global: { meshID: "another" } }) });
    expect(await repairReleases(stateWith(cluster, [], [release()]))).to.deep.equal(NOTHING);
    expect(cluster.objects.size).to.equal(1);
  });

  it("are left alone when they are in order, also when Pulumi still notes their creation", async () => {
    cluster.putRevision("istiod", 1, "deployed", { data: helmRecord(VALUES) });
    expect(await repairReleases(stateWith(cluster, [release()], [release()]))).to.deep.equal(NOTHING);
    expect(cluster.objects.size).to.equal(1);
  });

  it("are left alone when nothing says that this stack was working on them", async () => {
    cluster.putRevision("istiod", 1, "pending-install", { data: helmRecord(VALUES) });
    expect(await repairReleases(stateWith(cluster, []))).to.deep.equal(NOTHING);
    expect(await repairReleases(stateWith(cluster, [release({ delete: true })]))).to.deep.equal(NOTHING);
    expect(cluster.objects.size).to.equal(1);
  });

  it("are left out when their cluster does not answer", async () => {
    const deployment = stateWith(cluster, [release()]);
    cluster.stop();
    expect(await repairReleases(deployment)).to.deep.equal(NOTHING);
  });

  describe("before up", () => {
    const repaired = async (): Promise<{ done: boolean; pulumi: FakePulumi }> => {
      const pulumi = new FakePulumi();
      pulumi.states.set("west", stateWith(cluster, [release()]));
      return { done: await repairForUp(pulumi, "west"), pulumi };
    };

    it("are refreshed when they are missing", async () => {
      const { done, pulumi } = await repaired();
      expect(done).to.equal(true);
      expect(pulumi.calls).to.deep.equal(["export west secrets", "refresh west urn:istiod"]);
    });

    it("are marked as not ready when they are unfinished, so that the engine updates them", async () => {
      cluster.putRevision("istiod", 2, "pending-upgrade", { data: helmRecord(VALUES) });
      const { done, pulumi } = await repaired();
      expect(done).to.equal(true);
      expect(pulumi.imported.get("west")?.resources?.find(({ urn }) => urn === "urn:istiod")?.initErrors).to.have.length(1);
    });

    it("need nothing when they are in order", async () => {
      cluster.putRevision("istiod", 2, "deployed", { data: helmRecord(VALUES) });
      const { done, pulumi } = await repaired();
      expect(done).to.equal(false);
      expect(pulumi.calls).to.deep.equal(["export west secrets"]);
    });
  });

  describe("before down", () => {
    it("are removed from the state when they are missing", async () => {
      const pulumi = new FakePulumi();
      await repairForDown(pulumi, "west", stateWith(cluster, [release()]));
      expect(pulumi.calls).to.deep.equal(["refresh west urn:istiod"]);
    });

    it("are left to Helm when they are unfinished", async () => {
      cluster.putRevision("istiod", 2, "pending-upgrade", { data: helmRecord(VALUES) });
      const pulumi = new FakePulumi();
      await repairForDown(pulumi, "west", stateWith(cluster, [release()]));
      expect(pulumi.calls).to.deep.equal([]);
    });
  });
});
