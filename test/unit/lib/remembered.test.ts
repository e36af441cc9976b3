import { expect } from "chai";
import { remembered } from "../../../lib/remembered";

describe("what is remembered", () => {
  let asked: string[];
  beforeEach(() => (asked = []));
  const give = (text: string): { text: string } => {
    asked.push(text);
    if (text === "") throw new Error("empty");
    return { text };
  };

  it("is given again for the same text, without asking", () => {
    const of = remembered(2, give);
    expect(of("a")).to.equal(of("a")).and.to.deep.equal({ text: "a" });
    expect(of("b")).to.deep.equal({ text: "b" });
    expect(asked).to.deep.equal(["a", "b"]);
  });

  it("is never more than the limit", () => {
    const of = remembered(2, give);
    for (const text of ["a", "b", "c", "c", "a"]) of(text);
    expect(asked).to.deep.equal(["a", "b", "c", "a"]);
  });

  it("does not include errors: the function is asked again", () => {
    const of = remembered(2, give);
    for (let time = 0; time < 2; time++) expect(() => of("")).to.throw("empty");
    expect(asked).to.deep.equal(["", ""]);
  });
});
