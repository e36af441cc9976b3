import { expect } from "chai";
import { peerStack, toMoveFirst, upOrder, type StackModel } from "../../../../cli/up/order";
import { outputsOf } from "../support/outputs";
import { EAST, WEST } from "./support/stacks";

const namesOf = (stacks: readonly StackModel[]): string[] => stacks.map(({ stack }) => stack);

describe("the order in which stacks are brought up", () => {
  it("begins with the stack that signs, however they are named", () => {
    expect(namesOf(upOrder([EAST, WEST]))).to.deep.equal(["west", "east"]);
    expect(namesOf(upOrder([WEST, EAST]))).to.deep.equal(["west", "east"]);
  });

  it("otherwise is the one in which they are named", () => {
    const north = { ...EAST, stack: "north" };
    expect(namesOf(upOrder([north, EAST, WEST]))).to.deep.equal(["west", "north", "east"]);
  });
});

describe("the order in which stacks move over from outputs of version 1", () => {
  const before = (stack: string, former: boolean) => ({ state: "up", stack, outputs: outputsOf([stack], []), ...(former ? { former: {} } : {}) }) as const;

  it("begins with those whose keys the authority made", () => {
    expect(namesOf(toMoveFirst([WEST, EAST], [before("west", true), before("east", true)]))).to.deep.equal(["east", "west"]);
    const north = { ...EAST, stack: "north" };
    expect(namesOf(toMoveFirst([WEST, EAST, north], [before("west", true), before("east", false), before("north", true)]))).to.deep.equal(["north", "west", "east"]);
  });

  it("is the usual one once they have keys of their own, or are not up", () => {
    expect(namesOf(toMoveFirst([WEST, EAST], [before("west", true), before("east", false)]))).to.deep.equal(["west", "east"]);
    expect(namesOf(toMoveFirst([WEST, EAST], [{ state: "not-up", stack: "west" }, { state: "not-up", stack: "east" }]))).to.deep.equal(["west", "east"]);
  });
});

describe("the stack that a peer's name means", () => {
  it("is the name itself", () => {
    expect(peerStack("east", "usmesh")).to.equal("east");
  });

  it("is the last part of a full name of this project, and none for other projects and shorter names", () => {
    expect(peerStack("organization/usmesh/east", "usmesh")).to.equal("east");
    expect(peerStack("organization/other/east", "usmesh")).to.equal(undefined);
    expect(peerStack("organization/east", "usmesh")).to.equal(undefined);
  });
});
