import { expect } from "chai";
import * as pulumi from "@pulumi/pulumi";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { decodeConfig, overlay, refuseSecrets } from "../../../settings/raw";
import { readSettings } from "../../../settings/settings";
import { readSettingsFiles } from "../../../settings/files";

describe("a stack's configuration", () => {
  it("is decoded by each setting's type, and other namespaces are left out", () => {
    const config = { "usmesh:mesh": "123", "usmesh:demo": "true", "usmesh:clusters": '{"west":{}}', "usmesh:peers": '["east"]', "pulumi:tags": "{}" };
    expect(decodeConfig(config)).to.deep.equal({ mesh: "123", demo: true, clusters: { west: {} }, peers: ["east"] });
  });

  it("keeps what it cannot decode, unknown settings too, for the judgement", () => {
    expect(decodeConfig({ "usmesh:clusters": "west", "usmesh:bla": "1" })).to.deep.equal({ clusters: "west", bla: "1" });
  });

  it("holds no secrets", () => {
    expect(() => refuseSecrets(["usmesh:mesh", "other:token"], "local")).to.throw(/^1 setting is wrong in stack local.*\n.*usmesh:mesh: is encrypted/);
    expect(() => refuseSecrets(["other:token"], "local")).not.to.throw();
  });
});

describe("settings files", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "usmesh-"))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const write = (name: string, content: string): string => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };

  it("are laid over the stack's settings in their order, records by key", () => {
    const files = [write("a.yaml", "istio: { hub: a, tag: '1' }"), write("b.yaml", "istio: { tag: '2' }"), write("empty.yaml", "")];
    const merged = overlay({ demo: true, istio: { hub: "x", version: "1.31.4" } }, readSettingsFiles(files.join(delimiter), "local"));
    expect(merged).to.deep.equal({ demo: true, istio: { hub: "a", tag: "2", version: "1.31.4" } });
  });

  it("may be one for each stack", () => {
    write("west.yaml", "demo: true");
    expect(readSettingsFiles(join(folder, "{stack}.yaml"), "west")).to.deep.equal([{ name: join(folder, "west.yaml"), content: { demo: true } }]);
  });

  it("may be none", () => expect(readSettingsFiles(undefined, "local")).to.deep.equal([]));

  it("are named when they cannot be read", () => {
    expect(() => readSettingsFiles(join(folder, "none.yaml"), "local")).to.throw(/USMESH_SETTINGS: cannot read .*none\.yaml: ENOENT/);
    expect(() => readSettingsFiles(write("bad.yaml", "a: [1"), "local")).to.throw(/USMESH_SETTINGS: cannot read .*bad\.yaml/);
    expect(() => overlay({}, readSettingsFiles(write("list.yaml", "- a"), "local"))).to.throw(/list\.yaml holds no settings/);
  });

  describe("with the running stack", () => {
    const before = process.env["USMESH_SETTINGS"];
    afterEach(() => {
      if (before === undefined) delete process.env["USMESH_SETTINGS"];
      else process.env["USMESH_SETTINGS"] = before;
      pulumi.runtime.setAllConfig({});
    });

    it("make the model", () => {
      pulumi.runtime.setAllConfig({ "usmesh:clusters": '{"west":{},"east":{}}' });
      process.env["USMESH_SETTINGS"] = write("a.yaml", "clusters: { east: { region: over } }");
      expect(readSettings().clusters.map(({ region }) => region)).to.deep.equal(["westus", "over"]);
    });

    it("end the program with a message alone when they are wrong", () => {
      pulumi.runtime.setAllConfig({ "usmesh:clusters": '{"west":{}}', "usmesh:bla": "1" });
      delete process.env["USMESH_SETTINGS"];
      expect(readSettings).to.throw(pulumi.RunError, /usmesh:bla: there is no such setting/);
    });
  });
});
