import { expect } from "chai";
import { readShape } from "../../../settings/shape";
import { itRefuses, problemsOf, two } from "./support/refusals";

describe("the shape of settings", () => {
  itRefuses([
    ["settings that are not a record", ["west"], "usmesh", /\["west"\] is not a record/],
    ["an unknown setting", { clusters: two, meshh: "a" }, "usmesh:meshh", /no such setting\. Did you mean "mesh"\?/],
    ["an unknown setting that resembles no other", { clusters: two, zzzzzz: 1 }, "usmesh:zzzzzz", /no such setting\. The settings here are: mesh, .*images/],
    ["an unknown setting of a cluster", { clusters: { west: { podSubnets: "10.1.0.0/16" } } }, "usmesh:clusters.west.podSubnets", /Did you mean "podSubnet"\?/],
    ["an unknown setting of Istio", { clusters: two, istio: { hubb: "a/b" } }, "usmesh:istio.hubb", /Did you mean "hub"\?/],
    ["an unknown chart in Istio's values", { clusters: two, istio: { values: { istoid: {} } } }, "usmesh:istio.values.istoid", /Did you mean "istiod"\?/],
    ["an unknown setting of the trust", { clusters: two, trust: { memebrs: ["west"] } }, "usmesh:trust.memebrs", /Did you mean "members"\?/],
    ["a cluster that is not a record", { clusters: { west: "kind" } }, "usmesh:clusters.west", /"kind" is not a record of settings/],
    ["clusters as a list", { clusters: ["west"] }, "usmesh:clusters", /is not a record/],
    ["a number instead of a string", { clusters: { west: { zone: 0 } } }, "usmesh:clusters.west.zone", /0 is not a string: put it in quotes, "0"/],
    ["a list instead of a string", { clusters: { west: { zone: [] } } }, "usmesh:clusters.west.zone", /\[\] is not a string$/],
    ["a number in a list of strings", { clusters: two, trust: { roots: [1] } }, "usmesh:trust.roots[0]", /put it in quotes, "1"/],
    ["a string instead of true or false", { clusters: two, demo: "yes" }, "usmesh:demo", /"yes" is not true or false/],
    ["a string instead of a list", { clusters: two, trust: { members: "west" } }, "usmesh:trust.members", /is not a list: write \["west"\]/],
    ["a number instead of a list", { clusters: two, trust: { members: 5 } }, "usmesh:trust.members", /^5 is not a list$/],
    ["an empty list", { clusters: two, trust: { roots: [] } }, "usmesh:trust.roots", /empty list; add at least 1 item, or remove the setting/],
    ["a list with too many items", { clusters: two, trust: { roots: ["1", "2", "3"] } }, "usmesh:trust.roots", /has 3 items; at most 2/],
    ["a number that is too small", { clusters: two, trust: { generation: 0 } }, "usmesh:trust.generation", /0 is too small; the minimum is 1/],
    ["a number that is too large", { clusters: two, failover: { maxEjectionPercent: 101 } }, "usmesh:failover.maxEjectionPercent", /101 is too large; the maximum is 100/],
    ["a string instead of a number", { clusters: two, peering: { generation: "2" } }, "usmesh:peering.generation", /"2" is not a (whole )?number/],
    ["a fraction instead of a whole number", { clusters: two, peering: { generation: 1.5 } }, "usmesh:peering.generation", /not a whole number/],
    ["a misspelt value", { clusters: two, profile: "prodution" }, "usmesh:profile", /not one of demo, production\. Did you mean "production"\?/],
    ["an unknown value that resembles no other", { clusters: { west: { driver: "k3d" } } }, "usmesh:clusters.west.driver", /not one of kind, existing\.$/],
  ]);

  it("shows at most 60 characters of a wrong value", () => {
    const shown = (length: number): string => problemsOf({ clusters: two, profile: "x".repeat(length) }).join("");
    // Two of them are quotes.
    expect(shown(58)).to.contain(`"${"x".repeat(58)}" is`);
    expect(shown(59)).to.contain(`"${"x".repeat(56)}... is`);
  });

  it("is read without what is wrong, which is named and dropped", () => {
    const { settings, problems, dropped } = readShape({ mesh: "us_mesh", profile: "production", peers: ["a", "b c", "d", "e f"] });
    expect(settings).to.deep.include({ mesh: "usmesh", profile: "production", peers: ["a", "d"] });
    expect(problems.map(({ path }) => path)).to.deep.equal([["mesh"], ["peers", 1], ["peers", 3]]);
    expect(dropped).to.deep.equal(problems.map(({ path }) => path));
  });

  it("names a list once when nothing is left of it", () => {
    const { settings, problems } = readShape({ trust: { roots: ["a b"] } });
    expect(problems.map(({ path }) => path)).to.deep.equal([["trust", "roots", 0]]);
    expect(settings.trust.roots).to.deep.equal(["1"]);
  });

  it("does not drop the record that an unknown setting is in", () => {
    const { settings, dropped } = readShape({ istio: { hubb: "a", tag: "1" } });
    expect(settings.istio.tag).to.equal("1");
    expect(dropped).to.deep.equal([]);
  });

  it("is that of the defaults when nothing is set", () => {
    expect(readShape(undefined)).to.deep.equal(readShape({}));
    expect(readShape(undefined).problems).to.deep.equal([]);
  });
});
