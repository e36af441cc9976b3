import { expect } from "chai";
import type { MeshOutputs } from "../../../outputs/contract";
import { meet } from "../components/support/meet";
import { run, type RunOptions } from "../components/support/world";

/** Expects that the program is refused before it registers anything. @returns the message */
async function refused(stack: string, options: RunOptions): Promise<string> {
  try {
    await run(stack, options);
  } catch (error) {
    expect((error as { resources: unknown[] }).resources, "resources before the refusal").to.deep.equal([]);
    // Pulumi shows the message without a stack trace.
    expect((error as { __pulumiRunError?: boolean }).__pulumiRunError, (error as Error).stack).to.equal(true);
    return (error as Error).message;
  }
  throw new Error("it was not refused");
}

describe("the program before its first resource", function () {
  // Each test runs a whole program, which takes time on a busy machine.
  this.timeout(60_000);

  let west: Record<string, unknown>;
  let east: Record<string, unknown>;
  before(async () => {
    ({ west, east } = await meet());
  });

  it("leaves a peer out that was never initialised, with a warning that says what to do next", async () => {
    const { warnings } = await run("west");
    expect(warnings.join("")).to.include("stack east is not up yet").and.to.include("pulumi up -s east").and.to.include("pulumi up -s west");
  });

  it("leaves a peer out that is initialised and empty", async () => {
    const { warnings, outputs } = await run("west", { stacks: { east: {} } });
    expect(warnings.join("")).to.include("stack east is not up yet");
    expect(outputs["pairs"]).to.deep.equal([]);
  });

  for (const message of ["bucket not found", "401 Unauthorized", "stack not found or no access"]) {
    it(`does not mistake a peer that cannot be read for one that is absent: ${message}`, async () => {
      const said = await refused("west", { stacks: { east: new Error(message) } });
      expect(said).to.include("stack organization/usmesh/east cannot be read, so nothing was changed").and.to.include(message);
    });
  }

  it("does not mistake its own stack that cannot be read for one without an `up`: what peers depend on would be forgotten", async () => {
    expect(await refused("west", { stacks: { west: new Error("bucket not found") } })).to.include("stack organization/usmesh/west cannot be read");
  });

  it("refuses a peer that nobody knows, and only warns of one that is named in full", async () => {
    expect(await refused("west", { settings: { peers: ["east", "esat"] } })).to.match(/usmesh:peers\[1\]: the backend has no stack "esat", and there is no file Pulumi\.esat\.yaml\. Did you mean "east"\?/);
    const { warnings } = await run("west", { settings: { peers: ["acme/usmesh/far"], demo: false } });
    expect(warnings.join("")).to.include("stack acme/usmesh/far is not up yet");
  });

  it("never unwires a peer whose up or destroy has not ended, and does so for one that was destroyed", async () => {
    expect(west["pairs"]).to.deep.equal(["west->east"]);
    expect(await refused("west", { stacks: { west, east: {} }, standing: ["east"] })).to.match(/usmesh:peers\[0\]: stack east has resources and exports nothing, .* and east would be unwired; nothing was changed/);
    const { warnings, outputs } = await run("west", { stacks: { west, east: {} } });
    expect(outputs["pairs"]).to.deep.equal([]);
    expect(warnings.join("")).to.include("stack east is not up yet");
  });

  it("brings the first stack up while a peer that was never wired is under way", async () => {
    const { west: alone } = await meet({}, {}, ["west"]);
    expect((await run("west", { stacks: { west: alone, east: {} }, standing: ["east"] })).outputs["pairs"]).to.deep.equal([]);
  });

  it("refuses kind clusters on another Docker network than a peer's", async () => {
    expect(await refused("east", { stacks: { west }, settings: { docker: { network: "other" } } })).to.match(/stack west has its kind clusters on the Docker network "usmesh" and this one on "other"/);
  });

  it("warns of nothing when all peers are up", async () => {
    expect((await run("west", { stacks: { west, east } })).warnings).to.deep.equal([]);
  });

  it("asks for peers by their full name, and takes one that is given in full", async () => {
    const asked = async (peer: string) =>
      (await run("west", { settings: { peers: [peer] } })).calls.filter(({ token }) => token.startsWith("pulumi:")).map(({ args }) => args["name"]);
    expect(await asked("east")).to.include("organization/usmesh/east");
    expect(await asked("acme/usmesh/east")).to.include("acme/usmesh/east");
  });

  it("refuses a stack whose authority is not up", async () => {
    expect(await refused("east", {})).to.include("stack west is the authority that signs for stack east").and.to.include("pulumi up -s west");
  });

  it("refuses an authority that does not sign for its cluster", async () => {
    const others = { ...west, trust: { ...(west as unknown as MeshOutputs).trust, members: ["west"] } };
    expect(await refused("east", { stacks: { west: others } })).to.include("not for east").and.to.include("usmesh:trust.members");
  });

  it("refuses a peer that is not a mesh stack, or of another version", async () => {
    expect(await refused("west", { stacks: { east: { url: "https://example.com" } } })).to.include("not a mesh stack");
    expect(await refused("west", { stacks: { east: { ...east, version: 0 } } })).to.include("version 0");
  });

  it("refuses a peer of another mesh", async () => {
    const other = { ...east, mesh: { name: "other", trustDomain: "cluster.local" } };
    expect(await refused("west", { stacks: { east: other } })).to.include(`mesh id "other"`);
  });

  it("refuses a peer without credentials for its cluster, and shows none of those that it has", async () => {
    const message = await refused("west", { stacks: { east: { ...east, credentials: {} } } });
    expect(message).to.include("stack east").and.to.include("no credentials for its cluster east");
    expect(message).not.to.include("canary");
  });

  it("refuses wrong settings with the setting's path", async () => {
    expect(await refused("west", { settings: { profile: "huge" } })).to.include("usmesh:profile");
    expect(await refused("local", { settings: { unheard: 1 } })).to.include("usmesh:unheard");
  });

  it("refuses a kubeconfig that does not exist, with the setting's path", async () => {
    const clusters = { west: { driver: "existing", kubeconfig: "components/nowhere.yaml", context: "west" } };
    expect(await refused("west", { settings: { clusters, demo: false } })).to.include("usmesh:clusters.west.kubeconfig");
  });
});
