import { expect } from "chai";
import { checkRotation, type PeerTrust, type TrustState } from "../../../trust/rotation";

const state = (roots: string, signer: string): TrustState => ({ roots: roots.split(","), signer });
const peer = (roots: string, signer: string): PeerTrust => ({ stack: "east", ...state(roots, signer) });

describe("replacing a root", () => {
  it("takes three steps, each of which is accepted", () => {
    const steps = [state("1", "1"), state("1,2", "1"), state("1,2", "2"), state("2", "2")];
    steps.slice(1).forEach((next, index) => expect(checkRotation(steps[index], next), `step ${index + 1}`).to.equal(undefined));
  });

  it("may start with any roots: before the first `up` nobody trusts one", () => expect(checkRotation(undefined, state("1,2", "2"))).to.equal(undefined));

  it("may stay at every step", () => {
    for (const same of [state("1", "1"), state("1,2", "1"), state("1,2", "2")]) expect(checkRotation(same, same)).to.equal(undefined);
  });

  it("can go back one step", () => {
    expect(checkRotation(state("1,2", "1"), state("1", "1"))).to.equal(undefined);
    expect(checkRotation(state("1,2", "2"), state("1,2", "1"))).to.equal(undefined);
  });

  const refused: [string, TrustState, TrustState, RegExp][] = [
    ["a new root that signs at once", state("1", "1"), state("1,2", "2"), /more than one step.*first set usmesh:trust\.roots to \[1, 2\] and leave usmesh:trust\.signer at "1"/],
    ["another root instead of the only one", state("1", "1"), state("2", "2"), /more than one step.*roots to \[1, 2\]/],
    ["a new signer together with the removal of the old root", state("1,2", "1"), state("2", "2"), /more than one step.*first set usmesh:trust\.signer to "2"/],
    ["one root added and another removed", state("1,2", "2"), state("2,3", "2"), /more than one step.*roots to \[1, 2, 3\]/],
    ["roots in another order", state("1,2", "1"), state("2,1", "1"), /order changed.*keep it/],
    ["the last of several roots in another order", state("1,2,3", "1"), state("1,3,2", "1"), /order changed.*keep it/],
    ["a new root before the old one", state("1", "1"), state("2,1", "1"), /new roots come last: \[1, 2\]/],
  ];
  for (const [what, previous, next, message] of refused) {
    it(`refuses ${what}`, () => expect(checkRotation(previous, next)).to.match(message));
  }

  it("lets the new root sign only when every peer trusts it", () => {
    expect(checkRotation(state("1,2", "1"), state("1,2", "2"), [peer("1", "1")])).to.match(
      /trust\.signer: root "2" cannot sign yet, east does not trust it; first run `up` there: pulumi up -s east/,
    );
    expect(checkRotation(state("1,2", "1"), state("1,2", "2"), [peer("1", "1"), { ...peer("1", "1"), stack: "north" }])).to.match(
      /east, north do not trust it; first run `up` there: pulumi up -s east, pulumi up -s north$/,
    );
    expect(checkRotation(state("1,2", "1"), state("1,2", "2"), [peer("1,2", "1")])).to.equal(undefined);
  });

  it("keeps the old root until no peer uses an intermediate that it signed", () => {
    expect(checkRotation(state("1,2", "2"), state("2", "2"), [peer("1,2", "1")])).to.match(
      /trust\.roots: root 1 cannot be removed yet, east still uses .* so that "2" signs for all: pulumi up -s east/,
    );
    expect(checkRotation(state("1,2", "2"), state("2", "2"), [peer("1,2", "1"), { ...peer("1,2", "1"), stack: "north" }])).to.match(
      /east, north still use an intermediate.*: pulumi up -s east, pulumi up -s north$/,
    );
    expect(checkRotation(state("1,2", "2"), state("2", "2"), [peer("1,2", "2")])).to.equal(undefined);
  });
});
