import { existing, itLimits, itRefuses, two, type Limit } from "./support/refusals";

const west = (cluster: object) => ({ clusters: { west: cluster } });
/** A label of this length. */
const label = (length: number): string => "w".repeat(length);
describe("the schema of settings", () => {
  describe("for each setting", () => {
    itRefuses([
      ["a mesh id that is not a label", { clusters: two, mesh: "us_mesh" }, "usmesh:mesh", /not a DNS-1123 label.*"us-mesh"/],
      ["an empty mesh id", { clusters: two, mesh: "" }, "usmesh:mesh", /not a DNS-1123 label/],
      ["a trust domain that is not a domain", { clusters: two, trustDomain: "Cluster.Local" }, "usmesh:trustDomain", /not a domain/],
      ["a place for webapp that is not a key", { clusters: two, demoClusters: { webapp: "West" } }, "usmesh:demoClusters.webapp", /not a DNS-1123 label/],
      ["a place for catalog that is not a key", { clusters: two, demoClusters: { catalog: "East" } }, "usmesh:demoClusters.catalog", /not a DNS-1123 label/],
      ["a cluster name that is not a label", west({ clusterName: "-west" }), "usmesh:clusters.west.clusterName", /not a DNS-1123 label/],
      ["a network that is not a label", west({ network: "west network" }), "usmesh:clusters.west.network", /not a DNS-1123 label/],
      ["a kind name that is not a label", west({ kindName: "West" }), "usmesh:clusters.west.kindName", /not a DNS-1123 label/],
      ["a region that is not a label value", west({ region: "west us" }), "usmesh:clusters.west.region", /not a label value/],
      ["an empty zone", west({ zone: "" }), "usmesh:clusters.west.zone", /not a label value/],
      ["a malformed pod subnet", west({ podSubnet: "10.10.0.0" }), "usmesh:clusters.west.podSubnet", /not a CIDR/],
      ["a malformed service subnet", west({ serviceSubnet: "10.10.0.1/16" }), "usmesh:clusters.west.serviceSubnet", /host bits set: the network is 10\.10\.0\.0\/16/],
      ["a malformed address range", west({ addresses: ["172.18.255.1"] }), "usmesh:clusters.west.addresses[0]", /not an address range/],
      ["an empty kubeconfig path", west({ ...existing, kubeconfig: " " }), "usmesh:clusters.west.kubeconfig", /must not be empty/],
      ["an empty context", west({ ...existing, context: "" }), "usmesh:clusters.west.context", /must not be empty/],
      ["an API server without https", west({ ...existing, apiServer: "http://a:6443" }), "usmesh:clusters.west.apiServer", /https:\/\/host:port/],
      ["Docker's own network", { clusters: two, docker: { network: "bridge" } }, "usmesh:docker.network", /Docker's own network/],
      ["a node image with half a digest", { clusters: two, kind: { image: "kindest/node:v1.34.0@sha256:7416" } }, "usmesh:kind.image", /not an image/],
      ["an Istio version with a v", { clusters: two, istio: { version: "v1.31.4" } }, "usmesh:istio.version", /without "v", such as "1\.31\.4"/],
      ["an Istio that loses endpoints", { clusters: two, istio: { version: "1.30.2" } }, "usmesh:istio.version", /loses endpoints/],
      ["an Istio repository that is not an address", { clusters: two, istio: { repository: "istio/charts" } }, "usmesh:istio.repository", /not a chart repository/],
      ["an empty folder of Istio's charts", { clusters: two, istio: { charts: "" } }, "usmesh:istio.charts", /must not be empty/],
      ["an image hub with a scheme", { clusters: two, istio: { hub: "https://docker.io/istio" } }, "usmesh:istio.hub", /not an image hub/],
      ["an image tag with a colon", { clusters: two, istio: { tag: ":1.31.4" } }, "usmesh:istio.tag", /not an image tag/],
      ["a MetalLB version of two parts", { clusters: two, metallb: { version: "0.15" } }, "usmesh:metallb.version", /not a version/],
      ["a MetalLB repository that is not an address", { clusters: two, metallb: { repository: "metallb" } }, "usmesh:metallb.repository", /not a chart repository/],
      ["an empty folder of MetalLB's charts", { clusters: two, metallb: { charts: "" } }, "usmesh:metallb.charts", /must not be empty/],
      ["an authority that is not a stack name", { clusters: two, trust: { authority: "a b" } }, "usmesh:trust.authority", /not a stack name/],
      ["a member that is not a key", { clusters: two, trust: { members: ["west", "east", "North"] } }, "usmesh:trust.members[2]", /not a DNS-1123 label/],
      ["a root that is not a label", { clusters: two, trust: { roots: ["Root 1"] } }, "usmesh:trust.roots[0]", /not a DNS-1123 label/],
      ["a signer that is not a label", { clusters: two, trust: { signer: "Root 1" } }, "usmesh:trust.signer", /not a DNS-1123 label/],
      ["an unknown key algorithm", { clusters: two, trust: { keyAlgorithm: "RSA-1024" } }, "usmesh:trust.keyAlgorithm", /not one of .*RSA-2048/],
      ["a peer that is not a stack name", { clusters: two, peers: ["north stack"] }, "usmesh:peers[0]", /not a stack name/],
      ["a failover to what is not a region", { clusters: two, failover: { regions: { westus: "east us" } } }, "usmesh:failover.regions.westus", /not a label value/],
      ["a client name that Docker refuses", { clusters: two, client: { name: "my pc" } }, "usmesh:client.name", /not a Docker name/],
      ["a client image in capitals", { clusters: two, client: { image: "Usmesh/Client:1" } }, "usmesh:client.image", /not an image/],
      ["a demo image without a tag", { clusters: two, images: { demo: "usmesh/demo" } }, "usmesh:images.demo", /neither a tag nor a digest/],
    ]);
  });

  itLimits([
    ...["consecutiveErrors", "intervalSeconds", "ejectionSeconds", "connectTimeoutSeconds", "maxEjectionPercent"].map(
      (name): Limit => [`${name} of failover to at least 1`, (value) => ({ clusters: two, failover: { [name]: value } }), 1, 0, `usmesh:failover.${name}`],
    ),
    ["the ejected share to all endpoints", (maxEjectionPercent) => ({ clusters: two, failover: { maxEjectionPercent } }), 100, 101, "usmesh:failover.maxEjectionPercent"],
    ["address indices to at least 1", (addressIndex) => west({ addressIndex }), 1, 0, "usmesh:clusters.west.addressIndex"],
    ["peering generations to at least 1", (generation) => ({ clusters: two, peering: { generation } }), 1, 0, "usmesh:peering.generation"],
    ["trust generations to at least 1", (generation) => ({ clusters: two, trust: { generation } }), 1, 0, "usmesh:trust.generation"],
    ["revoked generations to at least 0", (revoke) => ({ clusters: two, peering: { revoke } }), 0, -1, "usmesh:peering.revoke"],
    ["names of kind clusters to 49 characters", (length) => west({ kindName: label(length) }), 49, 50, "usmesh:clusters.west.kindName"],
    ["mesh ids to 63 characters", (length) => ({ clusters: two, mesh: label(length) }), 63, 64, "usmesh:mesh"],
    ["pod subnets to at least a /24", (prefix) => west({ podSubnet: `10.10.0.0/${prefix}` }), 24, 25, "usmesh:clusters.west.podSubnet"],
    ["pod subnets to at most a /8", (prefix) => west({ podSubnet: `10.0.0.0/${prefix}`, serviceSubnet: "192.168.0.0/16" }), 8, 7, "usmesh:clusters.west.podSubnet"],
    ["service subnets to at least a /24", (prefix) => west({ serviceSubnet: `10.96.0.0/${prefix}` }), 24, 25, "usmesh:clusters.west.serviceSubnet"],
    ["service subnets to at most a /12", (prefix) => west({ serviceSubnet: `10.128.0.0/${prefix}`, podSubnet: "192.168.0.0/16" }), 12, 11, "usmesh:clusters.west.serviceSubnet"],
    ["Docker's subnet to at least a /24", (prefix) => ({ clusters: two, docker: { subnet: `172.18.0.0/${prefix}` } }), 24, 25, "usmesh:docker.subnet"],
    ["Docker's subnet to at most a /8", (prefix) => ({ clusters: { west: { podSubnet: "192.168.0.0/17", serviceSubnet: "192.168.128.0/17" } }, docker: { subnet: `10.0.0.0/${prefix}` } }), 8, 7, "usmesh:docker.subnet"],
  ]);

  itLimits<readonly string[]>([
    ["roots to at least one", (roots) => ({ clusters: two, trust: { roots } }), ["1"], [], "usmesh:trust.roots"],
    ["roots to two", (roots) => ({ clusters: two, trust: { roots } }), ["1", "2"], ["1", "2", "3"], "usmesh:trust.roots"],
    ["members to at least one", (members) => ({ clusters: { west: {} }, trust: { members } }), ["west"], [], "usmesh:trust.members"],
    ["address ranges to at least one", (addresses) => west({ addresses }), ["172.18.0.4-172.18.0.9"], [], "usmesh:clusters.west.addresses"],
  ]);
});
