import { expect } from "chai";
import { recordUnrecorded, unrecordedObjects } from "../../../../cli/up/adopt";
import { FakeApiServer } from "../../support/fake-api-server";
import { FakePulumi } from "./support/fake-pulumi";
import { helmRecord, MAP, release, stateWith, VALUES } from "./support/states";

const MAP_PATH = "/api/v1/namespaces/istio-system/configmaps/map";

describe("what an interrupted run left in clusters", () => {
  let cluster: FakeApiServer;
  beforeEach(async () => (cluster = await FakeApiServer.start()));
  afterEach(() => cluster.stop());

  it("is found where it exists and is not recorded: releases and objects", async () => {
    cluster.putRevision("istiod", 1, "pending-install", { data: helmRecord(VALUES) });
    cluster.objects.set(MAP_PATH, { metadata: { name: "map" } });
    expect(await unrecordedObjects(stateWith(cluster, [], [release(), MAP]))).to.deep.equal([
      { urn: "urn:istiod", id: "istio-system/istiod" },
      { urn: "urn:map", id: "istio-system/map" },
    ]);
  });

  it("is nothing where it was never created", async () => {
    expect(await unrecordedObjects(stateWith(cluster, [], [release(), MAP]))).to.deep.equal([]);
  });

  it("is not looked for where it is deleted with its cluster", async () => {
    cluster.objects.set(MAP_PATH, { metadata: { name: "map" } });
    expect(await unrecordedObjects(stateWith(cluster, [], [{ ...MAP, deletedWith: "urn:kind" }]))).to.deep.equal([]);
  });

  it("is not a release that Helm installed from something else than the state says", async () => {
    cluster.putRevision("istiod", 1, "pending-install", { data: helmRecord({ global: { meshID: "another" } }) });
    expect(await unrecordedObjects(stateWith(cluster, [], [release()]))).to.deep.equal([]);
  });

  it("is not what is recorded, also when Pulumi still notes its creation", async () => {
    cluster.putRevision("istiod", 1, "deployed", { data: helmRecord(VALUES) });
    expect(await unrecordedObjects(stateWith(cluster, [release()], [release()]))).to.deep.equal([]);
  });

  it("is nothing when the cluster does not answer", async () => {
    const deployment = stateWith(cluster, [], [release(), MAP]);
    cluster.stop();
    expect(await unrecordedObjects(deployment)).to.deep.equal([]);
  });

  it("is recorded in the state whose secrets are encrypted, and then refreshed", async () => {
    cluster.objects.set(MAP_PATH, { metadata: { name: "map" } });
    const deployment = stateWith(cluster, [], [MAP]);
    const pulumi = new FakePulumi();
    pulumi.states.set("west", { resources: [{ urn: "urn:encrypted", type: "t" }], pending_operations: deployment.pending_operations });
    const recorded = await recordUnrecorded(pulumi, "west", deployment);
    expect(pulumi.calls).to.deep.equal(["export west", "import west", "refresh west urn:map"]);
    expect(pulumi.imported.get("west")?.resources?.map(({ urn }) => urn)).to.deep.equal(["urn:encrypted", "urn:map"]);
    expect(recorded.resources?.at(-1)).to.deep.include({ urn: "urn:map", id: "istio-system/map" });
    expect(recorded.pending_operations).to.equal(undefined);
  });

  it("that is nothing still ends what is pending", async () => {
    const pulumi = new FakePulumi();
    await recordUnrecorded(pulumi, "west", stateWith(cluster, [], [MAP]));
    expect(pulumi.calls).to.deep.equal(["export west", "import west"]);
  });
});
