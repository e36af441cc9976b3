import { expect } from "chai";
import { parseSettings, SettingsError } from "../../../settings/config";
import { formatPath } from "../../../lib/problems";

/** What is wrong, the settings, the path of each problem, and what its message must say. */
type Row = readonly [what: string, settings: unknown, path: string, message: RegExp];

const two = { west: {}, east: {} };
const existing = { driver: "existing", kubeconfig: "kube.yaml", context: "prod" };

const shapes: Row[] = [
  ["settings that are no record", ["west"], "usmesh", /\["west"\] is not a record/],
  ["an unknown setting", { clusters: two, meshh: "a" }, "usmesh:meshh", /no such setting\. Did you mean "mesh"\?/],
  ["an unknown setting like no other", { clusters: two, zzzzzz: 1 }, "usmesh:zzzzzz", /no such setting\. There are: mesh, .*images/],
  ["an unknown setting of a cluster", { clusters: { west: { podSubnets: "10.1.0.0/16" } } }, "usmesh:clusters.west.podSubnets", /Did you mean "podSubnet"\?/],
  ["an unknown setting of Istio", { clusters: two, istio: { hubb: "a/b" } }, "usmesh:istio.hubb", /Did you mean "hub"\?/],
  ["an unknown chart in Istio's values", { clusters: two, istio: { values: { istoid: {} } } }, "usmesh:istio.values.istoid", /Did you mean "istiod"\?/],
  ["an unknown setting of the trust", { clusters: two, trust: { memebrs: ["west"] } }, "usmesh:trust.memebrs", /Did you mean "members"\?/],
  ["a cluster that is no record", { clusters: { west: "kind" } }, "usmesh:clusters.west", /"kind" is not a record of settings/],
  ["clusters as a list", { clusters: ["west"] }, "usmesh:clusters", /is not a record/],
  ["a number where a text belongs", { clusters: { west: { zone: 0 } } }, "usmesh:clusters.west.zone", /0 is not a text: put it in quotes, "0"/],
  ["a text where true or false belongs", { clusters: two, demo: "yes" }, "usmesh:demo", /"yes" is not true or false/],
  ["a text where a list belongs", { clusters: two, trust: { members: "west" } }, "usmesh:trust.members", /is not a list: write \["west"\]/],
  ["a fraction where a whole number belongs", { clusters: two, peering: { generation: 1.5 } }, "usmesh:peering.generation", /not a whole number/],
  ["an unknown profile", { clusters: two, profile: "prodution" }, "usmesh:profile", /none of demo, production\. Did you mean "production"\?/],
  ["an unknown driver", { clusters: { west: { driver: "k3d" } } }, "usmesh:clusters.west.driver", /none of kind, existing/],
  ["an unknown key algorithm", { clusters: two, trust: { keyAlgorithm: "RSA-1024" } }, "usmesh:trust.keyAlgorithm", /none of .*RSA-2048/],
];

const names: Row[] = [
  ["no cluster", {}, "usmesh:clusters", /owns no cluster; name at least one/],
  ["a cluster's key in capitals", { clusters: { West: {} } }, "usmesh:clusters.West", /no DNS-1123 label.*"west"/],
  ["a cluster's key with a dot", { clusters: { "us.west": {} } }, "usmesh:clusters.us.west", /no DNS-1123 label.*"us-west"/],
  ["a cluster's key that is too long", { clusters: { ["w".repeat(41)]: {} } }, `usmesh:clusters.${"w".repeat(41)}`, /41 characters long; at most 40/],
  ["a mesh id that is no label", { clusters: two, mesh: "us_mesh" }, "usmesh:mesh", /no DNS-1123 label.*"us-mesh"/],
  ["an empty mesh id", { clusters: two, mesh: "" }, "usmesh:mesh", /no DNS-1123 label/],
  ["a trust domain that is no domain", { clusters: two, trustDomain: "Cluster.Local" }, "usmesh:trustDomain", /no domain.*"cluster\.local"/],
  ["a cluster name that is no label", { clusters: { west: { clusterName: "-west" } } }, "usmesh:clusters.west.clusterName", /no DNS-1123 label/],
  ["a network that is no label", { clusters: { west: { network: "west network" } } }, "usmesh:clusters.west.network", /no DNS-1123 label.*"west-network"/],
  ["a kind name too long for its node", { clusters: { west: { kindName: "w".repeat(50) } } }, "usmesh:clusters.west.kindName", /at most 49/],
  ["a region that is no label value", { clusters: { west: { region: "west us" } } }, "usmesh:clusters.west.region", /no label value/],
  ["an empty zone", { clusters: { west: { zone: "" } } }, "usmesh:clusters.west.zone", /no label value/],
  ["a client name that Docker refuses", { clusters: two, client: { name: "my pc" } }, "usmesh:client.name", /no Docker name/],
  ["Docker's own network", { clusters: two, docker: { network: "bridge" } }, "usmesh:docker.network", /Docker's own network/],
  ["a root that is no label", { clusters: two, trust: { roots: ["Root 1"] } }, "usmesh:trust.roots[0]", /no DNS-1123 label/],
  ["equal cluster names", { clusters: { west: {}, east: { clusterName: "west-cluster" } } }, "usmesh:clusters.east.clusterName", /that of cluster west too.*such as "east-cluster"/],
  ["equal networks", { clusters: { west: { network: "n" }, east: { network: "n" } } }, "usmesh:clusters.east.network", /that of cluster west too \(usmesh:clusters\.west\.network\).*such as "east-network"/],
  ["equal kind names", { clusters: { west: {}, east: { kindName: "west" } } }, "usmesh:clusters.east.kindName", /two kind clusters cannot have one name/],
  ["equal address indices", { clusters: { west: {}, east: { addressIndex: 1 } } }, "usmesh:clusters.east.addressIndex", /that of cluster west too.*such as 2/],
  ["no address index where there is no default", { clusters: { ...two, north: {} } }, "usmesh:clusters.north.addressIndex", /must be set.*from 1/],
  ["no address index where stacks meet", { clusters: { north: {} }, peers: ["south"] }, "usmesh:clusters.north.addressIndex", /must be set/],
  ["an address index of zero", { clusters: { west: { addressIndex: 0 } } }, "usmesh:clusters.west.addressIndex", /too small: at least 1/],
  ["an address index beyond the plan", { clusters: { west: { addressIndex: 80 } } }, "usmesh:clusters.west.addressIndex", /beyond the address plan, which ends at 79/],
];

const drivers: Row[] = [
  ["an existing cluster without kubeconfig", { clusters: { west: { driver: "existing", context: "prod" } } }, "usmesh:clusters.west.kubeconfig", /must be set.*ambient one is never used/],
  ["an existing cluster without context", { clusters: { west: { driver: "existing", kubeconfig: "kube.yaml" } } }, "usmesh:clusters.west.context", /must be set/],
  ["an existing cluster whose kubeconfig is not there", { clusters: { west: { ...existing, kubeconfig: "missing.yaml" } } }, "usmesh:clusters.west.kubeconfig", /no file "missing\.yaml"/],
  ["an empty kubeconfig path", { clusters: { west: { ...existing, kubeconfig: " " } } }, "usmesh:clusters.west.kubeconfig", /must not be empty/],
  ["an existing cluster with a pod subnet", { clusters: { west: { ...existing, podSubnet: "10.1.0.0/16" } } }, "usmesh:clusters.west.podSubnet", /belongs to a cluster that kind creates/],
  ["an existing cluster with a kind name", { clusters: { west: { ...existing, kindName: "west" } } }, "usmesh:clusters.west.kindName", /belongs to a cluster that kind creates/],
  ["the same existing cluster twice", { clusters: { west: existing, east: existing } }, "usmesh:clusters.west.context", /prod of kube\.yaml.* cannot be a member twice: choose another$/],
  ["a kind cluster with a kubeconfig", { clusters: { west: { kubeconfig: "kube.yaml" } } }, "usmesh:clusters.west.kubeconfig", /belongs to a cluster that exists.*driver: existing/],
  ["a kind cluster with an API server", { clusters: { west: { apiServer: "https://a:6443" } } }, "usmesh:clusters.west.apiServer", /belongs to a cluster that exists/],
  ["an API server without https", { clusters: { west: { ...existing, apiServer: "http://a:6443" } } }, "usmesh:clusters.west.apiServer", /https:\/\/host:port/],
  ["MetalLB on an existing cluster without addresses", { clusters: { west: { ...existing, metallb: true } } }, "usmesh:clusters.west.addresses", /must be set for MetalLB/],
  ["addresses without MetalLB", { clusters: { west: { metallb: false, addresses: ["10.0.0.1-10.0.0.9"] } } }, "usmesh:clusters.west.addresses", /no effect without MetalLB/],
];

const ranges: Row[] = [
  ["a malformed pod subnet", { clusters: { west: { podSubnet: "10.10.0.0" } } }, "usmesh:clusters.west.podSubnet", /no CIDR/],
  ["a pod subnet with host bits", { clusters: { west: { podSubnet: "10.10.1.0/16" } } }, "usmesh:clusters.west.podSubnet", /host bits set: the network is 10\.10\.0\.0\/16/],
  ["a pod subnet of IPv6", { clusters: { west: { podSubnet: "fd00:10::/56" } } }, "usmesh:clusters.west.podSubnet", /IPv4 only/],
  ["a pod subnet that is too small", { clusters: { west: { podSubnet: "10.10.0.0/25" } } }, "usmesh:clusters.west.podSubnet", /length \/25.*from \/8 to \/24/],
  ["a pod subnet that is reserved", { clusters: { west: { podSubnet: "127.0.0.0/16" } } }, "usmesh:clusters.west.podSubnet", /reserved/],
  ["a service subnet that is too large", { clusters: { west: { serviceSubnet: "10.0.0.0/8" } } }, "usmesh:clusters.west.serviceSubnet", /from \/12 to \/24/],
  ["a Docker subnet that is too small", { clusters: two, docker: { subnet: "172.18.0.0/28" } }, "usmesh:docker.subnet", /load balancers need a \/24/],
  ["pods that overlap another cluster's pods", { clusters: { west: { podSubnet: "10.40.0.0/16" }, east: { podSubnet: "10.40.128.0/17" } } }, "usmesh:clusters.east.podSubnet", /overlaps the pods of west, 10\.40\.0\.0\/16.*such as 10\.\d+\.0\.0\/16/],
  ["pods that overlap their own Services", { clusters: { west: { podSubnet: "10.1.0.0/16", serviceSubnet: "10.1.0.0/20" } } }, "usmesh:clusters.west.serviceSubnet", /overlaps the pods of west/],
  ["pods that overlap another's default Services", { clusters: { west: { podSubnet: "10.200.0.0/16" }, east: {} } }, "usmesh:clusters.west.podSubnet", /overlaps the Services of east, 10\.200\.0\.0\/16 \(usmesh:clusters\.east\.serviceSubnet, its default\)/],
  ["Services that overlap another's Services", { clusters: { west: {}, east: { serviceSubnet: "10.96.0.0/12" } } }, "usmesh:clusters.east.serviceSubnet", /overlaps the Services of west/],
  ["pods that overlap the Docker network", { clusters: { west: { podSubnet: "172.18.0.0/16" } }, docker: { subnet: "172.18.0.0/16" } }, "usmesh:clusters.west.podSubnet", /overlaps the Docker network, 172\.18\.0\.0\/16/],
  ["a Docker network that overlaps default pods", { clusters: two, docker: { subnet: "10.20.4.0/22" } }, "usmesh:docker.subnet", /overlaps the pods of east.*such as 172\.18\.0\.0\/16/],
  ["a malformed address range", { clusters: { west: { addresses: ["172.18.255.1"] } } }, "usmesh:clusters.west.addresses[0]", /no address range/],
  ["an address range that ends before it starts", { clusters: { west: { addresses: ["172.18.0.9-172.18.0.1"] } } }, "usmesh:clusters.west.addresses[0]", /ends before it starts: write 172\.18\.0\.1-172\.18\.0\.9/],
  ["no address range", { clusters: { west: { addresses: [] } } }, "usmesh:clusters.west.addresses", /empty list/],
  ["one address for two gateways", { clusters: { west: { addresses: ["172.18.0.9-172.18.0.9"] } } }, "usmesh:clusters.west.addresses", /is one address.*at least 2/],
  ["addresses outside the Docker network", { clusters: { west: { addresses: ["172.19.0.1-172.19.0.9"] } }, docker: { subnet: "172.18.0.0/16" } }, "usmesh:clusters.west.addresses[0]", /outside the Docker network 172\.18\.0\.0\/16.*choose from 172\.18\.0\.2-172\.18\.255\.254/],
  ["addresses that two clusters share", { clusters: { west: { addresses: ["172.18.9.0/28"] }, east: { addresses: ["172.18.9.8-172.18.9.20"] } } }, "usmesh:clusters.east.addresses[0]", /overlaps the load balancers of west/],
  ["addresses that are another's by default", { clusters: { west: { addresses: ["172.18.255.192/27"] }, east: {} }, docker: { subnet: "172.18.0.0/16" } }, "usmesh:clusters.west.addresses[0]", /overlaps the load balancers of east, 172\.18\.255\.201-172\.18\.255\.220/],
  ["addresses among the pods", { clusters: { west: { addresses: ["10.10.3.1-10.10.3.9"] } } }, "usmesh:clusters.west.addresses[0]", /overlaps the pods of west/],
  ["more clusters than the Docker network has room for", { clusters: { ...two, c8: { addressIndex: 8 } }, docker: { subnet: "172.18.7.0/24" } }, "usmesh:clusters.c8.addressIndex", /no load balancer addresses.*room for 7/],
];

const trust: Row[] = [
  ["this stack among its peers", { clusters: two, peers: ["local"] }, "usmesh:peers[0]", /this stack itself/],
  ["this stack among its peers by its full name", { clusters: two, peers: ["organization/usmesh/local"] }, "usmesh:peers[0]", /this stack itself/],
  ["a peer twice", { clusters: two, peers: ["north", "organization/usmesh/north"] }, "usmesh:peers[1]", /a peer already/],
  ["a peer that is no stack name", { clusters: two, peers: ["north stack"] }, "usmesh:peers[0]", /no stack name/],
  ["an authority that is no peer", { clusters: two, peers: ["north"], trust: { authority: "nort" } }, "usmesh:trust.authority", /not among the peers.*Did you mean "north"\?/],
  ["an authority without peers", { clusters: two, trust: { authority: "hub" } }, "usmesh:trust.authority", /not among the peers.*Add it to usmesh:peers/],
  ["members where another is the authority", { clusters: two, peers: ["hub"], trust: { authority: "hub", members: ["west"] } }, "usmesh:trust.members", /decided by stack hub/],
  ["lifetimes where another is the authority", { clusters: two, peers: ["hub"], trust: { authority: "hub", rootValidityHours: 9 } }, "usmesh:trust.rootValidityHours", /decided by stack hub/],
  ["a cluster without an authority", { clusters: two, trust: { members: ["west"] } }, "usmesh:trust.members", /cluster east has no authority: .*add "east"/],
  ["a member that nobody owns", { clusters: two, trust: { members: ["west", "east", "esat"] } }, "usmesh:trust.members[2]", /no cluster of this stack.*Did you mean "east"\?/],
  ["a member twice", { clusters: two, trust: { members: ["west", "east", "west"] } }, "usmesh:trust.members[2]", /a member already/],
  ["no root", { clusters: two, trust: { roots: [] } }, "usmesh:trust.roots", /empty list/],
  ["a root twice", { clusters: two, trust: { roots: ["1", "1"] } }, "usmesh:trust.roots[1]", /a root already/],
  ["three roots", { clusters: two, trust: { roots: ["1", "2", "3"] } }, "usmesh:trust.roots", /3 items; at most 2/],
  ["a root as a number", { clusters: two, trust: { roots: [1] } }, "usmesh:trust.roots[0]", /put it in quotes, "1"/],
  ["a signer that is no root", { clusters: two, trust: { signer: "2" } }, "usmesh:trust.signer", /none of the roots.*choose one of 1/],
  ["a root that is never valid", { clusters: two, trust: { rootValidityHours: 0 } }, "usmesh:trust.rootValidityHours", /too small: at least 1/],
  ["a negative lifetime", { clusters: two, trust: { intermediateValidityHours: -1 } }, "usmesh:trust.intermediateValidityHours", /too small/],
  ["an intermediate that outlives its root", { clusters: two, trust: { rootValidityHours: 1000 } }, "usmesh:trust.intermediateValidityHours", /8760 hours outlive the root's 1000/],
  ["a renewal before the issue", { clusters: two, trust: { earlyRenewalHours: 8760 } }, "usmesh:trust.earlyRenewalHours", /at most 8759/],
  ["a trust generation of zero", { clusters: two, trust: { generation: 0 } }, "usmesh:trust.generation", /too small/],
  ["a peering generation of zero", { clusters: two, peering: { generation: 0 } }, "usmesh:peering.generation", /too small/],
];

const charts: Row[] = [
  ["an Istio version with a v", { clusters: two, istio: { version: "v1.31.4" } }, "usmesh:istio.version", /without "v", such as "1\.31\.4"/],
  ["an Istio version that is none", { clusters: two, istio: { version: "latest" } }, "usmesh:istio.version", /no version/],
  ["an Istio that loses endpoints", { clusters: two, istio: { version: "1.30.2" } }, "usmesh:istio.version", /loses endpoints/],
  ["a MetalLB version of two parts", { clusters: two, metallb: { version: "0.15" } }, "usmesh:metallb.version", /no version/],
  ["a chart repository that is no address", { clusters: two, istio: { repository: "istio/charts" } }, "usmesh:istio.repository", /no chart repository/],
  ["a chart folder that is not there", { clusters: two, istio: { charts: "missing" } }, "usmesh:istio.charts", /no folder "missing"/],
  ["a chart folder without a chart", { clusters: two, metallb: { charts: "empty" } }, "usmesh:metallb.charts", /no metallb\/Chart\.yaml/],
  ["an image hub with a scheme", { clusters: two, istio: { hub: "https://docker.io/istio" } }, "usmesh:istio.hub", /no image hub/],
  ["an image tag with a colon", { clusters: two, istio: { tag: ":1.31.4" } }, "usmesh:istio.tag", /no image tag/],
  ["an image without tag", { clusters: two, images: { demo: "usmesh/demo" } }, "usmesh:images.demo", /neither tag nor digest.*"usmesh\/demo:TAG"/],
  ["an image in capitals", { clusters: two, client: { image: "Usmesh/Client:1" } }, "usmesh:client.image", /no image/],
  ["an image with half a digest", { clusters: two, kind: { image: "kindest/node:v1.34.0@sha256:7416" } }, "usmesh:kind.image", /no image/],
  ["values that change the mesh id", { clusters: two, istio: { values: { istiod: { global: { meshID: "other" } } } } }, "usmesh:istio.values.istiod.global.meshID", /set by the component, to "usmesh".*or set usmesh:mesh/],
  ["values that turn DNS capture off", { clusters: two, istio: { values: { istiod: { meshConfig: { defaultConfig: { proxyMetadata: null } } } } } }, "usmesh:istio.values.istiod.meshConfig.defaultConfig.proxyMetadata", /set by the component/],
  ["values that make every gateway a network's", { clusters: two, istio: { values: { gateway: { networkGateway: "n" } } } }, "usmesh:istio.values.gateway.networkGateway", /set by the component/],
  ["values that turn MetalLB's routing daemon on", { clusters: two, metallb: { values: { speaker: { frr: { enabled: true } } } } }, "usmesh:metallb.values.speaker.frr.enabled", /set by the component, to false/],
  ["a kind configuration with another pod subnet", { clusters: two, kind: { config: { networking: { podSubnet: "10.1.0.0/16" } } } }, "usmesh:kind.config.networking.podSubnet", /set by the component.*usmesh:clusters\.KEY\.podSubnet/],
  ["a kind configuration with nodes", { clusters: two, kind: { config: { nodes: [{ role: "worker" }] } } }, "usmesh:kind.config.nodes", /one control-plane node/],
];

const demo: Row[] = [
  ["a demo in one cluster", { clusters: { west: {} }, demo: true }, "usmesh:demoClusters.catalog", /needs two clusters, and this stack has 1/],
  ["a demo in a cluster that is not there", { clusters: two, demo: true, demoClusters: { webapp: "wets" } }, "usmesh:demoClusters.webapp", /no cluster "wets"\. Did you mean "west"\?/],
  ["a demo whose two parts are in one cluster", { clusters: two, demo: true, demoClusters: { webapp: "east", catalog: "east" } }, "usmesh:demoClusters.catalog", /no request would cross the mesh; .*such as "west"/],
  ["a client without a Docker network", { clusters: { west: existing }, client: { enabled: true } }, "usmesh:client.enabled", /this stack has none; set it to false/],
  ["a client with a node's name", { clusters: two, demo: true, client: { name: "west-control-plane" } }, "usmesh:client.name", /container of cluster west's node/],
];

const exists = (path: string) => !path.includes("missing") && !path.includes("empty/");

function problemsOf(settings: unknown): SettingsError {
  try {
    parseSettings(settings, { stack: "local", exists });
  } catch (error) {
    if (error instanceof SettingsError) return error;
    throw error;
  }
  throw new Error("the settings were accepted");
}

describe("wrong settings", () => {
  for (const [group, rows] of Object.entries({ shapes, names, drivers, ranges, trust, charts, demo })) {
    describe(group, () => {
      for (const [what, settings, path, message] of rows) {
        it(`refuses ${what}`, () => {
          const { problems } = problemsOf(settings);
          expect(problems.map((problem) => `${formatPath(problem.path)}: ${problem.message}`)).to.have.length(1);
          expect(formatPath(problems[0]!.path)).to.equal(path);
          expect(problems[0]!.message).to.match(message);
        });
      }
    });
  }

  it("are named all at once, in one message", () => {
    const { message } = problemsOf({
      clusters: { west: { podSubnet: "10.10.0.0", network: "n" }, East: { network: "n", addressIndex: 2 } },
      trust: { signer: "2" },
      prfile: "demo",
    });
    expect(message.split("\n")).to.have.length(6);
    expect(message).to.match(/^5 settings are wrong in stack local; nothing was changed\.\n/);
    for (const path of ["clusters.west.podSubnet", "clusters.East:", "clusters.west.network", "trust.signer", "prfile"]) {
      expect(message).to.contain(`usmesh:${path}`);
    }
  });

  it("name nothing that only follows from another problem", () => {
    // Read as if it were not set, the driver would be kind, and the kubeconfig wrong.
    expect(problemsOf({ clusters: { west: { ...existing, driver: "exsting" } } }).problems).to.have.length(1);
    // Without its second cluster the demo would lack one.
    expect(problemsOf({ clusters: { west: {}, east: 5 }, demo: true }).problems).to.have.length(1);
  });
});
