import { expect } from "chai";
import { resolve } from "node:path";
import { upgrade, verify } from "../../../automation";
import { environmentOf } from "../../../automation/where";

describe("the functions of the package", () => {
  it("work on the stacks of a folder, with official downloads, and ask nobody", () => {
    expect(environmentOf({ folder: "stacks", env: { PATH: "/bin", MESH_AIRGAP: "1" } })).to.deep.equal({ PATH: "/bin", MESH_STACKS: resolve("stacks"), MESH_AIRGAP: "0", CI: "true" });
    expect(environmentOf({ env: { CI: "1" } })).to.include({ MESH_STACKS: process.cwd(), CI: "1" });
  });

  for (const [what, options] of [["neither stacks nor clusters", {}], ["both", { stacks: ["west"], clusters: {} }]] as const) {
    it(`do not verify ${what}`, async () => {
      expect(await verify(options).catch((error: Error) => error)).to.be.instanceOf(TypeError).with.property("message", "verify: give either `stacks` or `clusters`");
    });
  }

  it("do not upgrade to a version and go back at the same time", async () => {
    const error = await upgrade({ stacks: ["west"], to: { version: "1.31.5" }, rollback: true }).catch((thrown: Error) => thrown);
    expect(error).to.be.instanceOf(TypeError).with.property("message", "upgrade: give either `to` or `rollback`");
  });
});
