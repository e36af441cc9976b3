import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import {
  baseValues,
  eastWestGatewayValues,
  exposureValues,
  ingressGatewayValues,
  istiodValues,
  istioValueClashes,
  revisionValues,
  servedBy,
  withAddress,
  type Membership,
  type Profile,
} from "../../../../components/charts/istio-values";

import { spreadConstraints } from "../../../../components/kubernetes/spread";

const EAST: Membership = { meshId: "usmesh", clusterName: "east-cluster", network: "east-network", trustDomain: "cluster.local" };

describe("the values of Istio's charts", () => {
  describe("of base", () => {
    it("keep the reader's account, with which peers read", () => {
      expect(baseValues()).to.deep.equal({ global: { istioNamespace: "istio-system", enableReaderRBAC: true } });
    });

    it("name the revision whose istiod checks new objects, unless it is the one without a name", () => {
      const checkedBy = (revision: string) => baseValues({ a: 1 }, revision);
      expect(checkedBy("blue")).to.deep.equal({ ...checkedBy("default"), defaultRevision: "blue" });
      expect(checkedBy("default")).to.deep.equal({ a: 1, ...baseValues() });
    });
  });

  describe("of istiod", () => {
    const east = () => istiodValues(EAST, "demo");

    it("make the cluster a member of the mesh", () => {
      expect(east()).to.deep.nested.include({
        "global.meshID": "usmesh",
        "global.multiCluster": { clusterName: "east-cluster" },
        "global.network": "east-network",
        "meshConfig.trustDomain": "cluster.local",
      });
    });

    it("resolve names that exist only in other clusters", () => {
      expect(east()).to.nested.include({ "meshConfig.defaultConfig.proxyMetadata.ISTIO_META_DNS_CAPTURE": "true" });
    });

    it("let roots be replaced while everything runs", () => {
      expect(east()).to.nested.include({
        "env.ISTIO_MULTIROOT_MESH": "true",
        "meshConfig.defaultConfig.proxyMetadata.PROXY_CONFIG_XDS_AGENT": "true",
      });
    });

    it("let istiod serve nobody for two minutes while it cannot read a peer: proxies keep what they have", () => {
      expect(east()).to.nested.include({ "env.PILOT_REMOTE_CLUSTER_TIMEOUT": "2m" });
    });

    it("let proxies try again as Istio does by default, and the last time in another region", () => {
      expect(east()).to.deep.nested.include({ "meshConfig.defaultHttpRetryPolicy": { attempts: 2, retryRemoteLocalities: true } });
    });

    it("have one replica and log requests in the demo profile", () => {
      expect(east()).to.deep.nested.include({ autoscaleEnabled: false, replicaCount: 1, "meshConfig.accessLogFile": "/dev/stdout" });
    });

    it("have two replicas and log no requests in the production profile", () => {
      const values = istiodValues(EAST, "production");
      expect(values).to.include({ replicaCount: 2 });
      expect(values).not.to.have.nested.property("meshConfig.accessLogFile");
    });

    it("keep istiod on two nodes in the production profile, and limit its memory, so that it cannot take a node with it", () => {
      const values = istiodValues(EAST, "production");
      expect(values["topologySpreadConstraints"]).to.deep.equal(spreadConstraints({ app: "istiod" }));
      expect(values["resources"]).to.deep.equal({ requests: { cpu: "500m", memory: "2048Mi" }, limits: { memory: "4096Mi" } });
      expect(east()).not.to.have.property("topologySpreadConstraints");
    });

    it("have each proxy request what its profile says", () => {
      const requests = (profile: Profile) => (istiodValues(EAST, profile)["global"] as { proxy: unknown }).proxy;
      expect(requests("demo")).to.deep.equal({ resources: { requests: { cpu: "10m", memory: "40Mi" } } });
      expect(requests("production")).to.deep.equal({ resources: { requests: { cpu: "100m", memory: "128Mi" } } });
    });

    it("leave the images to the chart unless they are set", () => {
      expect(east()["global"]).not.to.have.any.keys("hub", "tag");
      const values = istiodValues({ ...EAST, hub: "registry.example/istio", tag: "1.31.4" }, "demo");
      expect(values).to.deep.nested.include({ "global.hub": "registry.example/istio", "global.tag": "1.31.4" });
    });

    it("take extra values, also over what the profile suggests", () => {
      const extra = { env: { PILOT_ENABLE_ALPN_FILTER: "false" }, telemetry: { enabled: false }, resources: { requests: { cpu: "1" } } };
      expect(istiodValues(EAST, "demo", extra)).to.deep.nested.include({
        env: { PILOT_REMOTE_CLUSTER_TIMEOUT: "2m", PILOT_ENABLE_ALPN_FILTER: "false", ISTIO_MULTIROOT_MESH: "true" },
        telemetry: { enabled: false },
        "resources.requests": { cpu: "1", memory: "100Mi" },
      });
    });

    it("hold an output as it is", () => {
      const network = pulumi.output("east-network");
      expect((istiodValues({ ...EAST, network }, "demo")["global"] as { network: unknown }).network).to.equal(network);
    });
  });

  describe("of one of several istiods", () => {
    it("are its revision, by which pods and gateways name it", () => {
      for (const tagged of [true, false]) expect(revisionValues("blue", tagged)).to.deep.equal({ revision: "blue" });
      expect(servedBy("blue")).to.deep.equal({ revision: "blue" });
    });

    it("keep the one without a revision from serving pods that name none, where a tag does that", () => {
      expect(revisionValues("default", true)).to.deep.equal({ global: { operatorManageWebhooks: true } });
      expect(revisionValues("default", false)).to.deep.equal({});
      for (const gateway of [servedBy("default"), servedBy()]) expect(gateway).to.deep.equal({});
    });
  });

  describe("of the gateways", () => {
    it("name the network of the east-west gateway only", () => {
      expect(eastWestGatewayValues("west-network", "demo")).to.include({ name: "istio-eastwestgateway", networkGateway: "west-network" });
      expect(ingressGatewayValues("demo")).to.include({ name: "istio-ingressgateway" });
      expect(ingressGatewayValues("demo")).not.to.have.any.keys("networkGateway", "labels");
    });

    it("ask for a load balancer, for the image that the injector sets, and for little in the demo profile", () => {
      expect(ingressGatewayValues("demo")).to.deep.equal({
        name: "istio-ingressgateway",
        replicaCount: 1,
        autoscaling: { enabled: false },
        imagePullPolicy: "IfNotPresent",
        resources: { requests: { cpu: "10m", memory: "40Mi" } },
        podDisruptionBudget: {},
        service: { type: "LoadBalancer" },
      });
    });

    it("ask for an address where there is one to ask for, unless the extra values ask for another", () => {
      const plain = ingressGatewayValues("demo");
      const asking = (address: string) => ({ type: "LoadBalancer", annotations: { "metallb.io/loadBalancerIPs": address } });
      expect(withAddress(plain, "172.18.255.101")).to.deep.equal({ ...plain, service: asking("172.18.255.101") });
      const set = { ...plain, service: asking("172.18.255.110") };
      expect(withAddress(set, "172.18.255.101")).to.deep.equal(set);
      expect(withAddress(plain, undefined)).to.deep.equal(plain);
    });

    it("survive the loss of a node in the production profile", () => {
      expect(ingressGatewayValues("production")).to.deep.include({ replicaCount: 2, podDisruptionBudget: { minAvailable: 1 } });
      expect(ingressGatewayValues("demo")).to.deep.include({ replicaCount: 1, podDisruptionBudget: {} });
    });

    it("are on two nodes in the production profile, each gateway by itself", () => {
      expect(ingressGatewayValues("production")["topologySpreadConstraints"]).to.deep.equal(spreadConstraints({ app: "istio-ingressgateway" }));
      expect(eastWestGatewayValues("n", "production")["topologySpreadConstraints"]).to.deep.equal(spreadConstraints({ app: "istio-eastwestgateway" }));
      expect(ingressGatewayValues("demo")).not.to.have.property("topologySpreadConstraints");
    });

    it("take the same extra values", () => {
      const extra = { service: { annotations: { a: "b" } } };
      const service = { annotations: { a: "b" }, type: "LoadBalancer" };
      expect(ingressGatewayValues("demo", extra)).to.deep.include({ service });
      expect(eastWestGatewayValues("west-network", "demo", extra)).to.deep.include({ service });
    });
  });

  describe("that clash with what the components set", () => {
    it("are found with their path and the value that is set", () => {
      expect(istioValueClashes("istiod", EAST, { global: { network: "other", meshID: "usmesh" } })).to.deep.equal([
        { path: "global.network", kept: "east-network" },
      ]);
      expect(istioValueClashes("base", EAST, { global: { enableReaderRBAC: false } })).to.deep.equal([{ path: "global.enableReaderRBAC", kept: true }]);
      expect(istioValueClashes("gateway", EAST, { networkGateway: "other" }).map(({ path }) => path)).to.deep.equal(["networkGateway"]);
    });

    it("are found among the labels by which peers and the Gateway find a gateway", () => {
      const labels = { app: "a", istio: "b", "topology.istio.io/network": "c", team: "d" };
      expect(istioValueClashes("gateway", EAST, { labels }).map(({ path }) => path)).to.deep.equal(["labels.app", "labels.istio", "labels.topology.istio.io/network"]);
    });

    it("are found where istiod's chart also takes them, and it alone", () => {
      const pilot = { global: { network: "other", enableReaderRBAC: false } };
      expect(istioValueClashes("istiod", EAST, { pilot })).to.deep.equal([{ path: "pilot.global.network", kept: "east-network" }]);
      expect(istioValueClashes("base", EAST, { pilot })).to.deep.equal([]);
    });

    it("are none of those that the profile suggests", () => {
      expect(istioValueClashes("istiod", EAST, { replicaCount: 3 })).to.deep.equal([]);
    });
  });

  describe("of a gateway that not everybody may connect to", () => {
    it("are none by default", () => expect(exposureValues({})).to.deep.equal({}));

    it("name the networks that may", () => {
      expect(exposureValues({ sourceRanges: ["10.0.0.0/8"] })).to.deep.equal({ service: { loadBalancerSourceRanges: ["10.0.0.0/8"] } });
    });

    it("ask each cloud for an internal address, and keep the address that MetalLB is asked for", () => {
      const values = withAddress(eastWestGatewayValues("n", "demo", exposureValues({ internal: true })), "10.0.0.1");
      expect(Object.keys((values["service"] as { annotations: object }).annotations)).to.have.members([
        "metallb.io/loadBalancerIPs",
        "service.beta.kubernetes.io/aws-load-balancer-internal",
        "service.beta.kubernetes.io/aws-load-balancer-scheme",
        "service.beta.kubernetes.io/azure-load-balancer-internal",
        "networking.gke.io/load-balancer-type",
      ]);
    });
  });
});
