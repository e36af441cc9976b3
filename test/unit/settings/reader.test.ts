import { expect } from "chai";
import { readStackSettings, type StackSources } from "../../../settings/reader";
import { SettingsError } from "../../../settings/problems";
import { filesForEach } from "./support/folder";

describe("the settings of a stack", () => {
  const write = filesForEach();
  const read = (sources: Partial<StackSources>) =>
    readStackSettings({
      stack: "local",
      project: "usmesh",
      config: { "usmesh:clusters": '{"west":{},"east":{}}' },
      secretKeys: [],
      files: undefined,
      exists: () => true,
      ...sources,
    });

  it("are its configuration with the settings files over it", () => {
    const files = write("a.yaml", "clusters: { east: { region: over } }");
    expect(read({ files }).clusters.map(({ region }) => region)).to.deep.equal(["westus", "over"]);
    expect(read({ files, pending: { [files]: { clusters: { west: { region: "under" } } } } }).clusters.map(({ region }) => region)).to.deep.equal(["under", "eastus"]);
  });

  it("are refused when one of them is encrypted, before anything else is looked at", () => {
    expect(() => read({ secretKeys: ["usmesh:clusters"], files: "none.yaml" })).to.throw(SettingsError, /usmesh:clusters: is encrypted/);
  });

  it("are refused when the configuration or a file is wrong", () => {
    expect(() => read({ config: { "usmesh:bla": "1", "usmesh:clusters": '{"west":{}}' } })).to.throw(SettingsError, /usmesh:bla: there is no such setting/);
    expect(() => read({ files: write("a.yaml", "bla: 1") })).to.throw(SettingsError, /usmesh:bla: there is no such setting/);
  });

  it("are checked for the stack, its project and its files", () => {
    const files = write("a.yaml", "peers: [a/other/local]\nistio: { charts: charts }");
    expect(() => read({ files })).not.to.throw();
    expect(() => read({ files, project: "other" })).to.throw(/this stack itself/);
    expect(() => read({ files, exists: () => false })).to.throw(/no folder "charts"/);
  });
});
