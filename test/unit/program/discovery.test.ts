import { expect } from "chai";
import { parse } from "yaml";
import { meet } from "../components/support/meet";
import { namesOf, resource } from "../components/support/queries";
import { plain } from "../components/support/secrets";
import { clearOutputs, run, type World } from "../components/support/world";
import { discoveryAuthorityPem } from "../trust/support/roots";

interface Remote {
  readonly clusters: readonly [{ readonly cluster: Record<string, string> }];
  readonly users: readonly [{ readonly user: { readonly token: string } }];
}

/** The kubeconfigs in a cluster's remote Secret, by Istio's cluster name. */
function remotes(world: World, key: string): Record<string, Remote> {
  const data = plain(resource(world, `peering-${key}`).inputs["data"]) as Record<string, string>;
  return Object.fromEntries(Object.entries(data).map(([name, text]) => [name, parse(Buffer.from(text, "base64").toString()) as Remote]));
}

const server = (world: World, key: string, peer: string): string | undefined => remotes(world, key)[`${peer}-cluster`]?.clusters[0].cluster["server"];
const token = (world: World, key: string, peer: string): string | undefined => remotes(world, key)[`${peer}-cluster`]?.users[0].user.token;
const proxies = (world: World): string[] => namesOf(world, "DiscoveryProxy");
const readers = (world: World): string[] => namesOf(world, "Secret").filter((name) => name.includes("-istio-reader-"));
/** Settings with which peers read at API servers. */
const direct = { peering: { through: "apiServer" } };

describe("peering through gateways", function () {
  // Each test runs a whole program, which takes time on a busy machine.
  this.timeout(60_000);

  it("is what clusters do by default, with no token for an API server", async () => {
    const world = await run("local");
    expect(proxies(world)).to.deep.equal(["east-discovery", "west-discovery"]);
    expect(readers(world)).to.deep.equal([]);
    expect(remotes(world, "west")["east-cluster"]?.clusters[0].cluster).to.deep.equal({
      server: "https://address of east-eastwest-service:15443",
      "tls-server-name": "east.discovery.usmesh.internal",
      "certificate-authority-data": Buffer.from("certificate east-discovery-trust-ca-1\n").toString("base64"),
    });
    expect(token(world, "west", "east")).to.equal("canary token east-discovery-cluster-west-1");
  });

  it("gives each cluster of a stack a token of its own", async () => {
    const clusters = { west: {}, east: {}, north: { addressIndex: 3 } };
    const world = await run("local", { settings: { clusters, demo: false } });
    expect([token(world, "west", "north"), token(world, "east", "north")]).to.deep.equal(["canary token north-discovery-cluster-west-1", "canary token north-discovery-cluster-east-1"]);
  });

  it("is chosen for each cluster by itself: a peer follows the cluster that it reads", async () => {
    const world = await run("local", { settings: { clusters: { west: { through: "apiServer" }, east: {} } } });
    expect(proxies(world)).to.deep.equal(["east-discovery"]);
    expect(server(world, "west", "east")).to.match(/:15443$/);
    expect(server(world, "east", "west")).to.equal("https://west-control-plane:6443");
    expect(clearOutputs(world)["clusters"]).to.have.nested.property("west.through", "apiServer");
    expect(clearOutputs(world)["clusters"]).to.have.nested.property("east.through", "gateway");
  });

  it("keeps two generations of tokens and authorities, and serves with what the older one signed", async () => {
    const world = await run("local", { settings: { peering: { generation: 3 } } });
    expect(namesOf(world, "Secret").filter((name) => name.startsWith("east-discovery-cluster"))).to.deep.equal(["east-discovery-cluster-west-2", "east-discovery-cluster-west-3"]);
    expect(namesOf(world, "SelfSignedCert").filter((name) => name.startsWith("east-discovery"))).to.deep.equal(["east-discovery-trust-ca-2", "east-discovery-trust-ca-3"]);
    expect(resource(world, "east-discovery-trust-server").inputs["caCertPem"]).to.equal("certificate east-discovery-trust-ca-2");
    expect(token(world, "west", "east")).to.equal("canary token east-discovery-cluster-west-3");
  });

  it("keeps the key of an authority that exists when new keys are to be of another algorithm, since no peer would trust another one", async () => {
    const settings = { trust: { roots: ["1", "2"], keyAlgorithm: "ECDSA-P384" } };
    const outputs = clearOutputs(await run("local"));
    const credentials = structuredClone(outputs["credentials"]) as Record<string, { gateway: { caCertificate: string } }>;
    credentials["east"]!.gateway.caCertificate = await discoveryAuthorityPem("east", 1, "ECDSA-P256");
    const curves = async (more: object): Promise<unknown[]> => {
      const world = await run("local", { settings: { ...settings, ...more }, stacks: { local: { ...outputs, credentials } } });
      const keys = namesOf(world, "PrivateKey").filter((name) => name.startsWith("east-discovery-trust-ca"));
      return keys.map((name) => [name, resource(world, name).inputs["ecdsaCurve"]]);
    };
    expect(await curves({})).to.deep.equal([["east-discovery-trust-ca-1-key", "P256"]]);
    expect(await curves({ peering: { generation: 2 } })).to.deep.equal([
      ["east-discovery-trust-ca-1-key", "P256"],
      ["east-discovery-trust-ca-2-key", "P384"],
    ]);
  });

  describe("between stacks", () => {
    let west: Record<string, unknown>;
    let east: Record<string, unknown>;
    before(async () => {
      ({ west, east } = await meet());
    });

    it("has an account for each peer from the first `up` on, before the peer is up", async () => {
      const { west: alone } = await meet({}, {}, ["west"]);
      expect(alone["credentials"]).to.have.nested.property("west.gateway.tokens").that.deep.equals({ east: "canary token west-discovery-stack-east-1" });
    });

    it("tells other stacks how they read, and how they are read", () => {
      expect(east["peering"]).to.deep.equal({ generation: 1, reads: { west: 1 }, through: { west: "gateway" }, revisions: ["default", "blue", "green"] });
      expect(east["clusters"]).to.have.nested.property("east.through", "gateway");
      expect(east["credentials"]).to.have.nested.property("east").that.has.all.keys("gateway");
    });

    it("reads a peer's cluster with its own token from the peer's outputs", async () => {
      const world = await run("west", { stacks: { west, east } });
      expect(token(world, "west", "east")).to.equal("canary token east-discovery-stack-west-1");
      expect(server(world, "west", "east")).to.equal("https://address of east-eastwest-service:15443");
    });

    it("keeps a peer's account when the settings name the peer with its organization and project", async () => {
      const world = await run("west", { settings: { peers: ["organization/usmesh/east"] } });
      expect(namesOf(world, "ServiceAccount").filter((name) => name.startsWith("west-discovery"))).to.deep.equal(["west-discovery-stack-east"]);
    });

    it("refuses a peer that has no account for the stack, and says what to do there", async () => {
      const alone = clearOutputs(await run("west", { settings: { peers: ["acme/usmesh/north"], trust: { members: ["west", "east"] } } }));
      const error = await run("east", { stacks: { west: alone } }).catch((thrown: Error) => thrown);
      expect(error).to.be.an("error").with.property("message").that.includes("stack west: it has no account for stack east: add east to its usmesh:peers");
      const both = await run("east", { stacks: { west: alone, east } }).catch((thrown: Error) => thrown);
      expect(both, "as said together with what west has withdrawn").to.be.an("error").with.property("message").that.includes("it has no account for stack east").and.includes("has issued no certificate for the key of east");
    });

    it("changes in steps: both ways work until every peer has switched", async () => {
      const met = await meet({ west: direct, east: direct });
      const first = await run("west", { stacks: { west: met.west, east: met.east } });
      expect([proxies(first), readers(first)]).to.deep.equal([["west-discovery"], ["west-istio-reader-1"]]);
      const moved = { west: clearOutputs(first), east: clearOutputs(await run("east", { stacks: { west: clearOutputs(first), east: met.east } })) };
      const second = await run("west", { stacks: moved });
      expect([proxies(second), readers(second)]).to.deep.equal([["west-discovery"], []]);
    });

    it("moves back in the same way", async () => {
      const read = { ...west, pairs: ["west->east"] };
      const follower = { ...east, pairs: ["east->west"] };
      const first = await run("west", { settings: direct, stacks: { west: read, east: follower } });
      expect([proxies(first), readers(first)]).to.deep.equal([["west-discovery"], ["west-istio-reader-1"]]);
      const followed = { ...follower, peering: { generation: 1, reads: { west: 1 }, through: { west: "apiServer" } } };
      const second = await run("west", { settings: direct, stacks: { west: clearOutputs(first), east: followed } });
      expect([proxies(second), readers(second)]).to.deep.equal([[], ["west-istio-reader-1"]]);
    });
  });
});
