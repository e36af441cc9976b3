import { expect } from "chai";
import * as fc from "fast-check";
import { clashes, merge, type Tree } from "../../../lib/merge";

const tree = fc.letrec<{ node: Tree; leaf: unknown }>((tie) => ({
  leaf: fc.oneof(fc.integer(), fc.string(), fc.boolean(), fc.constant(null), fc.array(fc.integer(), { maxLength: 3 })),
  node: fc.dictionary(fc.constantFrom("a", "b", "c", "d"), fc.oneof({ maxDepth: 3 }, tie("leaf"), tie("node")), { noNullPrototype: true }),
})).node;

describe("merging", () => {
  it("keeps what no later tree sets, and takes the last value of everything else", () => {
    expect(merge({ a: { b: 1, c: [1, 2] }, d: 1 }, { a: { c: [3], e: null } }, { d: undefined })).to.deep.equal({ a: { b: 1, c: [3], e: null }, d: 1 });
  });

  it("gives the same result when it is repeated, and does not change its arguments", () => {
    fc.assert(
      fc.property(tree, tree, (a, b) => {
        const before = JSON.stringify([a, b]);
        expect(merge(merge(a, b), b)).to.deep.equal(merge(a, b));
        expect(JSON.stringify([a, b])).to.equal(before);
      }),
    );
  });

  it("finds a clash exactly where the last tree changes a value that another sets", () => {
    fc.assert(
      fc.property(tree, tree, (fixed, extra) => {
        const keeps = JSON.stringify(merge(extra, fixed)) === JSON.stringify(merge(extra, fixed, extra));
        return (clashes(fixed, extra).length === 0) === keeps;
      }),
    );
  });

  it("names a clash by its path and the value that is kept", () => {
    expect(clashes({ a: { b: 1, c: 2 } }, { a: { b: 2, c: 2, d: 3 } })).to.deep.equal([{ path: "a.b", kept: 1 }]);
    expect(clashes({ a: { b: 1 } }, { a: null })).to.deep.equal([{ path: "a", kept: { b: 1 } }]);
  });
});
