import { expect } from "chai";
import { kindSizesFor, sizesFor } from "../../../bench/sizes";

describe("the sizes of a mesh that are measured", () => {
  it("double as long as the memory is enough, and begin with two in any case", () => {
    const gib = 2 ** 30;
    expect(sizesFor(0)).to.deep.equal([2]);
    expect(sizesFor(24 * gib)).to.deep.equal([2, 4, 8, 16, 32]);
    expect(sizesFor(20 * gib)).to.deep.equal([2, 4, 8, 16]);
    expect(sizesFor(1000 * gib).at(-1)).to.equal(64);
  });

  it("are fewer for kind clusters with Istio", () => {
    expect(kindSizesFor(0)).to.deep.equal([2]);
    expect(kindSizesFor(12 * 2 ** 30)).to.deep.equal([2, 3, 4]);
    expect(kindSizesFor(24 * 2 ** 30)).to.deep.equal([2, 3, 4, 6]);
  });
});
