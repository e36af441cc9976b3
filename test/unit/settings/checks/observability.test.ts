import { expect } from "chai";
import { parseSettings } from "../../../../settings/config";
import { itRefuses, problemsOf, two } from "../support/refusals";

const on = (more: object = {}) => ({ clusters: two, observability: { enabled: true }, ...more });
const hosts = (...list: string[]) => ({ eastWest: { hosts: list } });

describe("the check of observability", () => {
  itRefuses([
    ["gateways that hide Prometheus and Jaeger", on(hosts("*.shop.svc.cluster.local")), "usmesh:eastWest.hosts", /of west, east; add "\*\.usmesh-observability\.svc\.cluster\.local"/],
    ["gateways that hide one of the two", on(hosts("prometheus-west.usmesh-observability.svc.cluster.local", "prometheus-east.usmesh-observability.svc.cluster.local", "jaeger-east.usmesh-observability.svc.cluster.local")), "usmesh:eastWest.hosts", /of west; add/],
    ["less memory than its traces need", on({ observability: { enabled: true, maxTraces: 5000 } }), "usmesh:observability.memoryMiB", /^5000 traces, Prometheus and two sidecars need 486; raise it, or lower observability\.maxTraces/],
    ["Kiali without what it asks", { clusters: two, observability: { kiali: { enabled: true } } }, "usmesh:observability.kiali.enabled", /asks the cluster's Prometheus and Jaeger, which are off; set observability\.enabled/],
    ["Kiali where there is no image of it", on({ observability: { enabled: true, kiali: { enabled: true }, images: { kiali: null } } }), "usmesh:observability.kiali.enabled", /no image of Kiali: the air gap cannot build it\. Remove it, or .*MESH_AIRGAP=0/],
    ["values with which Kiali could do more", on({ observability: { enabled: true, kiali: { values: { deployment: { view_only_mode: false } } } } }), "usmesh:observability.kiali.values.deployment.view_only_mode", /set by the component, to true/],
    ["a share of more than all requests", { clusters: two, observability: { samplingPercent: 101 } }, "usmesh:observability.samplingPercent", /too large; the maximum is 100/],
  ]);

  it("accepts gateways that show both, and those that hide them from a mesh that is not observed", () => {
    expect(problemsOf(on(hosts("*.shop.svc.cluster.local", "*.usmesh-observability.svc.cluster.local")))).to.deep.equal([]);
    expect(problemsOf({ clusters: two, ...hosts("*.shop.svc.cluster.local") })).to.deep.equal([]);
  });

  it("traces every request in the profile demo and one of a hundred in production, unless a share is set", () => {
    const share = (more: object): number => parseSettings({ clusters: two, ...more }, { stack: "local" }).observability.samplingPercent;
    expect([share({}), share({ profile: "production" }), share({ profile: "production", observability: { samplingPercent: 0 } })]).to.deep.equal([100, 1, 0]);
  });
});
