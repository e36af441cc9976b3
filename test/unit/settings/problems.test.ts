import { expect } from "chai";
import { UserError } from "../../../lib/errors";
import { SettingsError } from "../../../settings/problems";

describe("the error for wrong settings", () => {
  it("names each problem and where its setting is documented", () => {
    const error = new SettingsError([{ path: ["clusters", "west", "zone"], message: "is wrong" }], "local");
    expect(error).to.be.instanceOf(UserError);
    expect(error.message).to.equal(
      "1 setting is wrong in stack local; nothing was changed.\n  usmesh:clusters.west.zone: is wrong\nSee docs/settings.md#usmesh-clusters-key-zone",
    );
  });

  it("names each place in the documentation once, and the whole document for what is in none of them", () => {
    const paths = [["clusters", "west"], ["clusters", "east"], ["mesh"], ["bla"], []];
    const { message } = new SettingsError(paths.map((path) => ({ path, message: "is wrong" })), "local");
    expect(message).to.match(/^5 settings are wrong/);
    expect(message.split("\n").at(-1)).to.equal("See docs/settings.md#usmesh-clusters, docs/settings.md#usmesh-mesh, docs/settings.md");
  });
});
