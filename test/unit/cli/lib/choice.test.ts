import { expect } from "chai";
import * as fs from "node:fs";
import * as path from "node:path";
import { airgapPaths } from "../../../../airgap/builder/paths";
import { choiceLine, choose, chooseHere } from "../../../../cli/lib/choice";
import { folderForEach } from "../support/folder";

const unasked = async (): Promise<never> => {
  throw new Error("nothing should be requested");
};

describe("the choice of the air gap", () => {
  const folder = folderForEach();

  it("is made by MESH_AIRGAP, without looking at anything", async () => {
    expect(await choose({ forced: "1", installed: true, outOfReach: unasked })).to.include({ airgap: true });
    expect(await choose({ forced: "0", installed: false, outOfReach: unasked })).to.include({ airgap: false });
  });

  it("refuses any other value of MESH_AIRGAP", async () => {
    const failure = await choose({ forced: "yes", installed: false, outOfReach: unasked }).catch((error: Error) => error);
    expect(failure).to.be.an("error").with.property("message", 'MESH_AIRGAP is "yes"');
  });

  it("is what the stacks were brought up with, whatever can be reached now, unless MESH_AIRGAP says otherwise", async () => {
    for (const airgap of [true, false]) {
      const recorded = { airgap, stacks: ["west", "east"] };
      const choice = await choose({ forced: undefined, recorded, installed: !airgap, outOfReach: unasked });
      expect(choice).to.include({ airgap });
      expect(choiceLine(choice)).to.contain("west, east were brought up with it");
      expect(await choose({ forced: airgap ? "0" : "1", recorded, installed: false, outOfReach: unasked })).to.include({ airgap: !airgap });
    }
  });

  it("is what is installed, else what can be reached, else the air gap, and says why", async () => {
    expect(await choose({ forced: undefined, installed: true, outOfReach: unasked })).to.include({ airgap: false });
    expect(await choose({ forced: undefined, installed: false, outOfReach: async () => [] })).to.include({ airgap: false });
    const gap = await choose({ forced: undefined, installed: false, outOfReach: async () => ["images"] });
    expect(gap.airgap).to.equal(true);
    expect(choiceLine(gap)).to.contain("images").and.to.contain("MESH_AIRGAP=0");
  });

  it("is cached for a while, and found out again when the cached answer is old or broken", async () => {
    const env = { PATH: "", HTTPS_PROXY: "http://127.0.0.1:9" };
    const record = path.join(folder(), "out-of-reach.json");
    const now = (): Promise<{ why: string }> => chooseHere(folder(), airgapPaths("/nowhere"), env);
    expect((await now()).why).to.contain("Pulumi");
    const known = { at: Math.floor(Date.now() / 1000), missing: ["what was remembered"] };
    fs.writeFileSync(record, JSON.stringify(known));
    expect((await now()).why).to.contain("what was remembered");
    for (const text of ["{ broken", "null", JSON.stringify({ at: known.at, sites: [] }), JSON.stringify({ ...known, at: known.at - 7200 }), JSON.stringify({ ...known, at: known.at + 7200 })]) {
      fs.writeFileSync(record, text);
      expect((await now()).why).to.contain("Pulumi");
    }
  });
});
