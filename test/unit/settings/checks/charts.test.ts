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

  describe("for the images' tag", () => {
    const tagged = (tag: string, version = "1.31.4") => ({ clusters: two, istio: { version, tag } });

    itRefuses([
      ["that of another patch", tagged("1.31.3"), "usmesh:istio.tag", /"1\.31\.3" is not the version of the charts, 1\.31\.4 \(usmesh:istio\.version\)/],
      ["that of another minor version", tagged("1.30"), "usmesh:istio.tag", /is not the version of the charts/],
      ["that of another version with a variant", tagged("1.30.4-distroless"), "usmesh:istio.tag", /is not the version of the charts/],
    ]);

    it("accepts the charts' version, with or without its patch or a variant, and tags that name no version", () => {
      for (const tag of ["1.31.4", "v1.31.4", "1.31", "1.31.4-distroless", "our-build-7", "our-1.30.4", "1"]) expect(problemsOf(tagged(tag)), tag).to.deep.equal([]);
      expect(problemsOf(tagged("1.31.40")), "another patch that begins in the same way").to.have.length(1);
    });
  });

  describe("for extra values", () => {
    itRefuses([
      ["another mesh id", istioValues({ istiod: { global: { meshID: "other" } } }), "usmesh:istio.values.istiod.global.meshID", /set by the component, to "usmesh".*or set usmesh:mesh/],
      ["no DNS capture", istioValues({ istiod: { meshConfig: { defaultConfig: { proxyMetadata: null } } } }), "usmesh:istio.values.istiod.meshConfig.defaultConfig.proxyMetadata", /set by the component/],
      ["no replica of istiod", istioValues({ istiod: { replicaCount: 0 } }), "usmesh:istio.values.istiod.replicaCount", /no pod that answers; write 1 or more/],
      ["no replica of istiod while it is scaled", istioValues({ istiod: { autoscaleEnabled: true, autoscaleMin: "0" } }), "usmesh:istio.values.istiod.autoscaleMin", /no pod that answers/],
      ["no replica of the gateways", istioValues({ gateway: { replicaCount: 0 } }), "usmesh:istio.values.gateway.replicaCount", /no pod that answers/],
      ["no replica of the gateways, where the chart also takes it", istioValues({ gateway: { global: { replicaCount: 0 } } }), "usmesh:istio.values.gateway.global.replicaCount", /no pod that answers/],
      ["no replica of gateways that are scaled", istioValues({ gateway: { autoscaling: { minReplicas: 0 } } }), "usmesh:istio.values.gateway.autoscaling.minReplicas", /no pod that answers/],
      ["a revision of istiod", istioValues({ istiod: { revision: "canary" } }), "usmesh:istio.values.istiod.revision", /istio-injection: enabled.*remove it/],
      ["a revision of the gateways", istioValues({ gateway: { revision: "canary" } }), "usmesh:istio.values.gateway.revision", /istio-injection: enabled.*remove it/],
      ["no mutual TLS by itself", istioValues({ istiod: { meshConfig: { enableAutoMtls: false } } }), "usmesh:istio.values.istiod.meshConfig.enableAutoMtls", /mutual TLS.*remove it/],
      ["an istiod that signs nothing", istioValues({ istiod: { env: { ENABLE_CA_SERVER: "false" } } }), "usmesh:istio.values.istiod.env.ENABLE_CA_SERVER", /signs the certificates.*remove it/],
      ["a part of istiod", istioValues({ istiod: { global: { resourceScope: "namespace" } } }), "usmesh:istio.values.istiod.global.resourceScope", /leave out a part.*write all/],
      ["a part of the base", istioValues({ base: { global: { resourceScope: "cluster" } } }), "usmesh:istio.values.base.global.resourceScope", /leave out a part/],
      ["another reader", istioValues({ base: { global: { readerServiceAccount: { name: "mine" } } } }), "usmesh:istio.values.base.global.readerServiceAccount", /istio-reader-service-account.*remove it/],
      ["another reader for istiod's role", istioValues({ istiod: { global: { readerServiceAccount: { name: "mine" } } } }), "usmesh:istio.values.istiod.global.readerServiceAccount", /istio-reader-service-account/],
      ["another port between networks", istioValues({ gateway: { networkGatewayPorts: { tls: { port: 443 } } } }), "usmesh:istio.values.gateway.networkGatewayPorts.tls", /port 15443; remove it/],
      ["another port of the pods between networks", istioValues({ gateway: { networkGatewayPorts: { tls: { port: 15443, targetPort: 8443 } } } }), "usmesh:istio.values.gateway.networkGatewayPorts.tls", /port 15443/],
      ["another port between networks by its label", istioValues({ gateway: { labels: { "networking.istio.io/gatewayPort": "443" } } }), "usmesh:istio.values.gateway.labels.networking.istio.io/gatewayPort", /port 15443/],
      ["values where they would not be looked at", istioValues({ istiod: { _internal_defaults_do_not_set: { revision: "canary" } } }), "usmesh:istio.values.istiod._internal_defaults_do_not_set", /set the values in it directly/],
      ["no replica of istiod where the chart also takes it", istioValues({ istiod: { pilot: { replicaCount: 0 } } }), "usmesh:istio.values.istiod.pilot.replicaCount", /no pod that answers/],
      ["an istiod that signs nothing, where the chart also takes it", istioValues({ istiod: { pilot: { env: { ENABLE_CA_SERVER: false } } } }), "usmesh:istio.values.istiod.pilot.env.ENABLE_CA_SERVER", /signs the certificates/],
      ["another mesh id where the chart also takes it", istioValues({ istiod: { pilot: { global: { meshID: "other" } } } }), "usmesh:istio.values.istiod.pilot.global.meshID", /set by the component, to "usmesh".*or set usmesh:mesh/],
      ["a network for every gateway", istioValues({ gateway: { networkGateway: "n" } }), "usmesh:istio.values.gateway.networkGateway", /set by the component.*remove it$/],
      ["MetalLB's routing daemon", { clusters: two, metallb: { values: { speaker: { frr: { enabled: true } } } } }, "usmesh:metallb.values.speaker.frr.enabled", /set by the component, to false/],
      ["another pod subnet in kind's configuration", { clusters: two, kind: { config: { networking: { podSubnet: "10.1.0.0/16" } } } }, "usmesh:kind.config.networking.podSubnet", /set by the component.*usmesh:clusters\.KEY\.podSubnet/],
      ["nodes in kind's configuration", { clusters: two, kind: { config: { nodes: [{ role: "worker" }] } } }, "usmesh:kind.config.nodes", /"1 of them".*or set usmesh:clusters\.KEY\.nodes/],
    ]);

    itRefuses([
      ["another type of the ingress gateway's Service", istioValues({ ingress: { service: { type: "ClusterIP" } } }), "usmesh:istio.values.ingress.service.type", /set by the component, to "LoadBalancer"/],
      ["another network of the east-west gateway", istioValues({ eastWest: { networkGateway: "n" } }), "usmesh:istio.values.eastWest.networkGateway", /set by the component/],
      ["another port of the east-west gateway alone", istioValues({ eastWest: { networkGatewayPorts: { tls: { port: 443 } } } }), "usmesh:istio.values.eastWest.networkGatewayPorts.tls", /port 15443/],
      ["no replica of the ingress gateway alone", istioValues({ ingress: { replicaCount: 0 } }), "usmesh:istio.values.ingress.replicaCount", /no pod that answers/],
    ]);

    it("accepts what repeats or adds to the component's values", () => {
      expect(problemsOf(istioValues({ istiod: { global: { meshID: "usmesh" }, pilot: { traceSampling: 1 } } }))).to.deep.equal([]);
    });

    it("accepts null, which is how values remove a default", () => {
      const scaled = { replicaCount: null, revision: null };
      const istiod = { ...scaled, autoscaleMin: null, global: { resourceScope: null, readerServiceAccount: null }, _internal_defaults_do_not_set: null };
      const gateway = { ...scaled, autoscaling: { minReplicas: null }, networkGatewayPorts: { tls: { port: 15443, targetPort: null } } };
      expect(problemsOf(istioValues({ istiod, gateway }))).to.deep.equal([]);
    });

    it("accepts what only repeats the charts' own values", () => {
      const istiod = { replicaCount: 1, autoscaleMin: 1, revision: "", env: { ENABLE_CA_SERVER: "true" }, meshConfig: { enableAutoMtls: true }, global: { resourceScope: "all" } };
      const gateway = { replicaCount: 3, revision: "", networkGatewayPorts: { tls: { port: 15443, targetPort: 15443 } }, labels: { "networking.istio.io/gatewayPort": "15443" } };
      expect(problemsOf(istioValues({ base: { global: { resourceScope: "all" } }, istiod, gateway }))).to.deep.equal([]);
    });
  });
});
