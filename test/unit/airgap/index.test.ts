import { expect } from "chai";
import { execFileSync } from "node:child_process";
import * as path from "node:path";
import { repositoryRoot } from "../../../lib/paths";

const AIRGAP = path.join(repositoryRoot, "airgap");

/** Loads modules of the air gap in a new process. Returns the npm packages of the air gap's own that this loaded. */
function ownPackagesLoadedBy(...modules: readonly string[]): string[] {
  const load = modules.map((module) => `require(${JSON.stringify(path.join(AIRGAP, module))});`).join(" ");
  const script = `${load} console.log(JSON.stringify(Object.keys(require.cache)));`;
  const files = JSON.parse(execFileSync(process.execPath, ["--require", require.resolve("tsx/cjs"), "--eval", script], { encoding: "utf8" })) as string[];
  const folder = path.join(AIRGAP, "node_modules") + path.sep;
  const names = files.filter((file) => file.startsWith(folder)).map((file) => file.slice(folder.length).split(path.sep)[0] ?? "");
  return [...new Set(names)].sort();
}

describe("the air gap's face", () => {
  it("loads none of the packages that are installed only for the air gap, nor does what looks before it builds", () => {
    expect(ownPackagesLoadedBy("index.ts", "ensure.ts", "engine/ensure-engine.ts", "engine/stop-engine.ts", "builder/status.ts")).to.deep.equal([]);
    expect(ownPackagesLoadedBy("builder/lock.ts"), "the test sees what is loaded").to.include("proper-lockfile");
  });
});
