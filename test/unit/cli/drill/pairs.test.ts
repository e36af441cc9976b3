import { expect } from "chai";
import { pairsOf, parsePair } from "../../../../cli/drill/pairs";
import { MeshError } from "../../../../lib/errors";

const refusal = (act: () => unknown): MeshError => {
  try {
    act();
  } catch (error) {
    if (error instanceof MeshError) return error;
    throw error;
  }
  throw new Error("it was not refused");
};

describe("the pairs of a drill", () => {
  for (const text of ["west->east", "west:east"]) {
    it(`can be written as ${text}`, () => expect(parsePair(text)).to.deep.equal({ from: "west", to: "east" }));
  }

  it("may have keys with dashes", () => expect(parsePair("eu-west->us-east")).to.deep.equal({ from: "eu-west", to: "us-east" }));

  it("that the shell took for a redirection are explained", () => {
    const { message, hint, exitCode } = refusal(() => parsePair("west-"));
    expect(message).to.contain('the shell took what follows "west-"');
    expect(hint).to.contain("--pair west:…").and.to.contain('"west->east"');
    expect(exitCode).to.equal(2);
  });

  for (const text of ["west", "", "west->", "a->b->c", "a:b:c"]) {
    it(`cannot be "${text}"`, () => expect(refusal(() => parsePair(text)).message).to.equal(`"${text}" is not a pair of clusters`));
  }

  it("are all ordered pairs of clusters, unless some are named", () => {
    const all = pairsOf(["west", "east", "south"], []).map(({ from, to }) => `${from}->${to}`);
    expect(all).to.have.members(["west->east", "west->south", "east->west", "east->south", "south->west", "south->east"]);
  });

  it("that are named twice are drilled once", () => {
    const pair = { from: "east", to: "west" };
    expect(pairsOf(["west", "east"], [pair, { ...pair }])).to.deep.equal([pair]);
  });

  it("need two clusters", () => {
    expect(refusal(() => pairsOf(["west"], [])).message).to.equal("a drill needs two clusters, and there is only west");
    expect(refusal(() => pairsOf([], [])).message).to.equal("a drill needs two clusters, and there is none");
  });

  it("with a cluster that is not there are refused, with those that are", () => {
    const { message, hint } = refusal(() => pairsOf(["west", "east"], [{ from: "west", to: "north" }]));
    expect([message, hint]).to.deep.equal(['there is no cluster "north" in the stacks named', "There are: west, east."]);
  });

  it("of a cluster with itself are refused", () => {
    expect(refusal(() => pairsOf(["west", "east"], [{ from: "west", to: "west" }])).message).to.equal("west cannot be drilled with itself");
  });
});
