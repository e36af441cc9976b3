import { expect } from "chai";
import { itRefuses, problemsOf, two } from "../support/refusals";

const istioValues = (values: object) => ({ clusters: two, istio: { values } });

describe("the check of charts", () => {
  describe("for folders", () => {
    itRefuses([
      ["one of Istio's charts that does not exist", { clusters: two, istio: { charts: "missing" } }, "usmesh:istio.charts", /no folder "missing"/],
      ["one without Istio's charts", { clusters: two, istio: { charts: "empty" } }, "usmesh:istio.charts", /no base\/Chart\.yaml, istiod\/Chart\.yaml, gateway\/Chart\.yaml; it must contain/],
      ["one of MetalLB's chart that does not exist", { clusters: two, metallb: { charts: "missing" } }, "usmesh:metallb.charts", /no folder "missing"/],
      ["one without MetalLB's chart", { clusters: two, metallb: { charts: "empty" } }, "usmesh:metallb.charts", /no metallb\/Chart\.yaml/],
    ]);
  });

  describe("for extra values", () => {
    itRefuses([
      ["another mesh id", istioValues({ istiod: { global: { meshID: "other" } } }), "usmesh:istio.values.istiod.global.meshID", /set by the component, to "usmesh".*or set usmesh:mesh/],
      ["no DNS capture", istioValues({ istiod: { meshConfig: { defaultConfig: { proxyMetadata: null } } } }), "usmesh:istio.values.istiod.meshConfig.defaultConfig.proxyMetadata", /set by the component/],
      ["a network for every gateway", istioValues({ gateway: { networkGateway: "n" } }), "usmesh:istio.values.gateway.networkGateway", /set by the component/],
      ["MetalLB's routing daemon", { clusters: two, metallb: { values: { speaker: { frr: { enabled: true } } } } }, "usmesh:metallb.values.speaker.frr.enabled", /set by the component, to false/],
      ["another pod subnet in kind's configuration", { clusters: two, kind: { config: { networking: { podSubnet: "10.1.0.0/16" } } } }, "usmesh:kind.config.networking.podSubnet", /set by the component.*usmesh:clusters\.KEY\.podSubnet/],
      ["nodes in kind's configuration", { clusters: two, kind: { config: { nodes: [{ role: "worker" }] } } }, "usmesh:kind.config.nodes", /one control-plane node/],
    ]);

    it("accepts what repeats or adds to the component's values", () => {
      expect(problemsOf(istioValues({ istiod: { global: { meshID: "usmesh" }, pilot: { traceSampling: 1 } } }))).to.deep.equal([]);
    });
  });
});
