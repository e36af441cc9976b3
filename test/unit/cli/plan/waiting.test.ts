import { expect } from "chai";
import { unsigned } from "../../../../cli/plan/waiting";
import { readPeer } from "../../../../outputs/peers";
import { issuedFor } from "../support/outputs";
import { peer, settings } from "./support/facts";

describe("a stack that its authority has to sign for", () => {
  const model = settings(["east", "north"], { peers: ["west"], trust: { authority: "west" } }, "east");
  const signs = (...members: string[]) => settings(["west"], { peers: ["east"], trust: { members: ["west", ...members] } });
  const signedFor = (...keys: string[]) => {
    return peer("west", ["west"], { certificates: Object.fromEntries(keys.map((key) => [key, issuedFor(key)])) });
  };

  it("does not wait when it is its own authority, or everything is signed", () => {
    expect(unsigned("west", settings(["west"]), [], undefined)).to.equal(undefined);
    const other = peer("south", ["south"]);
    for (const peers of [[signedFor("east", "north")], [other, signedFor("east", "north")]]) expect(unsigned("east", model, peers, signs())).to.equal(undefined);
  });

  it("waits for the next up of an authority whose settings include its clusters", () => {
    const isUp = (...peers: Parameters<typeof unsigned>[2]) => /has to sign/.test(unsigned("east", model, peers, signs("east", "north"))?.reason ?? "");
    expect([isUp(signedFor(), peer("south", ["south"])), isUp(peer("south", ["south"])), isUp()]).to.deep.equal([true, false, false]);
    expect(unsigned("east", model, [signedFor("east")], signs("east", "north"))).to.deep.equal({ promised: true, reason: "stack west has to sign the keys of north first: pulumi up -s east, then pulumi up -s west, then pulumi up -s east" });
  });

  it("does not wait for an authority of an earlier version that issued something for it: it moves over with that", () => {
    const intermediate = { caCert: "c", caKey: "k", certChain: "ch", rootCert: "r" };
    const former = peer("west", ["west"], { version: 1, intermediates: { east: intermediate, north: intermediate } });
    expect(unsigned("east", model, [former], signs("east", "north"))).to.equal(undefined);
  });

  it("waits for the first up of its authority", () => {
    for (const authority of [undefined, signs("east", "north")]) {
      const found = unsigned("east", model, [readPeer("west", undefined)], authority);
      expect(found).to.deep.equal({ promised: true, reason: "stack west is the authority that signs for stack east, and is not up yet. First: pulumi up -s west" });
    }
  });

  it("cannot be planned when its authority's settings leave clusters out", () => {
    const reason = 'stack west is the authority and does not sign for east, north: add "east", "north" to its usmesh:trust.members';
    expect(unsigned("east", model, [signedFor()], signs())).to.deep.equal({ promised: false, reason });
  });
});
