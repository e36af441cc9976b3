import { expect } from "chai";
import { parseSettings } from "../../../settings/config";
import type { ClusterModel, MeshModel } from "../../../settings/model";

const parse = (settings: unknown, stack = "local"): MeshModel => parseSettings(settings, { stack });
const two = { west: {}, east: {} };

describe("the defaults of settings", () => {
  it("are the walk-through's for west and east", () => {
    const { istio: stack } = parse({ clusters: two });
    const istio: ClusterModel["istio"] = {
      ...stack,
      revision: "default",
      placement: { revisions: ["default"], eastWest: "default", ingress: "default", injects: "default", tagged: false },
    };
    const expected: ClusterModel[] = [
      {
        key: "west",
        clusterName: "west-cluster",
        network: "west-network",
        region: "westus",
        zone: "0",
        driver: { type: "kind", kindName: "west", podSubnet: "10.10.0.0/16", serviceSubnet: "10.100.0.0/16", nodes: 1 },
        metallb: true,
        through: "gateway",
        addressIndex: 1,
        istio,
      },
      {
        key: "east",
        clusterName: "east-cluster",
        network: "east-network",
        region: "eastus",
        zone: "0",
        driver: { type: "kind", kindName: "east", podSubnet: "10.20.0.0/16", serviceSubnet: "10.200.0.0/16", nodes: 1 },
        metallb: true,
        through: "gateway",
        addressIndex: 2,
        istio,
      },
    ];
    expect(parse({ clusters: two }).clusters).to.deep.equal(expected);
  });

  it("do not depend on the order of the clusters", () => {
    const [one, other] = [parse({ clusters: two, demo: true }), parse({ clusters: { east: {}, west: {} }, demo: true })];
    expect(one).to.deep.equal(other);
  });

  it("cover everything but the clusters", () => {
    const { mesh, trustDomain, profile, peers, trust, peering, failover, mtls, docker, client, demo } = parse({ clusters: two });
    expect({ mesh, trustDomain, profile, peers, trust, peering, failover, mtls, docker }).to.deep.equal({
      mesh: "usmesh",
      trustDomain: "cluster.local",
      profile: "demo",
      peers: [],
      trust: {
        authority: "self",
        members: ["west", "east"],
        roots: ["1"],
        signer: "1",
        keyAlgorithm: "ECDSA-P256",
        rootValidityHours: 87_600,
        intermediateValidityHours: 8_760,
        earlyRenewalHours: 720,
        generation: 1,
      },
      peering: { generation: 1, revoke: 0, through: "gateway" },
      failover: { enabled: true, consecutiveErrors: 5, intervalSeconds: 5, ejectionSeconds: 30, connectTimeoutSeconds: 2, maxEjectionPercent: 100, regions: {} },
      mtls: "strict",
      docker: { network: "usmesh" },
    });
    expect([client.enabled, demo.enabled]).to.deep.equal([false, false]);
  });

  it("give each cluster the slice of the address plan that its index names", () => {
    const settings = { clusters: Object.fromEntries(Array.from({ length: 16 }, (_, index) => [`c${index + 1}`, { addressIndex: index + 1 }])) };
    const { clusters } = parse({ ...settings, docker: { subnet: "172.18.0.0/22" } });
    expect(clusters.map(({ key }) => key)).to.deep.equal(Array.from({ length: 16 }, (_, index) => `c${index + 1}`));
    expect(clusters[2]!.driver).to.include({ podSubnet: "10.23.0.0/16", serviceSubnet: "10.103.0.0/16" });
  });

  it("give the only cluster of a stack the first slice", () => {
    expect(parse({ clusters: { north: {} } }).clusters[0]).to.include({ addressIndex: 1 });
  });

  it("give no slice to a cluster that sets every range", () => {
    const north = { podSubnet: "10.30.0.0/16", serviceSubnet: "10.130.0.0/16", addresses: ["172.18.7.0/28"] };
    expect(parse({ clusters: { ...two, north } }).clusters[2]).to.include({ key: "north", addressIndex: 0 });
  });

  it("leave an existing cluster as it is: no MetalLB, no client, no slice", () => {
    const { clusters, client } = parse({
      clusters: { prod: { driver: "existing", kubeconfig: "kube.yaml", context: "prod", apiServer: "https://203.0.113.7:6443/" }, west: {} },
      demo: true,
    });
    expect(clusters.map(({ key }) => key)).to.deep.equal(["west", "prod"]);
    expect(clusters[1]).to.deep.include({
      metallb: false,
      addressIndex: 0,
      driver: { type: "existing", kubeconfig: { from: "file", file: "kube.yaml" }, context: "prod", adopt: false, apiServer: "https://203.0.113.7:6443" },
    });
    expect(client.enabled).to.equal(true);
  });

  it("run a client with the demo, where there is a Docker network", () => {
    const existing = (context: string) => ({ driver: "existing", kubeconfig: "kube.yaml", context });
    expect(parse({ clusters: { a: existing("a"), b: existing("b") }, demo: true }).client.enabled).to.equal(false);
    expect(parse({ clusters: two, demo: true, client: { enabled: false } }).client.enabled).to.equal(false);
  });

  describe("of the demo", () => {
    const places = (settings: object) => {
      const { webapp, catalog } = parse({ demo: true, ...settings }).demo;
      return [webapp, catalog];
    };

    it("put webapp first and catalog next", () => expect(places({ clusters: two })).to.deep.equal(["west", "east"]));

    it("put one in the cluster after the other's", () => {
      expect(places({ clusters: two, demoClusters: { catalog: "west" } })).to.deep.equal(["east", "west"]);
      expect(places({ clusters: { ...two, c3: { addressIndex: 3 } }, demoClusters: { webapp: "east" } })).to.deep.equal(["east", "c3"]);
    });

    it("begin again after the last cluster", () => {
      expect(places({ clusters: two, demoClusters: { webapp: "east" } })).to.deep.equal(["east", "west"]);
    });

    it("leave clusters of peers where they are named", () => {
      const settings = { clusters: { east: {} }, peers: ["west"], trust: { authority: "west" }, demoClusters: { webapp: "west", catalog: "east" } };
      expect(places(settings)).to.deep.equal(["west", "east"]);
    });
  });

  describe("of the trust", () => {
    it("take a stack that names itself for its own authority", () => {
      const settings = { clusters: { west: {} }, trust: { authority: "west" } };
      expect(parse(settings, "west").trust.authority).to.equal("self");
      expect(parse({ ...settings, trust: { authority: "organization/usmesh/west" } }, "west").trust.authority).to.equal("self");
    });

    it("name another authority as the peers name it", () => {
      const settings = { clusters: { east: {} }, peers: ["organization/usmesh/west"], trust: { authority: "west" } };
      expect(parse(settings, "east").trust).to.deep.include({ authority: { stack: "organization/usmesh/west" }, members: [] });
    });

    it("sign for the cluster with each peer's name, unless members are listed", () => {
      const settings = { clusters: { west: {} }, peers: ["east", "organization/usmesh/north", "Old_One"] };
      expect(parse(settings, "west").trust.members).to.deep.equal(["west", "east", "north"]);
      expect(parse({ ...settings, trust: { members: ["west", "e1"] } }, "west").trust.members).to.deep.equal(["west", "e1"]);
    });

    it("sign with the first root, unless another is named", () => {
      expect(parse({ clusters: two, trust: { roots: ["1", "2"] } }).trust.signer).to.equal("1");
      expect(parse({ clusters: two, trust: { roots: ["2"] } }).trust.signer).to.equal("2");
    });
  });

  it("leave out what is not set, so that charts keep their own defaults", () => {
    const { istio, docker } = parse({ clusters: two });
    expect(istio).not.to.have.any.keys("hub", "tag", "charts");
    expect(docker).not.to.have.property("subnet");
  });

  it("export the administrators' kubeconfigs in the profile demo alone, unless they say otherwise", () => {
    const exported = (more: object): boolean => parse({ clusters: two, ...more }).outputs.kubeconfigs;
    expect([exported({}), exported({ profile: "production" })]).to.deep.equal([true, false]);
    expect([exported({ outputs: { kubeconfigs: false } }), exported({ profile: "production", outputs: { kubeconfigs: true } })]).to.deep.equal([false, true]);
  });

  it("hand what MetalLB's chart is given to that chart", () => {
    const digest = `sha256:${"0a".repeat(32)}`;
    const { metallb } = parse({ clusters: two, metallb: { values: { speaker: { logLevel: "debug" } }, digest } });
    expect(metallb).to.deep.include({ values: { metallb: { speaker: { logLevel: "debug" } } }, digests: { metallb: digest } }).and.not.to.have.property("digest");
    expect(parse({ clusters: two }).metallb.digests).to.deep.equal({});
  });

  it("tell where a kubeconfig comes from, and no context that is not set", () => {
    const drivers = (west: object, more: object = {}) => parse({ clusters: { west: { driver: "existing", ...west } }, ...more }).clusters[0]!.driver;
    const rest = { type: "existing", adopt: false };
    expect(drivers({}, { kubeconfigs: { west: "kubeconfig" } })).to.deep.equal({ ...rest, kubeconfig: { from: "secret" } });
    expect(drivers({ stack: "organization/eks/prod" })).to.deep.equal({ ...rest, kubeconfig: { from: "stack", stack: "organization/eks/prod", output: "kubeconfig" } });
    expect(drivers({ kubeconfig: "kube.yaml", context: "prod" })).to.deep.equal({ ...rest, kubeconfig: { from: "file", file: "kube.yaml" }, context: "prod" });
  });

  it("put existing clusters after those of kind, by their keys", () => {
    const existing = (context: string) => ({ driver: "existing", kubeconfig: "kube.yaml", context });
    const keys = (...order: string[]) => parse({ clusters: Object.fromEntries(order.map((key) => [key, key === "west" ? {} : existing(key)])) }).clusters.map(({ key }) => key);
    for (const order of [["a", "b", "c", "west"], ["c", "b", "west", "a"], ["b", "west", "c", "a"]]) expect(keys(...order)).to.deep.equal(["west", "a", "b", "c"]);
  });
});
