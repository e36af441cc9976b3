import { expect } from "chai";
import * as fs from "node:fs";
import * as path from "node:path";
import { stringify } from "yaml";
import { EXIT, MeshError } from "../../../../lib/errors";
import type { Finished } from "../../../../lib/process";
import { PulumiError } from "../../../../cli/lib/pulumi-errors";
import { StackFiles } from "../../../../cli/lib/stacks";
import { Planner } from "../../../../cli/plan/planner";
import { folderForEach } from "../support/folder";
import { issuedFor, outputsOf } from "../support/outputs";
import { outputsWith, previewJson, trustOf } from "./support/steps";

const west = { ...outputsWith(["west"], ["west->east"]), certificates: { east: issuedFor("east") } };
const east = { ...outputsOf(["east"], ["east->west"]), trust: trustOf("west", ["1"]) };

/** The last line of the reason why Pulumi could not plan something. */
const SEE = "See docs/troubleshooting.md#pulumi-failed";

describe("a planner", () => {
  const folder = folderForEach();
  const write = (stack: string, settings: Record<string, unknown>): void => {
    const config = Object.fromEntries(Object.entries(settings).map(([key, value]) => [`usmesh:${key}`, value]));
    fs.writeFileSync(path.join(folder(), `Pulumi.${stack}.yaml`), stringify({ config }));
  };
  let previews: Record<string, Finished>;
  let outputs: Record<string, unknown>;
  let failures: Record<string, Error>;
  let asked: string[];

  beforeEach(() => {
    fs.writeFileSync(path.join(folder(), "Pulumi.yaml"), "name: usmesh\n");
    write("west", { clusters: { west: {} }, peers: ["east"] });
    write("east", { clusters: { east: { addressIndex: 2 } }, peers: ["west"], trust: { authority: "west" } });
    outputs = { west, east };
    failures = {};
    asked = [];
    previews = {
      west: { code: 0, stdout: previewJson([], west), stderr: "" },
      east: { code: 0, stdout: previewJson([], east), stderr: "" },
    };
  });

  const planner = (known: readonly string[]): Planner =>
    new Planner(
      { stacks: new StackFiles(folder()), env: {} },
      {
        previewJson: async (stack) => previews[stack] ?? { code: 255, stdout: "", stderr: "no such stack" },
        outputs: async (stack) => {
          asked.push(stack);
          if (failures[stack]) throw failures[stack];
          if (!(stack in outputs)) throw new PulumiError("pulumi stack output", 6, `error: no stack named '${stack}' found`);
          return outputs[stack];
        },
      },
      known,
    );

  it("takes what a stack has from its preview, and what its peers have from their outputs, each read once", async () => {
    const both = planner(["west", "east"]);
    const plans = [await both.plan("west"), await both.plan("east")];
    expect(plans.map(({ state, pairs, warnings }) => ({ state, pairs, warnings }))).to.deep.equal([
      { state: "planned", pairs: { wired: [], unwired: [] }, warnings: [] },
      { state: "planned", pairs: { wired: [], unwired: [] }, warnings: [] },
    ]);
    await both.plan("west");
    expect(asked.sort()).to.deep.equal(["east", "west"]);
  });

  it("lets a stack wait whose authority has not signed for it, but has it in its settings", async () => {
    const plan = await planner(["east"]).plan("east");
    expect(plan).to.deep.include({ state: "waiting", reason: "stack west is the authority that signs for stack east, and is not up yet. First: pulumi up -s west" });
    expect(plan).not.to.have.property("resources");

    outputs["west"] = { ...west, certificates: {} };
    const signed = await planner(["west", "east"]).plan("east");
    expect(signed).to.deep.include({ state: "waiting", reason: "stack west has to sign the keys of east first: pulumi up -s east, then pulumi up -s west, then pulumi up -s east" });
    // The last outputs of a stack that waits are read all the same.
    expect(signed.clusters.joining).to.deep.equal([]);
  });

  it("lets a stack wait for an authority of another project, or without a file, whose settings it cannot read", async () => {
    for (const authority of ["org/other/hub", "hub"]) {
      write("east", { clusters: { east: {} }, peers: [authority], trust: { authority } });
      const plan = await planner(["east"]).plan("east");
      expect(plan, authority).to.deep.include({ state: "waiting", reason: `stack ${authority} is the authority that signs for stack east, and is not up yet. First: pulumi up -s ${authority}` });
    }
  });

  it("cannot plan a stack that its authority's settings leave out", async () => {
    write("west", { clusters: { west: {} } });
    const plan = await planner(["east"]).plan("east");
    expect(plan).to.have.property("state", "failed");
    expect(plan.reason?.split("\n")).to.deep.equal([
      'stack west is the authority and does not sign for east: add "east" to its usmesh:trust.members',
      "See docs/troubleshooting.md#not-signed",
    ]);
  });

  it("does not preview a stack that the backend does not know and another stack signs for: its settings say what joins", async () => {
    const plan = await planner(["west"]).plan("east");
    expect(plan.state).to.equal("planned");
    expect(plan.clusters.joining).to.deep.equal([{ cluster: "east", driver: "kind" }]);
    expect(plan.pairs.wired).to.deep.equal(["east->west"]);
    expect(plan).not.to.have.property("resources");
  });

  it("does not preview a stack that the backend does not know whose clusters come from other stacks, which an empty state does not have", async () => {
    write("shop", { clusters: { shop: { driver: "existing", stack: "organization/eks/prod" } } });
    previews["shop"] = { code: 255, stdout: "", stderr: "it was previewed" };
    const plan = await planner(["west"]).plan("shop");
    expect(plan.state).to.equal("planned");
    expect(plan.clusters.joining).to.deep.equal([{ cluster: "shop", driver: "existing" }]);
    expect(plan).not.to.have.property("resources");
  });

  it("finds peers of other projects by their full name, and takes those that do not exist for not up", async () => {
    write("west", { clusters: { west: {} }, peers: ["org/other/east", "org/other/south"], trust: { members: ["west", "east", "south"] } });
    outputs["org/other/east"] = east;
    const plan = await planner(["west"]).plan("west");
    expect(plan.pairs.wired).to.deep.equal([]);
    expect(plan.warnings).to.have.length(1);
    expect(plan.warnings[0]).to.match(/^stack org\/other\/south is not up yet/);
  });

  it("does not take a peer for not up when its outputs cannot be read, whatever the reason", async () => {
    write("west", { clusters: { west: {} }, peers: ["org/other/east"], trust: { members: ["west", "east"] } });
    for (const hint of ["error: incorrect passphrase", "error: failed to load checkpoint: connection refused", "error: invalid access token", undefined]) {
      failures["org/other/east"] = new MeshError("pulumi-failed", "pulumi stack output failed", hint);
      const plan = await planner(["west"]).plan("west");
      expect(plan, hint).to.deep.include({ state: "failed", reason: ["pulumi stack output failed", hint, SEE].filter(Boolean).join("\n"), warnings: [] });
    }
    failures["org/other/east"] = new PulumiError("pulumi stack output", 6, "error: incorrect passphrase");
    expect(await planner(["west"]).plan("west")).to.deep.include({ state: "failed", warnings: [] });
  });

  it("does not take a peer of this project for not up when its outputs cannot be read, even if Pulumi finds no stack", async () => {
    for (const hint of ["error: incorrect passphrase", "error: no stack named 'east' found"]) {
      failures["east"] = new MeshError("pulumi-failed", "pulumi stack output failed", hint);
      expect(await planner(["west", "east"]).plan("west"), hint).to.deep.include({ state: "failed", reason: `pulumi stack output failed\n${hint}\n${SEE}` });
    }
  });

  it("does not take an error of the program itself for a failed plan", async () => {
    failures["east"] = new TypeError("a bug");
    expect(await planner(["west", "east"]).plan("west").catch((error: unknown) => error)).to.equal(failures["east"]);
  });

  it("says why a stack could not be planned: wrong settings, a wrong peer, or what the program or Pulumi said", async () => {
    write("broken", { clusters: { west: { podSubnet: "x" } } });
    expect((await planner(["broken"]).plan("broken")).reason).to.match(/usmesh:clusters.west.podSubnet/);

    outputs["east"] = { hello: "world" };
    expect((await planner(["west", "east"]).plan("west")).reason).to.match(/^stack east: it is not a mesh stack/);

    outputs["east"] = east;
    previews["west"] = { code: 255, stdout: previewJson([], {}, [{ severity: "error", message: "error: one thing" }, { severity: "error", message: "error: preview failed" }]), stderr: "" };
    expect(await planner(["west", "east"]).plan("west")).to.deep.include({ state: "failed", reason: `one thing\n${SEE}` });

    previews["west"] = { code: 255, stdout: "", stderr: "error: incorrect passphrase\n" };
    expect((await planner(["west", "east"]).plan("west")).reason).to.equal(`error: incorrect passphrase\n${SEE}`);
  });

  it("ends when it is interrupted, and does not continue with the next stack", async () => {
    previews["west"] = { code: EXIT.interrupted, stdout: "", stderr: "" };
    const failure = await planner(["west", "east"]).plan("west").catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(MeshError).with.property("exitCode", EXIT.interrupted);
  });
});
