import { expect } from "chai";
import { failoverIn, readFailover } from "../../../../cli/drill/failover";
import { FakeKube } from "./support/fake-kube";

const NAME = "outbound|8080||errors.usmesh-drill.svc.cluster.local";
const dump = (cluster: object) => ({ configs: [{ cluster: { name: "another", outlier_detection: {} } }, { cluster: { name: NAME, ...cluster } }] });
const page = (...priorities: (number | undefined)[]) => ({
  cluster_statuses: [{ name: "another", host_statuses: [{ priority: 1 }, {}] }, { name: NAME, host_statuses: priorities.map((priority) => (priority === undefined ? {} : { priority })) }],
});

describe("how a mesh fails over", () => {
  it("is with outlier detection and locality where the client's proxy has both", () => {
    expect(failoverIn(NAME, dump({ outlier_detection: { consecutive_5xx: 5 } }), page(undefined, 1))).to.deep.equal({ outlierDetection: true, locality: true });
  });

  it("is without them where the proxy has neither, whatever other services have", () => {
    expect(failoverIn(NAME, dump({}), page(undefined, undefined))).to.deep.equal({ outlierDetection: false, locality: false });
    expect(failoverIn(NAME, {}, {})).to.deep.equal({ outlierDetection: false, locality: false });
  });

  it("is read from the proxy of the client that sends the requests", async () => {
    const kube = new FakeKube();
    kube.pages.set("client:15000/config_dump?resource=dynamic_active_clusters", dump({ outlier_detection: {} }));
    kube.pages.set("client:15000/clusters?format=json", page(undefined, 1));
    expect(await readFailover(kube, "client", "errors")).to.deep.equal({ outlierDetection: true, locality: true });
  });
});
