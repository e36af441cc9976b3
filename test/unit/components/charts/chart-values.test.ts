import { expect } from "chai";
import { parse } from "yaml";
import { parseSettings } from "../../../../settings/config";
import { baseValues, eastWestGatewayValues, ingressGatewayValues, istiodValues, withAddress } from "../../../../components/charts/istio-values";
import { kindConfig, kindConfigYaml } from "../../../../components/kind/kind-config";
import { metallbValues } from "../../../../components/charts/metallb-values";
import type { ClusterModel, KindDriver, MeshModel } from "../../../../settings/model";

const model = (settings: object = {}): MeshModel => parseSettings({ clusters: { west: {}, east: {} }, ...settings }, { stack: "local" });
const cluster = (mesh: MeshModel, key: string): ClusterModel => mesh.clusters.find((member) => member.key === key)!;

describe("chart values", () => {
  describe("of base", () => {
    it("keep the reader's account, with which peers read", () => {
      expect(baseValues(model())).to.deep.equal({ global: { istioNamespace: "istio-system", enableReaderRBAC: true } });
    });
  });

  describe("of istiod", () => {
    const east = istiodValues(model(), cluster(model(), "east"));

    it("make the cluster a member of the mesh", () => {
      expect(east).to.deep.nested.include({
        "global.meshID": "usmesh",
        "global.multiCluster": { clusterName: "east-cluster" },
        "global.network": "east-network",
        "meshConfig.trustDomain": "cluster.local",
      });
    });

    it("resolve names of other clusters", () => {
      expect(east).to.nested.include({ "meshConfig.defaultConfig.proxyMetadata.ISTIO_META_DNS_CAPTURE": "true" });
    });

    it("let roots be replaced while everything runs", () => {
      expect(east).to.nested.include({
        "env.ISTIO_MULTIROOT_MESH": "true",
        "meshConfig.defaultConfig.proxyMetadata.PROXY_CONFIG_XDS_AGENT": "true",
      });
    });

    it("run once and log requests in the demo profile", () => {
      expect(east).to.deep.nested.include({ autoscaleEnabled: false, replicaCount: 1, "meshConfig.accessLogFile": "/dev/stdout" });
    });

    it("run twice and log none in the production profile", () => {
      const production = model({ profile: "production" });
      const values = istiodValues(production, cluster(production, "east"));
      expect(values).to.include({ replicaCount: 2 });
      expect(values).not.to.have.nested.property("meshConfig.accessLogFile");
    });

    it("leave images to the chart until they are set", () => {
      expect(east["global"]).not.to.have.any.keys("hub", "tag");
      const own = model({ istio: { hub: "registry.example/istio", tag: "1.31.4" } });
      expect(istiodValues(own, cluster(own, "east"))).to.deep.nested.include({ "global.hub": "registry.example/istio", "global.tag": "1.31.4" });
    });

    it("take extra values, also over what the profile suggests", () => {
      const extra = { env: { PILOT_ENABLE_ALPN_FILTER: "false" }, telemetry: { enabled: false }, resources: { requests: { cpu: "1" } } };
      const mesh = model({ istio: { values: { istiod: extra } } });
      expect(istiodValues(mesh, cluster(mesh, "west"))).to.deep.nested.include({
        env: { PILOT_ENABLE_ALPN_FILTER: "false", ISTIO_MULTIROOT_MESH: "true" },
        telemetry: { enabled: false },
        "resources.requests": { cpu: "1", memory: "100Mi" },
      });
    });
  });

  describe("of the gateways", () => {
    it("tell the network of the east-west gateway alone", () => {
      expect(eastWestGatewayValues(model(), cluster(model(), "west"))).to.include({ name: "istio-eastwestgateway", networkGateway: "west-network" });
      expect(ingressGatewayValues(model())).to.include({ name: "istio-ingressgateway" });
      expect(ingressGatewayValues(model())).not.to.have.any.keys("networkGateway", "labels");
    });

    it("ask for an address, and for the image that the injector puts in", () => {
      expect(ingressGatewayValues(model())).to.deep.include({ service: { type: "LoadBalancer" }, imagePullPolicy: "IfNotPresent" });
    });

    it("ask for one address where there is one to ask for, unless the settings ask for another", () => {
      const plain = ingressGatewayValues(model());
      const asking = (address: string) => ({ type: "LoadBalancer", annotations: { "metallb.io/loadBalancerIPs": address } });
      expect(withAddress(plain, "172.18.255.101")).to.deep.equal({ ...plain, service: asking("172.18.255.101") });
      const set = { ...plain, service: asking("172.18.255.110") };
      expect(withAddress(set, "172.18.255.101")).to.deep.equal(set);
    });

    it("survive the loss of a node in the production profile", () => {
      const production = model({ profile: "production" });
      expect(ingressGatewayValues(production)).to.deep.include({ replicaCount: 2, podDisruptionBudget: { minAvailable: 1 } });
      expect(ingressGatewayValues(model())).to.deep.include({ replicaCount: 1, podDisruptionBudget: {} });
    });

    it("take extra values, both alike", () => {
      const mesh = model({ istio: { values: { gateway: { service: { annotations: { a: "b" } } } } } });
      const service = { annotations: { a: "b" }, type: "LoadBalancer" };
      expect(ingressGatewayValues(mesh)).to.deep.include({ service });
      expect(eastWestGatewayValues(mesh, cluster(mesh, "west"))).to.deep.include({ service });
    });
  });

  describe("of MetalLB", () => {
    it("announce by ARP, with extra values beneath", () => {
      const { metallb } = model({ metallb: { values: { speaker: { image: { repository: "registry.example/speaker" } } } } });
      expect(metallbValues(metallb)).to.deep.equal({
        speaker: { image: { repository: "registry.example/speaker" }, frr: { enabled: false } },
        frrk8s: { enabled: false },
        crds: { enabled: true, validationFailurePolicy: "Ignore" },
      });
    });
  });
});

describe("the kind configuration", () => {
  const west = cluster(model(), "west");
  const driver = west.driver as KindDriver;

  it("has one node and the cluster's own ranges, and not the node's place, which may change", () => {
    expect(kindConfig(driver)).to.deep.equal({
      kind: "Cluster",
      apiVersion: "kind.x-k8s.io/v1alpha4",
      name: "west",
      networking: { ipFamily: "ipv4", podSubnet: "10.10.0.0/16", serviceSubnet: "10.100.0.0/16" },
      nodes: [{ role: "control-plane" }],
    });
  });

  it("takes what is set beside that, records by key and lists whole", () => {
    const extra = { networking: { disableDefaultCNI: true }, kubeadmConfigPatches: ["kind: KubeProxyConfiguration\nconntrack: { min: 0 }\n"] };
    const config = kindConfig(driver, extra);
    expect(config).to.deep.include({ kubeadmConfigPatches: extra.kubeadmConfigPatches });
    expect(config["networking"]).to.include({ disableDefaultCNI: true, podSubnet: "10.10.0.0/16" });
  });

  it("is YAML that says the same", () => {
    expect(parse(kindConfigYaml(driver))).to.deep.equal(kindConfig(driver));
  });
});
