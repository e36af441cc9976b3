import { expect } from "chai";
import { dirname, join } from "node:path";
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

  it("are refused when a secret one is in plain text, but not for the empty default that Pulumi passes", () => {
    const config = (kubeconfigs: string) => ({ "usmesh:clusters": '{"west":{"driver":"existing","stack":"organization/eks/prod"}}', "usmesh:kubeconfigs": kubeconfigs });
    expect(() => read({ config: config('{"west":"kubeconfig"}') })).to.throw(SettingsError, /usmesh:kubeconfigs: is in plain text/);
    expect(() => read({ config: config("{}") })).not.to.throw();
  });

  it("are refused when the configuration or a file is wrong", () => {
    expect(() => read({ config: { "usmesh:bla": "1", "usmesh:clusters": '{"west":{}}' } })).to.throw(SettingsError, /usmesh:bla: there is no such setting/);
    expect(() => read({ files: write("a.yaml", "bla: 1") })).to.throw(SettingsError, /usmesh:bla: there is no such setting/);
  });

  it("are checked against the clusters of peers, with the settings files over those as well", () => {
    const config = { "usmesh:clusters": '{"west":{}}', "usmesh:peers": '["north"]', "usmesh:trust": '{"members":["west","n2"]}' };
    const configOf = (stack: string) => (stack === "north" ? { "usmesh:clusters": { n1: {} } } : undefined);
    expect(() => read({ config, configOf })).to.throw(/usmesh:trust\.members\[1\]: cluster "n2" is neither/);
    const folder = dirname(write("north.yaml", "clusters: { n2: {} }"));
    write("local.yaml", "");
    expect(() => read({ config, configOf, files: join(folder, "{stack}.yaml") })).not.to.throw();
    expect(() => read({ config, configOf: () => undefined }), "a peer without a file").not.to.throw();
    expect(() => read({ config }), "no files at all").not.to.throw();
    expect(() => read({ config, configOf, pending: { "local.yaml": {} }, files: "{stack}.yaml" }), "a peer whose settings cannot be read").not.to.throw();
    expect(() => read({ config, configOf, files: write("bad.yaml", "") }), "a file for all stacks").to.throw(/cluster "n2"/);
  });

  it("are checked for the stack, its project and its files", () => {
    const files = write("a.yaml", "peers: [a/other/local]\nistio: { charts: charts }");
    expect(() => read({ files })).not.to.throw();
    expect(() => read({ files, project: "other" })).to.throw(/this stack itself/);
    expect(() => read({ files, exists: () => false })).to.throw(/no folder "charts"/);
  });
});
