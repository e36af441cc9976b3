import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { parse } from "yaml";
import { Mesh, type MeshArgs } from "../../../components";
import { kubeconfigOf } from "./support/answers";
import { below, CHARTS, itHonoursOptions } from "./support/pieces";
import { resource } from "./support/queries";
import { plain } from "./support/secrets";
import { runPiece, sharedWorld, type World } from "./support/world";

const NAME = "mesh";
const clusters = (): MeshArgs["clusters"] => ({
  west: { kubeconfig: kubeconfigOf("west"), addresses: ["172.18.255.101-172.18.255.120"] },
  east: { kubeconfig: kubeconfigOf("east"), clusterName: "orient", network: "orient-net" },
});
const create = (args: Partial<MeshArgs> = {}, opts?: pulumi.ComponentResourceOptions) =>
  new Mesh(NAME, { meshId: "usmesh", clusters: clusters(), istioCharts: CHARTS, metallbCharts: CHARTS, ...args }, opts);
const register = sharedWorld((args?: Partial<MeshArgs>): Promise<World> => runPiece(() => create(args)));

describe("Mesh", function () {
  // Each test registers a whole mesh, which takes time on a busy machine.
  this.timeout(60_000);

  it("composes the components: one authority and peering, the others for each cluster, MetalLB where addresses are given", async () => {
    const world = await register();
    const components = Object.values(below(world, NAME)).filter(({ custom }) => !custom);
    expect(Object.fromEntries(components.map(({ name, type }) => [name, type.split(":").at(-1)]))).to.deep.equal({
      "mesh-trust": "PluginCA",
      "mesh-west": "Cluster",
      "mesh-west-metallb": "MetalLB",
      "mesh-west-istio": "IstioPrimary",
      "mesh-west-eastwest": "EastWestGateway",
      "mesh-west-mtls": "MutualTls",
      "mesh-west-failover": "Failover",
      "mesh-east": "Cluster",
      "mesh-east-istio": "IstioPrimary",
      "mesh-east-eastwest": "EastWestGateway",
      "mesh-east-mtls": "MutualTls",
      "mesh-east-failover": "Failover",
      "mesh-west-discovery-trust": "DiscoveryCA",
      "mesh-west-discovery": "DiscoveryProxy",
      "mesh-east-discovery-trust": "DiscoveryCA",
      "mesh-east-discovery": "DiscoveryProxy",
      "mesh-peering": "MeshPeering",
    });
  });

  it("records what it is composed of, and no kubeconfig", async () => {
    const { west, east } = clusters() as { west: MeshArgs["clusters"][string]; east: MeshArgs["clusters"][string] };
    expect(resource(await register(), NAME).inputs).to.deep.equal({
      meshId: "usmesh",
      through: "gateway",
      clusters: { west: { addresses: west.addresses }, east: { clusterName: east.clusterName, network: east.network } },
    });
  });

  it("gives each cluster's provider and the addresses of its gateways, the roots, and the pairs that it wired", async () => {
    let given: unknown;
    const world = await runPiece(async () => {
      const { clusters: { west, east } } = create();
      const flat = [west!, east!].flatMap(({ provider, ingressAddress, eastWestAddress }) => [provider.urn.apply((urn) => urn.split("::").at(-1)), ingressAddress, eastWestAddress]);
      given = await new Promise((resolve) => pulumi.all(flat).apply(resolve));
    });
    const expected = ["west", "east"].flatMap((key) => [`mesh-${key}-provider`, `address of mesh-${key}-istio-ingress-service`, `address of mesh-${key}-eastwest-service`]);
    expect(given).to.deep.equal(expected);
    expect(world.componentOutputs).to.deep.include({ rootCertificates: "certificate mesh-trust-root-1\n", pairs: ["west->east", "east->west"] });
  });

  it("writes to each cluster with that cluster's provider", async () => {
    const world = await register();
    for (const key of ["west", "east"]) {
      const inCluster = [`mesh-${key}-metallb`, `mesh-${key}-istio`, `mesh-${key}-eastwest`, `mesh-${key}-mtls`, `mesh-${key}-failover`, `mesh-${key}-discovery`]
        .flatMap((component) => Object.values(below(world, component)))
        .filter(({ custom }) => custom);
      expect(inCluster, key).to.have.length.greaterThan(5);
      expect([...new Set([...inCluster, resource(world, `mesh-peering-${key}`)].map(({ provider }) => provider))]).to.deep.equal([`mesh-${key}-provider`]);
    }
  });

  it("names each cluster and its network, by default after its key, to Istio and to the other clusters", async () => {
    const world = await register();
    expect(resource(world, "mesh-west-istio").inputs).to.include({ clusterName: "west-cluster", network: "west-network" });
    expect(resource(world, "mesh-east-istio").inputs).to.include({ clusterName: "orient", network: "orient-net" });
    expect(Object.keys(plain(resource(world, "mesh-peering-west").inputs["data"]) as object)).to.deep.equal(["orient"]);
    expect(Object.keys(plain(resource(world, "mesh-peering-east").inputs["data"]) as object)).to.deep.equal(["west-cluster"]);
  });

  it("gives the gateways the first two addresses, the ingress gateway first, and none where the cluster has load balancers", async () => {
    const world = await register();
    const values = (name: string) => JSON.stringify(plain(resource(world, name).inputs["values"]));
    expect(values("mesh-west-istio-ingress")).to.include("172.18.255.101");
    expect(values("mesh-west-eastwest-release")).to.include("172.18.255.102");
    expect(values("mesh-east-istio-ingress")).not.to.include("172.18.");
  });

  it("lets clusters read each other through their gateways, or at their API servers where that is asked for", async () => {
    const { east, west } = clusters() as { east: MeshArgs["clusters"][string]; west: MeshArgs["clusters"][string] };
    const world = await register({ clusters: { west, east: { ...east, through: "apiServer" } } });
    const server = (key: string) => {
      const [text] = Object.values(plain(resource(world, `mesh-peering-${key}`).inputs["data"]) as Record<string, string>);
      return /server: (.+)/.exec(Buffer.from(text ?? "", "base64").toString())?.[1];
    };
    expect(server("east")).to.equal("https://address of mesh-west-eastwest-service:15443");
    expect(server("west")).to.match(/^https?:\/\/127\.0\.0\.1:1$/);
    expect(Object.keys(below(world, NAME)).filter((name) => /-reader-|-discovery$/.test(name))).to.have.members(["mesh-east-istio-reader-1", "mesh-west-discovery"]);
  });

  it("gives an account for reading a cluster to all others alone, under an authority of the cluster's own", async () => {
    const north = { kubeconfig: kubeconfigOf("north") };
    const world = await register({ clusters: { ...clusters(), north } });
    expect(resource(world, "mesh-west-discovery").inputs["peers"]).to.deep.equal([{ kind: "cluster", name: "east" }, { kind: "cluster", name: "north" }]);
    expect(resource(world, "mesh-west-discovery-trust").inputs).to.deep.include({ meshId: "usmesh", clusterKey: "west" });
  });

  it("creates the east-west gateway and the rule of failover after istiod", async () => {
    const world = await register();
    expect(resource(world, "mesh-east-eastwest-release").dependsOn).to.include("mesh-east-istio-istiod");
    expect(resource(world, "mesh-east-failover-rule").dependsOn).to.include("mesh-east-istio-istiod");
  });

  it("fails over by the numbers that it is given, and not at all when that is off", async () => {
    expect(resource(await register({ failover: { consecutiveErrors: 2 } }), "mesh-west-failover").inputs).to.include({ consecutiveErrors: 2, ejectionSeconds: 30 });
    expect(resource(await register({ mutualTls: "permissive" }), "mesh-west-mtls").inputs).to.include({ mode: "permissive" });
    const off = await register({ failover: false });
    expect(off.resources.filter(({ type }) => type.endsWith(":Failover"))).to.deep.equal([]);
  });

  it("lets the other networks reach the services that it is told, and all of them otherwise", async () => {
    const hosts = async (args: Partial<MeshArgs>): Promise<unknown[]> => {
      const world = await register(args);
      return ["west", "east"].map((key) => (plain(resource(world, `mesh-${key}-eastwest-gateway`).inputs["spec"]) as { servers: { hosts: unknown }[] }).servers[0]?.hosts);
    };
    expect(await hosts({ eastWestHosts: ["*.shop.svc.cluster.local"] })).to.deep.equal([["*.shop.svc.cluster.local"], ["*.shop.svc.cluster.local"]]);
    expect(await hosts({})).to.deep.equal([["*.local"], ["*.local"]]);
  });

  it("gives MetalLB's chart the values that it is given", async () => {
    const world = await register({ metallbValues: { speaker: { frr: { enabled: false } } } });
    expect(resource(world, "mesh-west-metallb").inputs["values"]).to.deep.equal({ speaker: { frr: { enabled: false } } });
  });

  it("keeps the namespace of a cluster whose namespace was there before", async () => {
    const { east, west } = clusters() as { east: MeshArgs["clusters"][string]; west: MeshArgs["clusters"][string] };
    const world = await register({ clusters: { west, east: { ...east, adopted: true } } });
    const annotations = (key: string): string[] => Object.keys((resource(world, `mesh-${key}-istio-namespace`).inputs["metadata"] as { annotations: object }).annotations);
    expect(annotations("east")).to.deep.equal(["usmesh.io/adopted-by"]);
    expect(annotations("west")).to.deep.equal(["usmesh.io/stack"]);
  });

  it("takes a kubeconfig as an object, for what looks before it writes too", async () => {
    const object = parse(kubeconfigOf("west")) as Record<string, unknown>;
    const world = await register({ clusters: { ...clusters(), west: { kubeconfig: object } } });
    expect(JSON.parse(plain(resource(world, "mesh-west-provider").inputs["kubeconfig"]) as string)).to.deep.equal(object);
    expect(world.resources.map(({ name }) => name)).to.include.members(["mesh-west-discovery-gateway", "mesh-peering-east"]);
  });

  it("needs MetalLB's charts for addresses, and for nothing else", async () => {
    const { east } = clusters() as { east: MeshArgs["clusters"][string] };
    const world = await register({ metallbCharts: undefined, clusters: { east } });
    expect(world.resources.filter(({ type }) => type.endsWith(":MetalLB"))).to.deep.equal([]);
    const error = await register({ metallbCharts: undefined }).catch((thrown: Error) => thrown);
    expect(error).to.be.an("error").with.property("message").that.includes("cluster west has addresses, so set metallbCharts");
  });

  itHonoursOptions(NAME, (opts) => create({}, opts));
});
