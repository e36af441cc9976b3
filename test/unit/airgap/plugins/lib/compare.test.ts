import { expect } from "chai";
import { changes, equal } from "../../../../../airgap/plugins/lib/compare";
import { violations, type Rules } from "../../../../../airgap/plugins/lib/schema";
import { annotateSecrets, markSecrets } from "../../../../../airgap/plugins/lib/secrets";
import { Asset, Secret, UNKNOWN, type Props } from "../../../../../airgap/plugins/lib/values";

describe("comparing inputs", () => {
  it("ignores whether values are secret, and counts null as undefined", () => {
    expect(equal({ a: new Secret([1]), b: null }, { a: [1] })).to.equal(true);
    expect(equal([1, 2], [2, 1])).to.equal(false);
    expect(equal(new Asset("asset", { hash: "h", text: "t" }), new Asset("asset", { hash: "h" }))).to.equal(true);
    expect(equal(new Asset("asset", { hash: "h" }), new Asset("archive", { hash: "h" }))).to.equal(false);
  });

  it("counts unknowns as different, since they may become anything", () => {
    expect(equal(UNKNOWN, UNKNOWN)).to.equal(false);
    expect(equal({ a: 1 }, { a: UNKNOWN })).to.equal(false);
  });

  it("names changes by the engine's paths", () => {
    const olds: Props = { same: 1, gone: 2, list: [1, 2], labels: { "a.b/c": "x", d: 1 }, deep: new Secret({ e: [{ f: 1 }] }) };
    const news: Props = { same: 1, fresh: 3, list: [1, 3, 4], labels: { "a.b/c": "y", d: 1 }, deep: { e: [{ f: UNKNOWN }] } };
    expect(changes(olds, news)).to.deep.equal({
      gone: "delete",
      fresh: "add",
      "list[1]": "update",
      "list[2]": "add",
      'labels["a.b/c"]': "update",
      "deep.e[0].f": "update",
    });
    expect(changes(olds, olds)).to.deep.equal({});
  });
});

describe("secrets of inputs", () => {
  it("make exactly what is made from them secret", () => {
    const ins: Props = { a: new Secret(1), b: { c: [new Secret(2)], d: 3 }, e: 4 };
    const outs = annotateSecrets({ a: 1, b: { c: [2], d: 3 }, e: 4, f: 5 }, ins);
    expect(outs).to.deep.equal({ a: new Secret(1), b: { c: new Secret([2]), d: 3 }, e: 4, f: 5 });
    expect(outs["a"]).to.be.instanceOf(Secret);
    expect((outs["b"] as Props)["c"]).to.be.instanceOf(Secret);
  });

  it("are marked by name where they are given", () => {
    const marked = markSecrets({ a: "x", b: null }, ["a", "b", "c"]);
    expect(marked["a"]).to.be.instanceOf(Secret);
    expect(marked["b"]).to.equal(null);
    expect(marked).not.to.have.property("c");
  });
});

describe("rules for inputs", () => {
  const rules: Rules = {
    word: { type: "string", oneOf: ["a", "b"], required: true },
    count: { type: "integer", min: 1, max: 3 },
    flag: { type: "boolean" },
    fixed: { type: "constant", value: false },
    list: { type: "array", items: { type: "object", properties: { port: { type: "number" } } } },
    map: { type: "map", values: { type: "string" } },
    old: { type: "refused", why: "use list" },
    free: { type: "any" },
  };
  const who = { plugin: "p", type: "p:i:T" };
  const wrong = (props: Props) => violations(props, rules, who).map(({ property, reason }) => `${property} ${reason}`);

  it("accept valid and unknown values", () => {
    expect(wrong({ word: "a", count: 2, flag: false, fixed: false, list: [{ port: 1 }], map: { k: "v" }, free: [{}], old: null })).to.deep.equal([]);
    expect(wrong({ word: UNKNOWN, list: [UNKNOWN], map: new Secret(UNKNOWN), count: null })).to.deep.equal([]);
    expect(wrong({ word: "a", __defaults: [], list: [{ __defaults: [] }] })).to.deep.equal([]);
  });

  it("name every violation", () => {
    expect(wrong({ word: new Secret("c"), count: 0, flag: "x", list: [{ port: "1" }, 2], map: { k: 1 } })).to.deep.equal([
      "word must be one of a, b",
      "count must be at least 1",
      "flag must be true or false",
      "list[0].port must be a number",
      "list[1] must be an object",
      "map.k must be a string",
    ]);
    expect(wrong({ count: 4 })).to.deep.equal(["word is required", "count must be at most 3"]);
    expect(wrong({ word: "a", count: 1.5 })).to.deep.equal(["count must be a whole number"]);
  });

  it("refuse unknown and unsupported properties by name", () => {
    expect(wrong({ word: "a", fixed: true, other: UNKNOWN, old: 1, list: [{ host: 1 }] })).to.deep.equal([
      "fixed the air-gap plugin p does not support fixed: true of p:i:T; see docs/troubleshooting.md#airgap-plugin-refuses",
      "other the air-gap plugin p does not support other of p:i:T; see docs/troubleshooting.md#airgap-plugin-refuses",
      "old the air-gap plugin p does not support old of p:i:T; use list; see docs/troubleshooting.md#airgap-plugin-refuses",
      "list[0].host the air-gap plugin p does not support list[0].host of p:i:T; see docs/troubleshooting.md#airgap-plugin-refuses",
    ]);
  });
});
