import { expect } from "chai";
import { failoverIn, readFailover } from "../../../../cli/drill/failover";
import { type ClustersPage, proxyClustersOf } from "../../../../cli/verify/gather/proxy-pages";
import { FakeKube } from "./support/fake-kube";

const NAME = "outbound|8080||errors.usmesh-drill.svc.cluster.local";
const dump = (cluster: object) => ({ configs: [{ cluster: { name: "another", outlier_detection: {} } }, { cluster: { name: NAME, ...cluster } }] });
const host = (priority?: number) => ({ address: { socket_address: { address: "192.0.2.1", port_value: 15443 } }, ...(priority === undefined ? {} : { priority }) });
const page = (...priorities: (number | undefined)[]): ClustersPage => ({
  cluster_statuses: [{ name: "another", host_statuses: [host(1), host()] }, { name: NAME, host_statuses: priorities.map(host) }],
});

describe("how a mesh fails over", () => {
  it("is with outlier detection and locality where the client's proxy has both", () => {
    expect(failoverIn(NAME, dump({ outlier_detection: { consecutive_5xx: 5 } }), proxyClustersOf(page(undefined, 1)))).to.deep.equal({ outlierDetection: true, locality: true });
  });

  it("is without them where the proxy has neither, whatever other services have", () => {
    expect(failoverIn(NAME, dump({}), proxyClustersOf(page(undefined, undefined)))).to.deep.equal({ outlierDetection: false, locality: false });
    expect(failoverIn(NAME, {}, [])).to.deep.equal({ outlierDetection: false, locality: false });
  });

  it("is read from the proxy of the client that sends the requests", async () => {
    const kube = new FakeKube();
    kube.pages.set("client:15000/config_dump?resource=dynamic_active_clusters", dump({ outlier_detection: {} }));
    kube.pages.set("client:15000/clusters?format=json", page(undefined, 1));
    expect(await readFailover(kube, "client", "errors")).to.deep.equal({ outlierDetection: true, locality: true });
  });
});
