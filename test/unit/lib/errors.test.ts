import { expect } from "chai";
import { AirgapError } from "../../../airgap/builder/errors";
import { KubeError } from "../../../lib/api-server";
import { describeFailure, EXIT, MeshError, UserError } from "../../../lib/errors";
import { SettingsError } from "../../../settings/problems";

describe("failures", () => {
  it("that are understood are printed without a stack trace, with what to do", () => {
    const { text, exitCode } = describeFailure(new MeshError("it broke", "do this\nthen that", EXIT.unusable), false);
    expect(text).to.equal("mesh: it broke\n      do this\n      then that");
    expect(exitCode).to.equal(2);
  });

  it("that are not expected say how to see more, and show it with MESH_DEBUG", () => {
    expect(describeFailure(new Error("surprise"), false).text).to.contain("MESH_DEBUG=1").and.not.to.contain("errors.test");
    expect(describeFailure(new Error("surprise"), true).text).to.contain("errors.test");
    expect(describeFailure("a text", false)).to.deep.include({ exitCode: 1 });
  });

  it("of every kind have one root, so that none of this project's own is reported as unexpected", () => {
    const settings = new SettingsError([{ path: ["mesh"], message: "is wrong" }], "west");
    const all = [settings, new UserError("no file"), new AirgapError("failed", "no disk"), new KubeError(403, "forbidden")];
    for (const error of all) {
      expect(error).to.be.instanceOf(MeshError);
      expect(describeFailure(error, false).text, error.name).to.equal(`mesh: ${error.message}`);
    }
    expect(all.map(({ name }) => name)).to.deep.equal(["SettingsError", "UserError", "AirgapError", "KubeError"]);
  });

  it("of the settings have the exit code for wrong usage, since nothing was tried", () => {
    expect(describeFailure(new UserError("no file"), false).exitCode).to.equal(EXIT.unusable);
  });
});
