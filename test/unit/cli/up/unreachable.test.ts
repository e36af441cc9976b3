import { expect } from "chai";
import { unreachableServers } from "../../../../cli/up/unreachable";
import { FakeApiServer } from "../../support/fake-api-server";
import { stateWith } from "./support/states";

describe("the API servers that do not answer", () => {
  let cluster: FakeApiServer;
  beforeEach(async () => (cluster = await FakeApiServer.start()));
  afterEach(() => cluster.stop());

  it("are named by their URL, with the reason", async () => {
    const deployment = stateWith(cluster, []);
    const { server } = (JSON.parse(cluster.kubeconfig) as { clusters: { cluster: { server: string } }[] }).clusters[0]!.cluster;
    cluster.stop();
    const found = await unreachableServers(deployment);
    expect(found.map((one) => one.server)).to.deep.equal([server]);
    expect(found[0]?.reason).to.be.a("string").and.not.to.equal("");
  });

  it("are those that refuse the credentials, too: nothing can be deleted there", async () => {
    for (const status of [401, 403]) {
      cluster.refusals.push({ status, message: "no" });
      expect((await unreachableServers(stateWith(cluster, [])))[0]).to.include({ reason: `${status}: no` });
    }
  });

  it("are not those that answer, any other error response included", async () => {
    expect(await unreachableServers(stateWith(cluster, []))).to.deep.equal([]);
    cluster.refusals.push({ status: 500, message: "etcd is slow" });
    expect(await unreachableServers(stateWith(cluster, []))).to.deep.equal([]);
  });

  it("are not those of kind clusters, which are deleted with everything in them", async () => {
    const { resources = [] } = stateWith(cluster, []);
    cluster.stop();
    expect(await unreachableServers({ resources: resources.map((resource) => ({ ...resource, deletedWith: "urn:kind" })) })).to.deep.equal([]);
  });
});
