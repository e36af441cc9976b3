import { expect } from "chai";
import { didYouMean } from "../../../lib/did-you-mean";

describe("a suggestion for a misspelt word", () => {
  it("is the closest candidate, whatever its case", () => {
    expect(didYouMean("memebrs", ["mesh", "members", "metallb"])).to.equal(' Did you mean "members"?');
    expect(didYouMean("MESH", ["mesh", "members"])).to.equal(' Did you mean "mesh"?');
    expect(didYouMean("podSubnets", ["serviceSubnet", "podSubnet"])).to.equal(' Did you mean "podSubnet"?');
  });

  it("takes two swapped letters for one mistake", () => expect(didYouMean("esat", ["east"])).to.equal(' Did you mean "east"?'));

  for (const [word, close, far] of [
    ["ab", "ax", "xy"],
    ["abcde", "abcdx", "abcxy"],
    ["abcdef", "abcdxy", "abcxyz"],
    ["abcdefgh", "abcdefxy", "abcdexyz"],
    ["abcdefghi", "abcdefxyz", "abcdewxyz"],
  ] as const) {
    const allowed = Math.max(1, Math.floor(word.length / 3));
    it(`may differ in ${allowed} of ${word.length} letters`, () => {
      expect(didYouMean(word, [close])).to.equal(` Did you mean "${close}"?`);
      expect(didYouMean(word, [far])).to.equal("");
    });
  }

  it("is none without candidates", () => expect(didYouMean("a", [])).to.equal(""));
});
