import { expect } from "chai";
import fc from "fast-check";
import { fitted, widthOf, wrapped } from "../../../../../cli/topology/picture/measure";

const text = fc.string({ unit: "grapheme", maxLength: 120 });
const width = fc.integer({ min: 30, max: 400 });

describe("a text in the picture", () => {
  it("is never wider than its room, and whole where there is room", () => {
    fc.assert(fc.property(text, width, (said, room) => void expect(widthOf(fitted(said, 12, room), 12)).to.be.at.most(room)));
    expect(fitted("west-network", 12, 200)).to.equal("west-network");
    expect(fitted("west-network", 12, 60)).to.equal("west-ne…");
  });

  it("is broken into lines that fit, and loses nothing", () => {
    fc.assert(
      fc.property(text, width, (said, room) => {
        const lines = wrapped(said, 12, room);
        for (const line of lines) expect(widthOf(line, 12)).to.be.at.most(room);
        expect(lines.join("").replace(/\s/g, "")).to.equal(said.replace(/\s/g, ""));
      }),
    );
    expect(wrapped("one two  three", 12, 60)).to.deep.equal(["one two", "three"]);
  });

  it("takes two columns for letters of East Asia", () => {
    expect(widthOf("世", 10)).to.equal(2 * widthOf("w", 10));
  });
});
