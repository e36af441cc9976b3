import { expect } from "chai";
import type { MeshOutputs } from "../../../outputs/contract";
import type { Peer } from "../../../outputs/peers";
import { requestProblems, requestsFor, requestWarnings, type AuthorityStack } from "../../../outputs/requests";
import { outputsOf, requestOf, trustOutputsOf } from "../cli/support/outputs";

const WEST: AuthorityStack = { stack: "west", members: ["west", "east"], clusters: ["west"], generation: 1 };
const peer = (stack: string, requests: MeshOutputs["requests"], clusters = Object.keys(requests)): Extract<Peer, { state: "up" }> => ({
  state: "up",
  stack,
  outputs: { ...outputsOf(clusters, []), trust: trustOutputsOf("west", WEST.members), requests },
});
/** What is wrong, with the section about it. */
const problems = (peers: readonly Peer[], authority = WEST): string[] => requestProblems(authority, peers).map(({ section, message }) => `${section}: ${message}`);
const EAST = peer("east", { east: [requestOf("east")] });

describe("the requests that an authority signs", () => {
  it("are the newest of each member", () => {
    expect(requestsFor(WEST, [peer("east", { east: [requestOf("east"), requestOf("east", 2)] })])).to.deep.equal({ east: requestOf("east", 2) });
  });

  it("leave out a peer that is not up, is not a member, or asks for a cluster of the authority itself", () => {
    expect(requestsFor(WEST, [{ state: "not-up", stack: "east" }])).to.deep.equal({});
    expect(requestsFor(WEST, [peer("north", { north: [requestOf("north")] }), peer("thief", { west: [requestOf("west")] })])).to.deep.equal({});
    expect(requestsFor(WEST, [peer("east", { east: [] })])).to.deep.equal({});
  });

  it("are refused when two stacks ask for the same cluster", () => {
    expect(problems([EAST, peer("other", { east: [requestOf("other")] }, [])])).to.deep.equal([
      "certificate-asked-twice: stacks east and other both ask for the certificate of cluster east: give one of the clusters another key",
    ]);
    expect(problems([EAST])).to.deep.equal([]);
    const north = peer("north", { north: [requestOf("north")] });
    expect(problems([EAST, north], { ...WEST, members: ["west", "east", "north"] }), "each for its own").to.deep.equal([]);
  });

  it("have to be there of every member that an earlier version brought up: without one, its certificate would be withdrawn", () => {
    const former: Extract<Peer, { state: "up" }> = { ...peer("east", {}, ["east"]), former: {} };
    expect(problems([former])).to.deep.equal([
      "member-moves-first: stack east was last brought up by an earlier version, where stack west made its keys, and has to make its own first: pulumi up -s east with this version, then again pulumi up -s west, and pulumi up -s east",
    ]);
    expect(problems([former], { ...WEST, members: ["west"] }), "it is not a member").to.deep.equal([]);
    expect(problems([{ ...peer("east", {}, ["east", "own"]), former: {} }]), "one of its clusters is").to.have.length(1);
    expect(problems([{ ...peer("twin", {}, ["west"]), former: {} }]), "its cluster has the key of an own one").to.deep.equal([]);
    const { trust: _trust, ...alone } = former.outputs;
    expect(problems([{ ...former, outputs: alone }]), "nobody signs for it").to.deep.equal([]);
    const ofHub: Peer = { ...former, outputs: { ...former.outputs, trust: trustOutputsOf("hub", ["east"]) } };
    expect(problems([ofHub]), "another stack signs for it").to.deep.equal([]);
  });
});

describe("what an authority says about its members", () => {
  it("is nothing when each has what it asks for", () => {
    expect(requestWarnings(WEST, [EAST], { east: requestOf("east").publicKey })).to.deep.equal([]);
  });

  it("is the next command for one whose key it has just signed, and its own for one that is still to be wired", () => {
    expect(requestWarnings(WEST, [EAST], {})).to.deep.equal(["cluster east gets a certificate for its new key. Next: pulumi up -s east; see docs/troubleshooting.md#waiting-for-certificate"]);
    expect(requestWarnings(WEST, [peer("east", { east: [requestOf("east")] }, [])], {})).to.deep.equal([
      "cluster east gets a certificate for its new key. Next: pulumi up -s east, then again pulumi up -s west; see docs/troubleshooting.md#waiting-for-certificate",
    ]);
  });

  it("is all that is left to do for one whose key is of another generation", () => {
    expect(requestWarnings({ ...WEST, generation: 2 }, [EAST], { east: requestOf("east").publicKey })).to.deep.equal([
      "cluster east still has a key of generation 1. Next: pulumi up -s east, then again pulumi up -s west and pulumi up -s east; see docs/troubleshooting.md#waiting-for-certificate",
    ]);
  });
});
