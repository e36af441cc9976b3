import { expect } from "chai";
import type { CaseResult, Series } from "../../../bench/case";
import { checkResult, isMet, median, ratioGoal, ratios, spread } from "../../../bench/statistics";

const series = (name: string, side: string, values: number[], unit: Series["unit"] = "s"): Series => ({ name, side, unit, values });

describe("the statistics of the benchmark", () => {
  it("take the middle value, and of an even number the mean of both middle ones, in whatever order they come", () => {
    expect(median([3])).to.equal(3);
    expect(median([9, 1, 10])).to.equal(9);
    expect(median([10, 1, 4, 2])).to.equal(3);
  });

  it("have no median of nothing, or of what is not a number", () => {
    expect(() => median([])).to.throw("no median of []");
    expect(() => median([1, Number.NaN])).to.throw("NaN");
  });

  it("have minimum and maximum beside it, and leave the values as they are", () => {
    const values = [5, 1, 3];
    expect(spread(values)).to.deep.equal({ median: 3, min: 1, max: 5 });
    expect(values).to.deep.equal([5, 1, 3]);
  });

  it("compare each other side with the first one of the same name and unit", () => {
    const found = ratios([series("up", "usmesh", [2, 4, 3]), series("up", "script", [6]), series("down", "usmesh", [1]), series("up", "usmesh", [1], "MiB"), series("up", "by hand", [30])]);
    expect(found).to.deep.equal([
      { name: "up", side: "usmesh", other: "script", ratio: 0.5 },
      { name: "up", side: "usmesh", other: "by hand", ratio: 0.1 },
    ]);
  });
});

describe("a goal of the benchmark", () => {
  it("is met at its limit, and missed above it", () => {
    const goal = { name: "up", atMost: 8, unit: "s" as const };
    expect([7.9, 8, 8.001, Number.NaN].map((actual) => isMet({ ...goal, actual }))).to.deep.equal([true, true, false, false]);
  });

  it("can be a ratio of medians", () => {
    expect(ratioGoal("up", [4, 100, 2], [8, 8, 1], 0.45)).to.deep.equal({ name: "up", actual: 0.5, atMost: 0.45, unit: "×" });
  });
});

describe("what a case returns", () => {
  const result = (more: Partial<CaseResult>): CaseResult => ({ series: [series("up", "usmesh", [1])], goals: [], notes: [], ...more });

  it("has values in each series, and each series once", () => {
    expect(() => checkResult(result({}))).not.to.throw();
    expect(() => checkResult(result({ series: [series("up", "usmesh", [])] }))).to.throw("no median");
    expect(() => checkResult(result({ series: [series("up", "usmesh", [1]), series("up", "usmesh", [2])] }))).to.throw("the series up of usmesh is there twice");
  });

  it("has a number in each goal", () => {
    expect(() => checkResult(result({ goals: [{ name: "fast", actual: Number.NaN, atMost: 1, unit: "s" }] }))).to.throw("the goal fast has no number");
  });
});
