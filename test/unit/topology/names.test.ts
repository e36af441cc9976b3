import { expect } from "chai";
import { defaultClusterName, defaultNetwork, defaultRegion, kindNode, kindWorkers, observer, observerHost, remoteSecretName } from "../../../topology/names";

describe("the names that follow from a key", () => {
  it("are Istio's for a cluster that sets none", () => {
    expect([defaultClusterName("west"), defaultNetwork("west"), defaultRegion("west")]).to.deep.equal(["west-cluster", "west-network", "westus"]);
  });

  it("are those that kind gives to the containers of its nodes", () => {
    expect(kindNode("usmesh-west")).to.equal("usmesh-west-control-plane");
    expect([1, 2, 4].map((nodes) => kindWorkers("west", nodes))).to.deep.equal([[], ["west-worker"], ["west-worker", "west-worker2", "west-worker3"]]);
  });

  it("tell one cluster's Prometheus and Jaeger from those of others", () => {
    expect([observer("prometheus", "west"), observer("jaeger", "east")]).to.deep.equal(["prometheus-west", "jaeger-east"]);
    expect(observerHost("jaeger", "east")).to.equal("jaeger-east.usmesh-observability.svc.cluster.local");
  });

  it("are one for the remote Secret of a mesh", () => expect(remoteSecretName("usmesh")).to.equal("istio-remote-secret-usmesh"));
});
