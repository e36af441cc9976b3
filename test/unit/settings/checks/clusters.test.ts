import { expect } from "chai";
import { existing, itLimits, itRefuses, problemsOf, two } from "../support/refusals";

const west = (cluster: object) => ({ clusters: { west: cluster } });
const own = { podSubnet: "10.30.0.0/16", serviceSubnet: "10.130.0.0/16", addresses: ["172.18.7.0/28"] };

describe("the check of clusters", () => {
  describe("for keys", () => {
    itRefuses([
      ["no cluster", {}, "usmesh:clusters", /owns no cluster; name at least one/],
      ["a key in capitals", { clusters: { West: {} } }, "usmesh:clusters.West", /the key "West" is not a DNS-1123 label.*"west"/],
      ["a key with a dot", { clusters: { "us.west": {} } }, "usmesh:clusters.us.west", /not a DNS-1123 label.*"us-west"/],
    ]);
    itLimits([["them to 40 characters", (length) => ({ clusters: { ["w".repeat(length)]: {} } }), 40, 41, `usmesh:clusters.${"w".repeat(41)}`]]);
  });

  describe("for what distinguishes clusters", () => {
    itRefuses([
      ["equal cluster names", { clusters: { west: {}, east: { clusterName: "west-cluster" } } }, "usmesh:clusters.east.clusterName", /also that of cluster west.*such as "east-cluster"/],
      ["equal networks", { clusters: { west: { network: "n" }, east: { network: "n" } } }, "usmesh:clusters.east.network", /also that of cluster west \(usmesh:clusters\.west\.network\).*such as "east-network"/],
      ["equal kind names", { clusters: { west: {}, east: { kindName: "west" } } }, "usmesh:clusters.east.kindName", /two kind clusters cannot have the same name.*such as "east"/],
      ["equal address indices", { clusters: { west: {}, east: { addressIndex: 1 } } }, "usmesh:clusters.east.addressIndex", /also that of cluster west.*such as 2/],
      ["a name that another has by default, where it is set", { clusters: { west: { network: "east-network" }, east: {} } }, "usmesh:clusters.west.network", /also that of cluster east/],
      ["the same existing cluster twice", { clusters: { west: existing, east: existing } }, "usmesh:clusters.west.context", /prod of \/.*kube\.yaml.* cannot be in the mesh twice: choose another$/],
      ["the same existing cluster by two spellings of its kubeconfig's path", { clusters: { west: existing, east: { ...existing, kubeconfig: "./a/../kube.yaml" } } }, "usmesh:clusters.west.context", /cannot be in the mesh twice/],
      ["one API server for two clusters", { clusters: { west: { ...existing, apiServer: "https://API.example" }, east: { ...existing, context: "other", apiServer: "https://api.example:443/" } } }, "usmesh:clusters.west.apiServer", /cannot be in the mesh twice/],
    ]);

    it("accepts kubeconfigs in secrets, of which nothing is compared", () => {
      const secret = { driver: "existing" };
      expect(problemsOf({ clusters: { west: secret, east: secret }, kubeconfigs: { west: "one", east: "other" } })).to.deep.equal([]);
    });

    it("accepts two contexts of one kubeconfig, and the same context of two", () => {
      expect(problemsOf({ clusters: { west: existing, east: { ...existing, context: "other" } } })).to.deep.equal([]);
      expect(problemsOf({ clusters: { west: existing, east: { ...existing, kubeconfig: "other.yaml" } } })).to.deep.equal([]);
    });
  });

  describe("for address indices", () => {
    itRefuses([
      ["none where there is no default", { clusters: { ...two, north: {} } }, "usmesh:clusters.north.addressIndex", /must be set.*from 1/],
      ["none for the only cluster of a stack with peers", { clusters: { north: {} }, peers: ["south"] }, "usmesh:clusters.north.addressIndex", /must be set/],
      ["none where only the subnets are set", { clusters: { ...two, north: { ...own, addresses: undefined } } }, "usmesh:clusters.north.addressIndex", /must be set/],
      ["none where only addresses and pods are set", { clusters: { ...two, north: { ...own, serviceSubnet: undefined } } }, "usmesh:clusters.north.addressIndex", /must be set/],
      ["none where only addresses and Services are set", { clusters: { ...two, north: { ...own, podSubnet: undefined } } }, "usmesh:clusters.north.addressIndex", /must be set/],
      ["one that a cluster has already, beside higher ones", { clusters: { ...two, north: { addressIndex: 1 } } }, "usmesh:clusters.north.addressIndex", /also that of cluster west.*such as 3$/],
      ["one beyond the address plan", west({ addressIndex: 80 }), "usmesh:clusters.west.addressIndex", /80 is beyond the address plan, which ends at 79/],
    ]);
    itLimits([["them to 79", (addressIndex) => west({ addressIndex }), 79, 80, "usmesh:clusters.west.addressIndex"]]);

    it("needs none of a cluster that sets every range, or the subnets and no MetalLB", () => {
      expect(problemsOf({ clusters: { ...two, north: own } })).to.deep.equal([]);
      expect(problemsOf({ clusters: { ...two, north: { ...own, addresses: undefined, metallb: false } } })).to.deep.equal([]);
    });

    it("accepts one beyond the plan with subnets that are set", () => {
      const { podSubnet, serviceSubnet } = own;
      expect(problemsOf(west({ addressIndex: 80, podSubnet, serviceSubnet }))).to.deep.equal([]);
    });
  });

  describe("for drivers", () => {
    itRefuses([
      ["an existing cluster without kubeconfig", west({ driver: "existing", context: "prod" }), "usmesh:clusters.west.kubeconfig", /must be set.*the default kubeconfig is never used/],
      ["an existing cluster without context", west({ driver: "existing", kubeconfig: "kube.yaml" }), "usmesh:clusters.west.context", /must be set for a kubeconfig in a file: the name of a context/],
      ["an existing cluster whose kubeconfig does not exist", west({ ...existing, kubeconfig: "missing.yaml" }), "usmesh:clusters.west.kubeconfig", /no file "missing\.yaml"/],
      ["an existing cluster with a pod subnet", west({ ...existing, podSubnet: "10.1.0.0/16" }), "usmesh:clusters.west.podSubnet", /belongs to a cluster that kind creates/],
      ["an existing cluster with a service subnet", west({ ...existing, serviceSubnet: "10.1.0.0/16" }), "usmesh:clusters.west.serviceSubnet", /belongs to a cluster that kind creates/],
      ["an existing cluster with a kind name", west({ ...existing, kindName: "west" }), "usmesh:clusters.west.kindName", /belongs to a cluster that kind creates/],
      ["an existing cluster with a number of nodes", west({ ...existing, nodes: 3 }), "usmesh:clusters.west.nodes", /belongs to a cluster that kind creates/],
      ["an existing cluster with an address index", west({ ...existing, addressIndex: 1 }), "usmesh:clusters.west.addressIndex", /belongs to a cluster that kind creates/],
      ["a kind cluster with a kubeconfig", west({ kubeconfig: "kube.yaml" }), "usmesh:clusters.west.kubeconfig", /belongs to a cluster that already exists.*driver: existing/],
      ["a kind cluster with a context", west({ context: "prod" }), "usmesh:clusters.west.context", /belongs to a cluster that already exists/],
      ["a kind cluster that is to be adopted", west({ adopt: true }), "usmesh:clusters.west.adopt", /belongs to a cluster that already exists/],
      ["a kind cluster with an API server", west({ apiServer: "https://a:6443" }), "usmesh:clusters.west.apiServer", /belongs to a cluster that already exists/],
    ]);
  });

  describe("for MetalLB", () => {
    it("accepts addresses on an existing cluster where it is installed", () => {
      expect(problemsOf(west({ ...existing, metallb: true, addresses: ["10.0.0.1-10.0.0.9"] }))).to.deep.equal([]);
    });

    itRefuses([
      ["no addresses on an existing cluster", west({ ...existing, metallb: true }), "usmesh:clusters.west.addresses", /must be set for MetalLB/],
      ["addresses where it is not installed", west({ metallb: false, addresses: ["10.0.0.1-10.0.0.9"] }), "usmesh:clusters.west.addresses", /no effect without MetalLB/],
      ["addresses of a kind cluster where it is not installed, with every range set", west({ ...own, metallb: false }), "usmesh:clusters.west.addresses", /no effect without MetalLB/],
      ["addresses where it is not installed by default", west({ ...existing, addresses: ["10.0.0.1-10.0.0.9"] }), "usmesh:clusters.west.addresses", /no effect without MetalLB/],
    ]);
  });
});
