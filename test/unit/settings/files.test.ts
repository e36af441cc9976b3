import { expect } from "chai";
import { delimiter, dirname, join } from "node:path";
import { UserError } from "../../../lib/errors";
import { readSettingsFiles, stackConfig, stackNames } from "../../../settings/files";
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

describe("the files of stacks", () => {
  const write = filesForEach();

  it("are found by their names", () => {
    const folder = dirname(write("Pulumi.west.yaml", ""));
    for (const name of ["Pulumi.yaml", "Pulumi.us.east-1.yaml", "Pulumi.old.yml", "Pulumi.north.yaml.orig", "copy of Pulumi.south.yaml", "notes.yaml"]) write(name, "");
    expect(stackNames(folder)).to.deep.equal(["us.east-1", "west"]);
    expect(stackNames(join(folder, "nowhere"))).to.deep.equal([]);
  });

  it("have a configuration, unless they are missing or not YAML", () => {
    const folder = dirname(write("Pulumi.west.yaml", "config: { usmesh:clusters: { west: {} } }"));
    write("Pulumi.empty.yaml", "");
    write("Pulumi.bad.yaml", "config: [1");
    expect(stackConfig(folder, "west")).to.deep.equal({ "usmesh:clusters": { west: {} } });
    expect(stackConfig(folder, "empty")).to.deep.equal({});
    for (const stack of ["bad", "none"]) expect(stackConfig(folder, stack), stack).to.equal(undefined);
  });
});
