import { expect } from "chai";
import * as fs from "node:fs";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import * as path from "node:path";
import { airgapPaths } from "../../../../airgap/builder/paths";
import { choiceLine, choose, chooseHere } from "../../../../cli/lib/choice";
import { outOfReach } from "../../../../cli/lib/reach";
import { findOnPath, requireTools, TOOLS } from "../../../../cli/lib/tools";
import { folderForEach } from "../support/folder";

const unasked = async (): Promise<never> => {
  throw new Error("nothing should be probed");
};

describe("the choice of the air gap", () => {
  const folder = folderForEach();

  it("is forced by MESH_AIRGAP, without looking at anything", async () => {
    expect(await choose({ forced: "1", installed: true, outOfReach: unasked })).to.include({ airgap: true });
    expect(await choose({ forced: "0", installed: false, outOfReach: unasked })).to.include({ airgap: false });
  });

  it("refuses any other value of MESH_AIRGAP", async () => {
    const failure = await choose({ forced: "yes", installed: false, outOfReach: unasked }).catch((error: Error) => error);
    expect(failure).to.be.an("error").with.property("message", 'MESH_AIRGAP is "yes"');
  });

  it("falls on what is installed, else on what can be reached, else on the air gap, and says why", async () => {
    expect(await choose({ forced: undefined, installed: true, outOfReach: unasked })).to.include({ airgap: false });
    expect(await choose({ forced: undefined, installed: false, outOfReach: async () => [] })).to.include({ airgap: false });
    const gap = await choose({ forced: undefined, installed: false, outOfReach: async () => ["images"] });
    expect(gap.airgap).to.equal(true);
    expect(choiceLine(gap)).to.contain("images").and.to.contain("MESH_AIRGAP=0");
  });

  it("is remembered for a while, and found out anew from a record that is old or broken", async () => {
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

describe("reaching a site", () => {
  it("counts a site out of reach whose name is unknown or whose proxy refuses", async () => {
    const sites = [{ what: "nothing", url: "https://does-not-exist.invalid/" }];
    expect(await outOfReach(sites, {})).to.deep.equal(sites);
    const proxy = http.createServer().on("connect", (_request, socket) => socket.end("HTTP/1.1 403 Forbidden\r\n\r\n"));
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    try {
      expect(await outOfReach(sites, { HTTPS_PROXY: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` })).to.deep.equal(sites);
    } finally {
      proxy.close();
    }
  });
});

describe("tools", () => {
  const folder = folderForEach();

  it("are found on PATH as a shell would, outside the folders that do not count", () => {
    fs.writeFileSync(path.join(folder(), "kind"), "", { mode: 0o755 });
    fs.writeFileSync(path.join(folder(), "helm"), "", { mode: 0o644 });
    fs.mkdirSync(path.join(folder(), "pulumi"));
    const env = { PATH: `/nowhere:${folder()}` };
    expect(findOnPath("kind", env)).to.equal(path.join(folder(), "kind"));
    expect(["helm", "pulumi", "absent"].map((name) => findOnPath(name, env))).to.deep.equal([undefined, undefined, undefined]);
    expect(findOnPath("kind", env, [folder()])).to.equal(undefined);
  });

  it("that are missing are all named, with where to get them", () => {
    const thrown = expect(() => requireTools(["kind", "pulumi"], { PATH: "" })).to.throw(/kind, pulumi/);
    thrown.with.property("hint").that.contains(TOOLS.pulumi);
    fs.writeFileSync(path.join(folder(), "kind"), "", { mode: 0o755 });
    expect(() => requireTools(["kind", "pulumi"], { PATH: folder() })).to.throw(/PATH: pulumi$/);
    expect(() => requireTools([], { PATH: "" })).not.to.throw();
  });
});
