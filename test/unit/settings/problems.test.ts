import { expect } from "chai";
import { explain, UserError } from "../../../lib/errors";
import { SettingsError } from "../../../settings/problems";

describe("the error for wrong settings", () => {
  it("names each problem and where its setting is documented", () => {
    const error = new SettingsError([{ path: ["clusters", "west", "zone"], message: "is wrong" }], "local");
    expect(error).to.be.instanceOf(UserError);
    expect(explain(error)).to.deep.equal([
      "1 setting is wrong in stack local; nothing was changed.\n  usmesh:clusters.west.zone: is wrong",
      "See docs/settings.md#usmesh-clusters-key-zone, docs/troubleshooting.md#wrong-settings",
    ]);
  });

  it("names each place in the documentation once, and the whole document for what is in none of them", () => {
    const paths = [["clusters", "west"], ["clusters", "east"], ["mesh"], ["bla"], []];
    const error = new SettingsError(paths.map((path) => ({ path, message: "is wrong" })), "local");
    expect(error.message).to.match(/^5 settings are wrong/);
    expect(explain(error).at(-1)).to.equal("See docs/settings.md#usmesh-clusters, docs/settings.md#usmesh-mesh, docs/settings.md, docs/troubleshooting.md#wrong-settings");
  });
});
