import { expect } from "chai";
import { unreachableServers } from "../../../../cli/up/unreachable";
import { FakeApiServer } from "../../support/fake-api-server";
import { stateWith } from "./support/states";

describe("the API servers that do not answer", () => {
  let cluster: FakeApiServer;
  beforeEach(async () => (cluster = await FakeApiServer.start()));
  afterEach(() => cluster.stop());

  it("are named by their URL", async () => {
    const deployment = stateWith(cluster, []);
    const { server } = (JSON.parse(cluster.kubeconfig) as { clusters: { cluster: { server: string } }[] }).clusters[0]!.cluster;
    cluster.stop();
    expect(await unreachableServers(deployment)).to.deep.equal([server]);
  });

  it("are not those that answer, an error response included", async () => {
    expect(await unreachableServers(stateWith(cluster, []))).to.deep.equal([]);
    cluster.refusals.push({ status: 401, message: "Unauthorized" });
    expect(await unreachableServers(stateWith(cluster, []))).to.deep.equal([]);
  });

  it("are not those of kind clusters, which are deleted with everything in them", async () => {
    const { resources = [] } = stateWith(cluster, []);
    cluster.stop();
    expect(await unreachableServers({ resources: resources.map((resource) => ({ ...resource, deletedWith: "urn:kind" })) })).to.deep.equal([]);
  });
});
