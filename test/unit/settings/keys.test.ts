import { expect } from "chai";
import { documentedSetting, keysAt, settingAnchor } from "../../../settings/keys";
import type { Path } from "../../../settings/paths";
import { settingsReference } from "../../../tools/reference";

describe("the settings that a record can have", () => {
  it("are known at every depth", () => {
    expect(keysAt([])).to.include.members(["mesh", "clusters", "images"]);
    expect(keysAt(["clusters", "west"])).to.include.members(["driver", "podSubnet"]);
    expect(keysAt(["istio", "values"])).to.deep.equal(["base", "istiod", "gateway", "ingress", "eastWest"]);
  });

  it("are none where there is no record of settings", () => {
    for (const path of [["clusters"], ["mesh"], ["nothing"], ["constructor"], ["peers", 0], ["kind", "config", "nodes"]]) expect(keysAt(path), path.join(".")).to.deep.equal([]);
  });
});

describe("the documentation of a setting", () => {
  const examples: readonly (readonly [path: Path, setting: string])[] = [
    [["mesh"], "mesh"],
    [["clusters"], "clusters"],
    [["clusters", "west"], "clusters"],
    [["clusters", "west", "regio"], "clusters"],
    [["clusters", "west", "addresses", 0], "clusters.KEY.addresses"],
    [["peers", 1], "peers"],
    [["trust", "memebrs"], "trust"],
    [["istio", "values", "istiod", "global", "meshID"], "istio.values.istiod"],
    [["kind", "config", "nodes"], "kind.config"],
    [["meshh"], ""],
    [["constructor"], ""],
    [[], ""],
  ];
  for (const [path, setting] of examples) {
    it(`is ${setting === "" ? "that of all settings" : `that of ${setting}`} for ${path.length === 0 ? "no path" : path.join(".")}`, () => {
      expect(documentedSetting(path)).to.equal(setting);
      if (setting !== "") expect(settingsReference().map((reference) => reference.path)).to.include(setting);
    });
  }

  it("has an anchor of its own for each setting", () => {
    expect(settingAnchor("clusters.KEY.addresses")).to.equal("usmesh-clusters-key-addresses");
    const anchors = settingsReference().map(({ path }) => settingAnchor(path));
    expect(new Set(anchors).size).to.equal(anchors.length);
  });
});
