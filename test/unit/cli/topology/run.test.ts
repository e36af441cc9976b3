import { expect } from "chai";
import * as fs from "node:fs";
import * as path from "node:path";
import { requireWritable } from "../../../../cli/topology/output";
import { showTopology, type TopologyOptions } from "../../../../cli/topology/run";
import { folderForEach } from "../support/folder";
import { topology } from "./support/topologies";
import type { Topology } from "../../../../cli/topology/schema";

describe("the command that shows a mesh", () => {
  const folder = folderForEach();

  /** Shows meshes one after the other, and ends after the last. */
  async function show(meshes: readonly Topology[], change: Partial<TopologyOptions> = {}, isTTY = false): Promise<{ code: number; written: string; done: number }> {
    const end = new AbortController();
    const left = [...meshes];
    let [written, done] = ["", 0];
    const stdout = { isTTY, write: (text: string) => ((written += text), left.length === 0 && change.watch && end.abort(), true) } as unknown as NodeJS.WriteStream;
    const options = { format: "text", width: 800, watch: false, signal: end.signal, progress: () => undefined, done: () => (done += 1), stdout, ...change } as const;
    const read = async (): Promise<Topology> => left.shift() ?? Promise.reject(new Error("it was read once too often"));
    return { code: await showTopology([], options, read), written, done };
  }

  it("ends with 1 where something fails or is unknown, and with 0 where nothing is worse than a warning", async () => {
    const codes = await Promise.all((["ok", "warn", "unknown", "fail"] as const).map(async (condition) => (await show([topology(["west"], { condition })])).code));
    expect(codes).to.deep.equal([0, 0, 1, 1]);
  });

  it("shows it once it says no more about its progress", async () => {
    const { written, done } = await show([topology(["west"])]);
    expect(written).to.match(/^mesh usmesh, 1 cluster,/);
    expect(done).to.equal(1);
  });

  it("writes it to a file in one step, and nothing else", async () => {
    const output = path.join(folder(), "mesh.svg");
    const { written } = await show([topology(["west"])], { output, format: "svg" });
    expect(written).to.equal("");
    expect(fs.readFileSync(output, "utf8")).to.match(/^<\?xml/);
    expect(fs.readdirSync(folder())).to.deep.equal(["mesh.svg"]);
  });

  it("while it is renewed shows the newest alone on a terminal, all elsewhere, and ends with 0", async () => {
    const failing = topology(["west"], { condition: "fail" });
    const shown = await show([failing], { watch: true }, true);
    expect([shown.code, shown.written.startsWith("\x1b[H\x1b[2Jmesh usmesh")]).to.deep.equal([0, true]);
    expect((await show([failing], { watch: true })).written).to.match(/^mesh [^]*\n\n$/);
    expect((await show([failing], { watch: true, format: "json" })).written).to.match(/^\{.*\}\n$/);
  });

  it("passes on why it could not read anything", async () => {
    expect(await show([]).catch((error: unknown) => error)).to.have.property("message", "it was read once too often");
  });

  it("refuses a file that cannot be written, before it reads anything", () => {
    expect(() => requireWritable(path.join(folder(), "mesh.svg"))).not.to.throw();
    expect(() => requireWritable(path.join(folder(), "none", "mesh.svg"))).to.throw("mesh.svg cannot be written").with.property("exitCode", 2);
    expect(() => requireWritable(folder())).to.throw("it is a folder");
    fs.writeFileSync(path.join(folder(), "file"), "");
    expect(() => requireWritable(path.join(folder(), "file", "mesh.svg"))).to.throw("cannot be written");
  });
});
