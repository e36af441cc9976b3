import { expect } from "chai";
import { difference, refused, rulesOf, withDefaults, withoutNotes, type Fields } from "../../../../../airgap/plugins/docker/bridged";
import { Secret, UNKNOWN, type Props } from "../../../../../airgap/plugins/lib/values";

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
  },
  ...refused("other"),
};
const RULES = rulesOf(FIELDS);

describe("inputs of the official plugin's wrapped provider", () => {
  it("get their defaults at every depth, and a list of them", () => {
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
    expect(withDefaults({ parts: UNKNOWN, preset: UNKNOWN }, RULES)).to.deep.equal({ __defaults: [], parts: UNKNOWN, preset: UNKNOWN });
    const noted = { __defaults: [], a: new Secret([{ __defaults: ["x"], x: 1 }]) };
    expect(withoutNotes<Props>(noted), "the state has none").to.deep.equal({ a: new Secret([{ x: 1 }]) });
  });
});

describe("the difference between state and inputs", () => {
  const detailed = (state: Props, news: Props) => difference(FIELDS, state, news).detailed;

  it("is empty where neither sets a value, and where the program sets none", () => {
    const state = { plain: "", flag: false, set: [], list: [], chosen: "by the engine", other: "by another plugin" };
    expect(difference(FIELDS, state, {})).to.deep.equal({ changes: false, replaces: [], detailed: {} });
    expect(detailed({}, { chosen: "by the program" })).to.deep.equal({ chosen: "add-replace" });
  });

  it("names what was added, changed and removed, and whether that replaces the resource", () => {
    const state = { plain: "a", live: "b", set: ["1"] };
    expect(difference(FIELDS, state, { plain: "c", set: ["1"], list: ["x"] })).to.deep.equal({
      changes: true,
      replaces: ["plain", "list"],
      detailed: { plain: "update-replace", live: "delete", list: "add-replace" },
    });
  });

  it("depends on the order of lists, but not on that of sets", () => {
    const state = { set: ["1", "2"], list: ["1", "2"], parts: [{ a: "1", b: "x" }, { a: "2", b: "y" }] };
    expect(detailed(state, { set: ["2", "1"], list: ["1", "2"], parts: [{ a: "2", b: "y" }, { a: "1", b: "x" }] })).to.deep.equal({});
    expect(detailed(state, { ...state, list: ["2", "1"] })).to.deep.equal({ list: "update-replace" });
  });

  it("ignores whether a value is secret, and counts an unknown as a change", () => {
    expect(detailed({ plain: "a" }, { plain: new Secret("a") })).to.deep.equal({});
    expect(detailed({ plain: "a", set: ["1"] }, { plain: UNKNOWN, set: ["1", UNKNOWN] })).to.deep.equal({
      plain: "update-replace",
      set: "update-replace",
    });
  });
});
