import { expect } from "chai";
import { execFileSync } from "node:child_process";
import * as path from "node:path";
import { repositoryRoot } from "../../../lib/paths";
import { TYPESCRIPT } from "../../../tools/test/parts";

const AIRGAP = path.join(repositoryRoot, "airgap");

/** Loads modules of the air gap in a new process, one list after the other. Returns for each the npm packages of the air gap's own that are loaded then. */
function ownPackagesLoadedBy(...lists: readonly (readonly string[])[]): string[][] {
  const load = (list: readonly string[]): string => list.map((module) => `require(${JSON.stringify(path.join(AIRGAP, module))});`).join(" ");
  const script = `const found = []; ${lists.map((list) => `${load(list)} found.push(Object.keys(require.cache));`).join(" ")} console.log(JSON.stringify(found));`;
  const found = JSON.parse(execFileSync(process.execPath, ["--require", TYPESCRIPT, "--eval", script], { encoding: "utf8" })) as string[][];
  const folder = path.join(AIRGAP, "node_modules") + path.sep;
  const names = found.map((files) => files.filter((file) => file.startsWith(folder)).map((file) => file.slice(folder.length).split(path.sep)[0] ?? ""));
  return names.map((all) => [...new Set(all)].sort());
}

describe("the air gap's face", () => {
  it("loads none of the packages that are installed only for the air gap, nor does what looks before it builds", () => {
    const face = ["index.ts", "ensure.ts", "engine/ensure-engine.ts", "engine/stop-engine.ts", "builder/status.ts"];
    const [byFace, andByLock] = ownPackagesLoadedBy(face, ["builder/lock.ts"]);
    expect(byFace).to.deep.equal([]);
    expect(andByLock, "the test sees what is loaded").to.include("proper-lockfile");
  });
});
