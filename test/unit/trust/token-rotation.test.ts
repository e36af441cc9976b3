import { expect } from "chai";
import { checkTokenRevocation, checkTokenRotation as checkTokens, existingGenerations as existing, oldestGeneration, withNewTokens, type PeerReads } from "../../../trust/token-rotation";

const east = (generation?: number): PeerReads => ({ stack: "east", ...(generation === undefined ? {} : { generation }) });

const checkTokenRotation = (previous: number | undefined, generation: number, peers?: readonly PeerReads[], revoke = 0) => checkTokens(previous, { generation, revoke }, peers);
const existingGenerations = (generation: number, revoke = 0) => existing({ generation, revoke });

describe("renewing the reader tokens", () => {
  it("keeps the token before the newest one, and no other", () => {
    expect(existingGenerations(1)).to.deep.equal([1]);
    expect(existingGenerations(2)).to.deep.equal([1, 2]);
    expect(existingGenerations(5)).to.deep.equal([4, 5]);
  });

  it("looks at the oldest token with which a peer reads any of the stack's clusters", () => {
    expect(oldestGeneration(["west", "north"], { west: 3, north: 2, south: 1 })).to.equal(2);
    expect(oldestGeneration(["north", "west"], { west: 3, north: 2 })).to.equal(2);
  });

  it("knows no oldest token of a peer that reads none of the clusters, or does not export which", () => {
    expect(oldestGeneration(["west"], { south: 1 })).to.equal(undefined);
    expect(oldestGeneration(["west"], undefined)).to.equal(undefined);
  });

  it("may start with any generation: before the first `up` nobody uses one", () => expect(checkTokenRotation(undefined, 7, [east(1)])).to.equal(undefined));

  it("may leave the generation as it is, also while a peer is behind", () => expect(checkTokenRotation(3, 3, [east(2)])).to.equal(undefined));

  it("raises the generation by one, once every peer uses the newest token", () => {
    expect(checkTokenRotation(1, 2)).to.equal(undefined);
    expect(checkTokenRotation(2, 3, [east(2)])).to.equal(undefined);
  });

  it("does not wait for the first raise: nobody can use a token from before it", () => {
    expect(checkTokenRotation(1, 2, [east(1)])).to.equal(undefined);
  });

  it("refuses to skip a generation, and names the one to set first", () => {
    expect(checkTokenRotation(1, 3)).to.match(/^usmesh:peering\.generation: from 1 to 3 is more than one step.*first set it to 2, and run `up` on every stack/);
  });

  it("refuses to lower the generation: the tokens in use would be removed", () => {
    expect(checkTokenRotation(3, 2)).to.match(/2 is less than the 3 of the last `up`.*leave it at 3, or set it to 4/);
  });

  it("waits until no peer uses the tokens that would be removed", () => {
    expect(checkTokenRotation(2, 3, [east(1)])).to.match(/3 is too early, the tokens of generation 1 would be removed while east still uses them; first set it back to 2 and run `up` there: pulumi up -s east$/);
    expect(checkTokenRotation(2, 3, [east(1), { stack: "north", generation: 2 }, { stack: "south", generation: 1 }])).to.match(
      /while east, south still use them.*: pulumi up -s east, pulumi up -s south$/,
    );
  });

  it("does not wait for a peer that reads none of the clusters", () => expect(checkTokenRotation(2, 3, [east()])).to.equal(undefined));
});

describe("revoking reader tokens that have leaked", () => {
  it("issues new ones in the same run, whatever the generation in the settings", () => {
    expect(withNewTokens({ generation: 1, revoke: 1 })).to.deep.equal({ generation: 2, revoke: 1 });
    expect(withNewTokens({ generation: 3, revoke: 3 })).to.deep.equal({ generation: 4, revoke: 3 });
    expect(withNewTokens({ generation: 5, revoke: 3 })).to.deep.equal({ generation: 5, revoke: 3 });
    expect(withNewTokens({ generation: 2, revoke: 0 })).to.deep.equal({ generation: 2, revoke: 0 });
  });

  it("keeps no token that is revoked, and the one before the newest when it is not", () => {
    expect(existingGenerations(2, 1)).to.deep.equal([2]);
    expect(existingGenerations(4, 3)).to.deep.equal([4]);
    expect(existingGenerations(4, 2)).to.deep.equal([3, 4]);
  });

  it("does not wait for peers that use them", () => {
    expect(checkTokenRotation(1, 2, [east(1)], 1)).to.equal(undefined);
    expect(checkTokenRotation(1, 5, [east(1)], 1), "whatever the step, when none is left").to.equal(undefined);
    expect(checkTokenRotation(3, 4, [east(2), { stack: "north", generation: 3 }], 3)).to.equal(undefined);
  });

  it("still waits for peers that use others", () => {
    expect(checkTokenRotation(3, 4, [east(2)], 2)).to.equal(undefined);
    expect(checkTokenRotation(3, 4, [east(2)], 1)).to.match(/4 is too early, the tokens of generation 2 would be removed while east/);
  });

  it("changes nothing when it stays in the settings", () => expect(checkTokenRotation(2, 2, [east(1)], 1)).to.equal(undefined));

  it("still refuses to lower the generation, as when it is taken out of the settings too early", () => {
    expect(checkTokenRotation(2, 1)).to.match(/1 is less than the 2 of the last `up`/);
  });

  it("refuses a generation that does not exist, and names the newest", () => {
    expect(checkTokenRevocation(2, { generation: 6, revoke: 5 })).to.match(/^usmesh:peering\.revoke: there are no tokens of generation 5 yet, the newest are of generation 2; set it to 2/);
    expect(checkTokenRevocation(2, { generation: 3, revoke: 2 })).to.equal(undefined);
    expect(checkTokenRevocation(undefined, { generation: 6, revoke: 5 })).to.equal(undefined);
  });
});
