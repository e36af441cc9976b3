import { expect } from "chai";
import { inOrder, select } from "../../../../airgap/builder/graph";
import { fileStep } from "./support/world";

const names = (steps: readonly { name: string }[]): string => steps.map(({ name }) => name).join(" ");

describe("the order of air-gap steps", () => {
  const steps = [fileStep("c", { needs: ["b"] }), fileStep("x"), fileStep("b", { needs: ["a"] }), fileStep("a")];

  it("puts each step after those that it needs, otherwise as listed", () => {
    expect(names(inOrder(steps))).to.equal("a b c x");
  });

  it("selects pieces with everything that they are made from", () => {
    expect(names(select(steps, ["b"]))).to.equal("a b");
    expect(names(select(steps))).to.equal("a b c x");
  });

  it("refuses unknown names, and lists the known ones", () => {
    expect(() => select(steps, ["d"])).to.throw("there is no air-gap piece d; there are: a, b, c, x");
  });

  it("refuses circles, duplicate names and needs that do not exist", () => {
    expect(() => inOrder([fileStep("a", { needs: ["b"] }), fileStep("b", { needs: ["a"] })])).to.throw("a -> b -> a");
    expect(() => inOrder([fileStep("a"), fileStep("a")])).to.throw("two air-gap steps are named a");
    expect(() => inOrder([fileStep("a", { needs: ["z"] })])).to.throw("a needs z, which does not exist");
  });
});
