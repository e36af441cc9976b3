import { expect } from "chai";
import { nameLookup } from "../../../../../cli/verify/gather/names";

describe("the look-up of names", () => {
  const refusing = (code: string) => () => Promise.reject(Object.assign(new Error(code), { code }));

  it("asks for each name once, however many pairs of clusters want to know at the same time", async () => {
    const asked: string[] = [];
    const isKnown = nameLookup(1000, (host) => Promise.resolve(asked.push(host)));
    expect(await Promise.all(["west", "east", "west", "west"].map((host) => isKnown(host)))).to.deep.equal([true, true, true, true]);
    expect(asked).to.deep.equal(["west", "east"]);
  });

  for (const code of ["ENOTFOUND", "EAI_AGAIN"]) {
    it(`takes a name for unknown when the resolver says ${code}`, async () => expect(await nameLookup(1000, refusing(code))("west")).to.equal(false));
  }

  it("takes a name for unknown when no answer comes", async () => {
    expect(await nameLookup(1, () => new Promise(() => undefined))("west")).to.equal(false);
  });

  it("takes a name for known when it is the look-up itself that fails", async () => expect(await nameLookup(1000, refusing("EMFILE"))("west")).to.equal(true));

  it("knows addresses", async () => expect(await nameLookup(1000)("127.0.0.1")).to.equal(true));
});
