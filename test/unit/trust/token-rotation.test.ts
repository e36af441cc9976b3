import { expect } from "chai";
import { checkTokenRotation, type PeerReads } from "../../../trust/token-rotation";

const east = (generation?: number): PeerReads => ({ stack: "east", ...(generation === undefined ? {} : { generation }) });

describe("renewing the reader tokens", () => {
  it("starts from whatever the first `up` has", () => expect(checkTokenRotation(undefined, 7, [east(1)])).to.equal(undefined));

  it("may stand still, also while a peer is behind", () => expect(checkTokenRotation(3, 3, [east(2)])).to.equal(undefined));

  it("goes up by one, once every peer uses the newest", () => {
    expect(checkTokenRotation(1, 2)).to.equal(undefined);
    expect(checkTokenRotation(2, 3, [east(2)])).to.equal(undefined);
  });

  it("does not wait for the first raise: nobody can use a token from before it", () => {
    expect(checkTokenRotation(1, 2, [east(1)])).to.equal(undefined);
  });

  it("refuses to skip a generation, and names the one that comes first", () => {
    expect(checkTokenRotation(1, 3)).to.match(/^usmesh:peering\.generation: from 1 to 3 is more than one step.*first set it to 2, and run `up` on every stack/);
  });

  it("refuses to go back, where the tokens in use are gone", () => {
    expect(checkTokenRotation(3, 2)).to.match(/2 is less than the 3 of the last `up`.*leave it at 3, or set it to 4/);
  });

  it("waits until no peer uses the tokens that would go", () => {
    expect(checkTokenRotation(2, 3, [east(1)])).to.match(/3 is too early, the tokens of generation 1 would go while east still uses them; first set it back to 2 and run `up` there: pulumi up -s east$/);
    expect(checkTokenRotation(2, 3, [east(1), { stack: "north", generation: 2 }, { stack: "south", generation: 1 }])).to.match(
      /while east, south still use them.*: pulumi up -s east, pulumi up -s south$/,
    );
  });

  it("does not wait for a peer that reads none of the clusters", () => expect(checkTokenRotation(2, 3, [east()])).to.equal(undefined));
});
