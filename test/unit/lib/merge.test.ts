import { expect } from "chai";
import * as fc from "fast-check";
import { clashes, merge, type Tree } from "../../../lib/merge";
import { didYouMean, formatPath, related } from "../../../lib/problems";

const tree = fc.letrec<{ node: Tree; leaf: unknown }>((tie) => ({
  leaf: fc.oneof(fc.integer(), fc.string(), fc.boolean(), fc.constant(null), fc.array(fc.integer(), { maxLength: 3 })),
  node: fc.dictionary(fc.constantFrom("a", "b", "c", "d"), fc.oneof({ maxDepth: 3 }, tie("leaf"), tie("node")), { noNullPrototype: true }),
})).node;

describe("merging", () => {
  it("keeps what nobody contradicts, and the last word on the rest", () => {
    expect(merge({ a: { b: 1, c: [1, 2] }, d: 1 }, { a: { c: [3], e: null } }, { d: undefined })).to.deep.equal({ a: { b: 1, c: [3], e: null }, d: 1 });
  });

  it("changes nothing when it is done twice, and none of its arguments", () => {
    fc.assert(
      fc.property(tree, tree, (a, b) => {
        const before = JSON.stringify([a, b]);
        expect(merge(merge(a, b), b)).to.deep.equal(merge(a, b));
        expect(JSON.stringify([a, b])).to.equal(before);
      }),
    );
  });

  it("finds no clash exactly where the last word changes nothing that stands", () => {
    fc.assert(
      fc.property(tree, tree, (fixed, extra) => {
        const keeps = JSON.stringify(merge(extra, fixed)) === JSON.stringify(merge(extra, fixed, extra));
        return (clashes(fixed, extra).length === 0) === keeps;
      }),
    );
  });

  it("names a clash by its path and what stands", () => {
    expect(clashes({ a: { b: 1, c: 2 } }, { a: { b: 2, c: 2, d: 3 } })).to.deep.equal([{ path: "a.b", stands: 1 }]);
    expect(clashes({ a: { b: 1 } }, { a: null })).to.deep.equal([{ path: "a", stands: { b: 1 } }]);
  });
});

describe("problems", () => {
  it("write paths as users do", () => {
    expect(formatPath(["clusters", "west", "addresses", 0])).to.equal("usmesh:clusters.west.addresses[0]");
    expect(formatPath([])).to.equal("usmesh");
  });

  it("suggest the closest name, and none that is far", () => {
    const settings = ["mesh", "members", "metallb"];
    expect(didYouMean("memebrs", settings)).to.equal(' Did you mean "members"?');
    expect(didYouMean("MESH", settings)).to.equal(' Did you mean "mesh"?');
    expect(didYouMean("kubernetes", settings)).to.equal("");
    expect(didYouMean("a", [])).to.equal("");
  });

  it("know which settings are one above the other", () => {
    expect(related(["clusters"], ["clusters", "west"])).to.equal(true);
    expect(related(["clusters", "west"], ["clusters"])).to.equal(true);
    expect(related(["clusters", "west"], ["clusters", "east"])).to.equal(false);
  });
});
