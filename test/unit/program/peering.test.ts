import { expect } from "chai";
import { parse } from "yaml";
import { meet } from "../components/support/meet";
import { namesOf, resource } from "../components/support/queries";
import { redacted } from "../components/support/secrets";
import { clearOutputs, run, type World } from "../components/support/world";

interface Remote {
  clusters: { name: string; cluster: Record<string, string> }[];
  users: { name: string; user: Record<string, string> }[];
  contexts: { name: string }[];
  "current-context": string;
}

/** The kubeconfigs in a cluster's remote Secret, by Istio's cluster name. */
function remotes(world: World, key: string): Record<string, Remote> {
  const { data } = resource(world, `peering-${key}`).inputs as { data: { value: Record<string, string> } };
  return Object.fromEntries(Object.entries(data.value).map(([name, text]) => [name, parse(Buffer.from(text, "base64").toString()) as Remote]));
}

const secretsOf = (world: World) => namesOf(world, "Secret").filter((name) => name.startsWith("peering-"));
const pairsOf = (world: World) => clearOutputs(world)["pairs"];

/** Settings with which peers read the clusters at their API servers. */
const direct = (generation = 1) => ({ peering: { through: "apiServer", generation } });

describe("peering at API servers", function () {
  // Each test runs a whole program, which takes time on a busy machine.
  this.timeout(60_000);

  it("gives each own cluster one Secret that istiod reads as remote clusters", async () => {
    const world = await run("local", { settings: direct() });
    expect(secretsOf(world)).to.deep.equal(["peering-east", "peering-west"]);
    const { metadata, data } = resource(world, "peering-west").inputs;
    expect(metadata).to.deep.equal({
      name: "istio-remote-secret-usmesh",
      namespace: "istio-system",
      labels: { "istio/multiCluster": "true" },
    });
    expect(redacted(data)).to.equal("[secret]");
  });

  it("writes a kubeconfig as istiod wants it: every name is the peer's, and credentials are inline", async () => {
    const { "east-cluster": east, ...none } = remotes(await run("local", { settings: direct() }), "west");
    expect(none).to.deep.equal({});
    expect(east).to.deep.include({ "current-context": "east-cluster" });
    expect(east?.clusters).to.deep.equal([
      {
        name: "east-cluster",
        cluster: {
          server: "https://east-control-plane:6443",
          "certificate-authority-data": Buffer.from("authority of the API server").toString("base64"),
        },
      },
    ]);
    expect(east?.users).to.deep.equal([{ name: "east-cluster", user: { token: "canary token east-istio-reader-1" } }]);
  });

  for (const count of [1, 2, 3, 5]) {
    it(`wires every ordered pair of ${count} clusters with one Secret per cluster, and none for a single cluster`, async () => {
      const keys = ["west", "east", "north", "south", "middle"].slice(0, count);
      const clusters = Object.fromEntries(keys.map((key, index) => [key, { addressIndex: index + 1 }]));
      const world = await run("local", { settings: { ...direct(), clusters, demo: false } });
      expect(secretsOf(world)).to.have.length(count === 1 ? 0 : count);
      expect(pairsOf(world)).to.have.members(keys.flatMap((from) => keys.filter((to) => to !== from).map((to) => `${from}->${to}`)));
      if (count > 1) expect(Object.keys(remotes(world, "west"))).to.have.members(keys.slice(1).map((key) => `${key}-cluster`));
    });
  }

  it("issues a token per generation and keeps the one before for peers that have not run `up` since", async () => {
    const tokens = async (generation: number) => {
      const world = await run("local", { settings: direct(generation) });
      const { west } = clearOutputs(world)["credentials"] as Record<string, { token: string }>;
      return { used: west?.token, kept: namesOf(world, "Secret").filter((name) => name.startsWith("west-istio-reader")) };
    };
    expect(await tokens(1)).to.deep.equal({ used: "canary token west-istio-reader-1", kept: ["west-istio-reader-1"] });
    expect(await tokens(2)).to.deep.equal({
      used: "canary token west-istio-reader-2",
      kept: ["west-istio-reader-1", "west-istio-reader-2"],
    });
    expect(await tokens(3)).to.deep.equal({
      used: "canary token west-istio-reader-3",
      kept: ["west-istio-reader-2", "west-istio-reader-3"],
    });
  });

  it("tells other stacks which generation its tokens have, and with which it reads each of theirs", async () => {
    const { runs, west, east } = await meet({ west: direct(2), east: direct() });
    expect(clearOutputs(runs[0]!)["peering"]).to.deep.equal({ generation: 2, reads: {}, through: {} });
    expect(east["peering"]).to.deep.equal({ generation: 1, reads: { west: 2 }, through: { west: "apiServer" } });
    expect(west["peering"]).to.deep.equal({ generation: 2, reads: { east: 1 }, through: { east: "apiServer" } });
  });

  it("refuses to remove tokens that a peer still uses, before any resource is registered", async () => {
    const { west, east: current } = await meet({ west: direct(2), east: direct() });
    const east = { ...current, peering: { generation: 1, reads: { west: 1 } } };
    const raised = (generation: number, peer: Record<string, unknown>) => run("west", { settings: direct(generation), stacks: { west, east: peer } });
    for (const [generation, reason] of [[4, "more than one step"], [3, "while east still uses them"], [1, "less than the 2"]] as const) {
      const error = await raised(generation, east).catch((thrown: Error & { resources: unknown[] }) => thrown);
      expect((error as Error).message).to.include("usmesh:peering.generation").and.to.include(reason);
      expect((error as { resources: unknown[] }).resources).to.deep.equal([]);
    }
    const next = await raised(3, { ...east, peering: { generation: 1, reads: { west: 2 } } });
    expect(namesOf(next, "Secret").filter((name) => name.startsWith("west-istio-reader"))).to.deep.equal(["west-istio-reader-2", "west-istio-reader-3"]);
  });

  it("revokes a token at once, also while a peer uses it, and gives that a new one with its next `up`", async () => {
    const revoke = (generation: number) => ({ settings: { peering: { through: "apiServer", revoke: generation } } });
    const { west, east } = await meet({ west: direct(), east: direct() });
    const world = await run("west", { ...revoke(1), stacks: { west, east } });
    expect(namesOf(world, "Secret").filter((name) => name.startsWith("west-istio-reader"))).to.deep.equal(["west-istio-reader-2"]);
    const revoked = clearOutputs(world);
    expect(revoked["peering"]).to.deep.equal({ generation: 2, reads: { east: 1 }, through: { east: "apiServer" } });
    const next = await run("east", { settings: direct(), stacks: { west: revoked, east } });
    expect(remotes(next, "east")["west-cluster"]?.users[0]?.user["token"]).to.equal("canary token west-istio-reader-2");
    const again = await run("west", { ...revoke(1), stacks: { west: revoked, east: clearOutputs(next) } });
    expect(namesOf(again, "Secret")).to.deep.equal(namesOf(world, "Secret"));
    const refused = await run("west", { ...revoke(7), stacks: { west: revoked, east } }).catch((thrown: Error) => thrown);
    expect(refused).to.be.an("error").with.property("message").that.includes("usmesh:peering.revoke: there are no tokens of generation 7 yet");
  });

  it("waits for the oldest token with which a peer reads any of the clusters", async () => {
    const settings = (generation: number) => ({ clusters: { west: {}, east: {} }, peers: ["north"], ...direct(generation), demo: false });
    const local = clearOutputs(await run("local", { settings: settings(2), stacks: { north: {} } }));
    const north = clearOutputs(await run("local", { settings: { ...direct(), clusters: { north: { addressIndex: 3 } }, demo: false } }));
    const raised = (reads: object) => run("local", { settings: settings(3), stacks: { local, north: { ...north, peering: { generation: 1, reads } } } });
    for (const reads of [{ west: 1, east: 2 }, { west: 2, east: 1 }]) {
      const error = await raised(reads).catch((thrown: Error) => thrown);
      expect(error).to.be.an("error").with.property("message").that.includes("while north still uses them");
    }
    expect(namesOf(await raised({ west: 2, east: 2 }), "Secret")).to.include("west-istio-reader-3");
  });

  it("works with a peer that exports no generations yet", async () => {
    const { peering, ...west } = clearOutputs(await run("west", { settings: direct() }));
    expect(peering).to.be.an("object");
    expect(clearOutputs(await run("east", { stacks: { west } }))["peering"]).to.deep.equal({ generation: 1, reads: {}, through: { west: "apiServer" } });
  });

  it("ties a token to the reader's ServiceAccount", async () => {
    const { inputs } = resource(await run("local", { settings: direct() }), "west-istio-reader-1");
    expect(inputs).to.deep.include({
      type: "kubernetes.io/service-account-token",
      metadata: {
        name: "istio-reader-service-account-1",
        namespace: "istio-system",
        annotations: {
          "kubernetes.io/service-account.name": "istio-reader-service-account",
          "pulumi.com/waitFor": "jsonpath={.data.token}",
        },
      },
    });
  });

  describe("between stacks", () => {
    let west: Record<string, unknown>;
    let east: Record<string, unknown>;
    before(async () => {
      ({ west, east } = await meet({ west: direct(), east: direct() }));
    });

    it("writes only to its own clusters", async () => {
      const world = await run("west", { settings: direct(), stacks: { west, east } });
      expect(secretsOf(world)).to.deep.equal(["peering-west"]);
      expect(pairsOf(world)).to.deep.equal(["west->east"]);
      expect(world.resources.filter(({ provider }) => provider === "east-provider")).to.deep.equal([]);
    });

    it("reads a peer's cluster with the credentials from its outputs", async () => {
      const { "east-cluster": remote } = remotes(await run("west", { settings: direct(), stacks: { west, east } }), "west");
      expect(remote?.users[0]?.user["token"]).to.equal("canary token east-istio-reader-1");
      expect(remote?.clusters[0]?.cluster["server"]).to.equal("https://east-control-plane:6443");
    });

    it("leaves nothing of a peer that was destroyed", async () => {
      const world = await run("west", { settings: direct(), stacks: { west, east: {} } });
      expect(secretsOf(world)).to.deep.equal([]);
      expect(JSON.stringify(world.outputs)).not.to.include("east-cluster");
    });
  });
});
