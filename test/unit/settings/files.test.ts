import { expect } from "chai";
import { delimiter, dirname, join } from "node:path";
import { UserError } from "../../../lib/errors";
import { readSettingsFiles } from "../../../settings/files";
import { filesForEach } from "./support/folder";

describe("the files that USMESH_SETTINGS names", () => {
  const write = filesForEach();

  it("are read in their order", () => {
    const [a, b] = [write("a.yaml", "demo: true"), write("b.yaml", "")];
    expect(readSettingsFiles([a, b].join(delimiter), "local")).to.deep.equal([
      { name: a, content: { demo: true } },
      { name: b, content: null },
    ]);
  });

  it("can be one for each stack", () => {
    const west = write("west.yaml", "demo: true");
    expect(readSettingsFiles(join(dirname(west), "{stack}.yaml"), "west")).to.deep.equal([{ name: west, content: { demo: true } }]);
  });

  it("can be none", () => {
    expect(readSettingsFiles(undefined, "local")).to.deep.equal([]);
    expect(readSettingsFiles(delimiter, "local")).to.deep.equal([]);
  });

  it("are not read while their contents are pending", () => {
    const old = write("a.yaml", "demo: true");
    expect(readSettingsFiles(`${old}${delimiter}new.yaml`, "local", { [old]: { demo: false }, "new.yaml": null })).to.deep.equal([
      { name: old, content: { demo: false } },
      { name: "new.yaml", content: null },
    ]);
  });

  it("are named when they cannot be read", () => {
    expect(() => readSettingsFiles("none.yaml", "local")).to.throw(UserError, /USMESH_SETTINGS: cannot read none\.yaml: ENOENT/);
    expect(() => readSettingsFiles(write("bad.yaml", "a: [1"), "local")).to.throw(UserError, /USMESH_SETTINGS: cannot read .*bad\.yaml/);
  });
});
