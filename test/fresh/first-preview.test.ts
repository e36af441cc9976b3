import { expect } from "chai";
import * as fs from "node:fs";
import { select } from "../../airgap/builder/graph";
import { allSteps } from "../../airgap/steps";
import { NEEDS, piecesFor } from "../../cli/lib/needs";
import { planReport } from "../../cli/plan/report";
import { inSteps } from "../support/steps";
import { Built, makeOlder, replaceFile, stamped, takeAway } from "./support/built";
import { Machine, type Ended } from "./support/machine";
import { skipBecause } from "./support/skip";

/** Settings as an older version wrote them: with one that there is no more. */
const OLDER_SETTINGS = "kind: { nodeImage: kindest/node:v1.30.0 }\n";

/** Pieces that are made without Go, from others and from this repository. */
const WITHOUT_GO = ["pulumi-plugins", "settings"];

describe("a first run, once Go has built its pieces, without Go and without a Docker engine", function () {
  inSteps(this);
  let machine: Machine;
  const names = piecesFor(NEEDS.preview);

  before(async function () {
    const built = await Built.find();
    const missing = built.missing(names);
    if (missing.length > 0) return skipBecause(this, `not built on this machine: ${missing.join(", ")}; ./mesh test fresh builds them`);
    machine = new Machine();
    built.link(names, machine.airgap);
    takeAway(machine.airgap, ...WITHOUT_GO);
  });

  after(() => machine?.remove());

  const succeeds = async (...args: string[]): Promise<Ended> => {
    const ended = await machine.does(...args);
    expect(ended.code, `${ended.stdout}\n${ended.stderr}`).to.equal(0);
    return ended;
  };

  it("up --preview builds what is left of what it needs, and shows both clusters", async () => {
    const { stdout, stderr } = await succeeds("up", "--preview");
    expect(stderr).to.contain(`${WITHOUT_GO.length} pieces to build: about`);
    expect(stamped(machine.airgap)).to.deep.equal(select(allSteps, names).map(({ name }) => name).sort());
    expect(stdout).to.match(/\d+ to create/).and.to.contain("usmesh:index:Cluster").and.to.contain("west").and.to.contain("east");
  });

  it("plan continues where the settings are those of an older version, renews them, and builds nothing else", async () => {
    replaceFile(machine.airgap.settings, OLDER_SETTINGS);
    makeOlder(machine.airgap, "settings");
    const { stdout, stderr } = await succeeds("plan", "--json");
    expect(stderr).to.contain("1 piece to build");
    const { stacks } = planReport.parse(JSON.parse(stdout));
    expect(stacks.map(({ stack, state }) => `${stack} ${state}`)).to.deep.equal(["local planned"]);
    expect(stacks[0]?.clusters.joining.map(({ cluster }) => cluster)).to.deep.equal(["west", "east"]);
    expect(fs.readFileSync(machine.airgap.settings, "utf8")).to.contain(machine.airgap.charts);
  });

  it("verify says that the stack which was only previewed is not up", async () => {
    const { code, stderr } = await machine.does("verify");
    expect(code, stderr).to.equal(2);
    expect(stderr).to.contain("stack local is not up").and.to.contain("./mesh up");
  });

  it("down takes it away though what it was previewed with is gone", async () => {
    takeAway(machine.airgap, "pulumi-language-nodejs", "settings", "helm", "istio-charts", "metallb-chart");
    const { stderr } = await succeeds("down");
    expect(stderr).not.to.contain("to build: about").and.not.to.contain("nothing to remove");
    expect((await succeeds("down")).stderr).to.contain("there is nothing to remove in local");
  });
});
