import { expect } from "chai";
import {
  difference,
  withDefaults,
  withName,
  withoutNotes,
  type Fields,
} from "../../../../airgap/plugins/docker/bridged";
import { duration, nanoseconds } from "../../../../airgap/plugins/docker/durations";
import type { CheckRequest } from "../../../../airgap/plugins/lib/kind";
import { Secret, UNKNOWN, type Props } from "../../../../airgap/plugins/lib/values";

const TEXT = { type: "string" } as const;
const FIELDS: Fields = {
  plain: { rule: TEXT },
  live: { rule: TEXT, updatable: true },
  chosen: { rule: TEXT, computed: true },
  preset: { rule: { ...TEXT, default: "p" } },
  set: { rule: { type: "array", items: TEXT, unordered: true } },
  list: { rule: { type: "array", items: TEXT } },
  flag: { rule: { type: "boolean" } },
  parts: {
    rule: { type: "array", items: { type: "object", properties: { a: TEXT, b: { ...TEXT, default: "x" } } }, unordered: true },
    partial: true,
  },
};
const RULES = Object.fromEntries(Object.entries(FIELDS).map(([name, { rule }]) => [name, rule]));

describe("inputs as a wrapped provider has them", () => {
  it("get their defaults at every depth, and a note of each", () => {
    const inputs: Props = { parts: [{ a: "1" }, { a: "2", b: "y" }], plain: null, flag: new Secret(true) };
    expect(withDefaults(inputs, RULES)).to.deep.equal({
      __defaults: ["preset"],
      preset: "p",
      flag: new Secret(true),
      parts: [
        { __defaults: ["b"], a: "1", b: "x" },
        { __defaults: [], a: "2", b: "y" },
      ],
    });
    expect(withDefaults({ parts: UNKNOWN, preset: UNKNOWN }, RULES)).to.deep.equal({
      __defaults: [],
      parts: UNKNOWN,
      preset: UNKNOWN,
    });
  });

  it("are the same when they are filled in twice", () => {
    const once = withDefaults({ parts: [{ a: "1" }] }, RULES);
    expect(withoutNotes(withDefaults(withoutNotes(once), RULES))).to.deep.equal(withoutNotes(once));
  });

  it("lose the notes where the state begins", () => {
    const noted = { __defaults: [], a: new Secret([{ __defaults: ["x"], x: 1 }]) };
    expect(withoutNotes<Props>(noted)).to.deep.equal({ a: new Secret([{ x: 1 }]) });
  });

  it("keep an automatic name until the resource is another one", () => {
    const request = (olds: Props) => ({ name: "net", randomSeed: new Uint8Array(8), olds }) as unknown as CheckRequest;
    const fresh = withName({ __defaults: ["preset"] }, request({}));
    expect(fresh).to.deep.equal({ __defaults: ["name", "preset"], name: "net-0000000" });
    expect(withName({ __defaults: [] }, request({ __defaults: ["name"], name: "net-1234567" }))["name"]).to.equal("net-1234567");
    expect(withName({ __defaults: [] }, request({ __defaults: [], name: "given" }))["name"]).to.equal("net-0000000");
    expect(withName({ name: "mine" }, request({}))).to.deep.equal({ name: "mine" });
  });
});

describe("the difference between state and inputs", () => {
  const detailed = (state: Props, news: Props) => difference(FIELDS, state, news).detailed;

  it("is nothing where both say nothing", () => {
    const state = { plain: "", flag: false, set: [], list: [], chosen: "by the engine" };
    expect(difference(FIELDS, state, {})).to.deep.equal({ changes: false, replaces: [], detailed: {} });
    expect(detailed({}, state)).to.deep.equal({ chosen: "add-replace" });
  });

  it("tells what is new, other and gone, and what that means", () => {
    const state = { plain: "a", live: "b", set: ["1"] };
    expect(difference(FIELDS, state, { plain: "c", set: ["1"], list: ["x"] })).to.deep.equal({
      changes: true,
      replaces: ["plain", "list"],
      detailed: { plain: "update-replace", live: "delete", list: "add-replace" },
    });
  });

  it("minds the order of lists and not that of sets", () => {
    const state = { set: ["1", "2"], list: ["1", "2"], parts: [{ a: "1", b: "x" }, { a: "2", b: "y" }] };
    expect(detailed(state, { set: ["2", "1"], list: ["1", "2"], parts: [{ a: "2", b: "y" }, { a: "1", b: "x" }] })).to.deep.equal({});
    expect(detailed(state, { ...state, list: ["2", "1"] })).to.deep.equal({ list: "update-replace" });
  });

  it("compares of partial objects what is given", () => {
    const state = { parts: [{ a: "1", b: "engine" }, { a: "2", b: "engine" }] };
    expect(detailed(state, { parts: [{ a: "2" }, { a: "1" }] })).to.deep.equal({});
    expect(detailed(state, { parts: [{ a: "1" }, { a: "1" }] })).to.deep.equal({ parts: "update-replace" });
    expect(detailed(state, { parts: [{ a: "1" }] })).to.deep.equal({ parts: "update-replace" });
  });

  it("looks through secrets and takes what is not known for a change", () => {
    expect(detailed({ plain: "a" }, { plain: new Secret("a") })).to.deep.equal({});
    expect(detailed({ plain: "a", set: ["1"] }, { plain: UNKNOWN, set: ["1", UNKNOWN] })).to.deep.equal({
      plain: "update-replace",
      set: "update-replace",
    });
  });
});

describe("durations", () => {
  it("are read and written as Go does", () => {
    for (const text of ["0s", "1ns", "250ms", "1.5s", "30s", "1m30s", "2h0m0.5s"]) {
      expect(duration(nanoseconds(text)), text).to.equal(text);
    }
    expect([nanoseconds("0"), nanoseconds("90s"), nanoseconds("1h30m")]).to.deep.equal([0, 90e9, 5400e9]);
    expect(["", "1", "s", "1x", "1s 2m"].map(nanoseconds)).to.deep.equal(Array(5).fill(undefined));
    expect(duration(undefined)).to.equal("0s");
  });
});
