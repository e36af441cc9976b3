import { expect } from "chai";
import { parse } from "yaml";
import { changed, istioIn, withIstio } from "../../../../cli/upgrade/settings";

const config = (text: string): Record<string, unknown> => (parse(text) as { config: Record<string, unknown> }).config;

describe("the settings that an upgrade writes", () => {
  it("name what is installed, and what takes over", () => {
    expect(changed({}, { set: "upgrade", to: { version: "1.31.4", tag: "t" }, from: { version: "1.31.3", tag: "old" }, revision: "blue" })).to.deep.equal({ version: "1.31.3", tag: "old", upgrade: { version: "1.31.4", tag: "t", revision: "blue" } });
    expect(changed({ version: "1.31.2", hub: "h" }, { set: "upgrade", to: { version: "1.31.4" }, from: { version: "1.31.2" }, revision: "green" })).to.deep.include({ version: "1.31.2", hub: "h" });
  });

  it("go up and down by a step", () => {
    const istio = { version: "1.31.3", upgrade: { version: "1.31.4", revision: "blue" } };
    expect(changed(istio, { set: "step", step: "eastWest" })).to.deep.equal({ version: "1.31.3", upgrade: { version: "1.31.4", revision: "blue", step: "eastWest" } });
  });

  it("are in the end those of the istiod that took over, with the values of both", () => {
    const istio = { version: "1.31.3", tag: "old", hub: "h", values: { istiod: { a: 1 } }, upgrade: { version: "1.31.4", tag: "new", revision: "blue", step: "workloads", values: { istiod: { b: 2 } } } };
    expect(changed(istio, { set: "installed" })).to.deep.equal({ version: "1.31.4", tag: "new", hub: "h", revision: "blue", values: { istiod: { a: 1, b: 2 } } });
  });

  it("are as before without the upgrade that is given up", () => {
    expect(changed({ version: "1.31.3", upgrade: { version: "1.31.4" } }, { set: "nothing" })).to.deep.equal({ version: "1.31.3" });
  });

  it("go into a stack's file beside what is there, whose comments stay", () => {
    const text = "# the west\nconfig:\n  usmesh:demo: true # shows it\n  usmesh:clusters:\n    west:\n      region: westus # far\n    east: {}\n";
    const written = withIstio(text, "west", { version: "1.31.3" });
    expect(written).to.include("# the west").and.to.include("# shows it").and.to.include("region: westus # far");
    expect(config(written)["usmesh:clusters"]).to.deep.equal({ west: { region: "westus", istio: { version: "1.31.3" } }, east: {} });
    expect(istioIn(config(written), "west")).to.deep.equal({ version: "1.31.3" });
    expect(withIstio(written, "west", {})).to.equal(text);
  });

  it("go into a file that says nothing of the cluster yet", () => {
    for (const text of ["", "config:\n", "config: {}\n", "config:\n  usmesh:clusters:\n    west:\n"]) {
      expect(config(withIstio(text, "west", { version: "1.31.3" })), text).to.deep.equal({ "usmesh:clusters": { west: { istio: { version: "1.31.3" } } } });
    }
  });

  it("are none where the file has none", () => {
    for (const one of [{}, { "usmesh:clusters": { west: null } }, { "usmesh:clusters": { west: {} } }, { "usmesh:clusters": "odd" }]) expect(istioIn(one, "west")).to.deep.equal({});
  });
});
