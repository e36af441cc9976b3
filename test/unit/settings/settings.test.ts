import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { readSettings } from "../../../settings/settings";
import { filesForEach } from "./support/folder";

describe("the settings of the stack that is running", () => {
  const write = filesForEach();
  const names = ["USMESH_SETTINGS", "PULUMI_CONFIG_SECRET_KEYS"] as const;
  const before = names.map((name) => process.env[name]);
  const restore = () =>
    names.forEach((name, index) => {
      if (before[index] === undefined) delete process.env[name];
      else process.env[name] = before[index];
    });

  beforeEach(() => {
    names.forEach((name) => delete process.env[name]);
    pulumi.runtime.setAllConfig({ "usmesh:clusters": '{"west":{},"east":{}}' });
  });
  afterEach(() => {
    restore();
    pulumi.runtime.setAllConfig({});
  });

  it("come from the engine and from the files that USMESH_SETTINGS names", () => {
    expect(readSettings().clusters.map(({ region }) => region)).to.deep.equal(["westus", "eastus"]);
    process.env["USMESH_SETTINGS"] = write("a.yaml", "clusters: { east: { region: over } }");
    expect(readSettings().clusters.map(({ region }) => region)).to.deep.equal(["westus", "over"]);
  });

  it("end the program with a message and no stack trace when they are wrong", () => {
    pulumi.runtime.setAllConfig({ "usmesh:clusters": '{"west":{}}', "usmesh:bla": "1" });
    expect(readSettings).to.throw(pulumi.RunError, /usmesh:bla: there is no such setting/).with.property("stack", undefined);
  });

  it("end the program when the engine says that one of them is encrypted", () => {
    process.env["PULUMI_CONFIG_SECRET_KEYS"] = '["usmesh:clusters"]';
    expect(readSettings).to.throw(pulumi.RunError, /usmesh:clusters: is encrypted/);
  });
});
