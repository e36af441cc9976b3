import { expect } from "chai";
import { AirgapError } from "../../../airgap/builder/errors";
import { KubeError } from "../../../lib/api-server";
import { describeFailure, EXIT, explain, MeshError, UserError } from "../../../lib/errors";
import { SettingsError } from "../../../settings/problems";

describe("failures", () => {
  it("that are understood are printed without a stack trace, with what to do and where to read more", () => {
    const { text, exitCode } = describeFailure(new MeshError("command-failed", "it broke", "do this\nthen that", EXIT.unusable), false);
    expect(text).to.equal("mesh: it broke\n      do this\n      then that\n      See docs/troubleshooting.md#command-failed");
    expect(exitCode).to.equal(2);
  });

  it("that are not expected say how to see more, and show it with MESH_DEBUG", () => {
    expect(describeFailure(new Error("surprise"), false).text).to.contain("MESH_DEBUG=1").and.not.to.contain("errors.test");
    expect(describeFailure(new Error("surprise"), false).text).to.contain("See docs/troubleshooting.md#unexpected");
    expect(describeFailure(new Error("surprise"), true).text).to.contain("errors.test");
    expect(describeFailure("a text", false)).to.deep.include({ exitCode: 1 });
  });

  it("of several kinds name each section once, in the last line", () => {
    const errors = [new UserError("mesh-mismatch", "another id"), new UserError("not-signed", "not signed"), new UserError("mesh-mismatch", "another domain")];
    expect(explain(...errors)).to.deep.equal([
      "another id",
      "not signed",
      "another domain",
      "See docs/troubleshooting.md#mesh-mismatch, docs/troubleshooting.md#not-signed",
    ]);
  });

  it("of every kind have one root, so that none of this project's own is reported as unexpected", () => {
    const settings = new SettingsError([{ path: ["mesh"], message: "is wrong" }], "west");
    const all = [settings, new UserError("settings-file-unusable", "no file"), new AirgapError("airgap-refused", "failed", "no disk"), new KubeError(403, "forbidden")];
    for (const error of all) {
      expect(error).to.be.instanceOf(MeshError);
      expect(describeFailure(error, false).text, error.name).to.equal(`mesh: ${error.message}\n      See ${error.documents.join(", ")}`);
    }
    expect(all.map(({ name }) => name)).to.deep.equal(["SettingsError", "UserError", "AirgapError", "KubeError"]);
  });

  it("of the settings have the exit code for wrong usage, since nothing was tried", () => {
    expect(describeFailure(new UserError("settings-file-unusable", "no file"), false).exitCode).to.equal(EXIT.unusable);
  });
});
