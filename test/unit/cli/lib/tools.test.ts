import { expect } from "chai";
import * as fs from "node:fs";
import * as path from "node:path";
import { findOnPath, requireTools, TOOLS } from "../../../../cli/lib/tools";
import { folderForEach } from "../support/folder";

describe("tools", () => {
  const folder = folderForEach();

  it("are found on PATH as by a shell, except in folders that do not count", () => {
    fs.writeFileSync(path.join(folder(), "kind"), "", { mode: 0o755 });
    fs.writeFileSync(path.join(folder(), "helm"), "", { mode: 0o644 });
    fs.mkdirSync(path.join(folder(), "pulumi"));
    const env = { PATH: `/nowhere:${folder()}` };
    expect(findOnPath("kind", env)).to.equal(path.join(folder(), "kind"));
    expect(["helm", "pulumi", "absent"].map((name) => findOnPath(name, env))).to.deep.equal([undefined, undefined, undefined]);
    expect(findOnPath("kind", env, [folder()])).to.equal(undefined);
  });

  it("that are missing are all named, with where to download them", () => {
    const thrown = expect(() => requireTools(["kind", "pulumi"], { PATH: "" })).to.throw(/kind, pulumi/);
    thrown.with.property("hint").that.contains(TOOLS.pulumi);
    fs.writeFileSync(path.join(folder(), "kind"), "", { mode: 0o755 });
    expect(() => requireTools(["kind", "pulumi"], { PATH: folder() })).to.throw(/PATH: pulumi$/);
    expect(() => requireTools([], { PATH: "" })).not.to.throw();
  });
});
