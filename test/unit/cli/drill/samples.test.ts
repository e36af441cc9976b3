import { expect } from "chai";
import { figuresOf, type Sample, stateOf } from "../../../../cli/drill/samples";

const SIDES = { home: "west", elsewhere: "east" };
const MOMENTS = { failed: 10_000, healed: 20_000 };

/** A request every 100 ms, each ending 10 ms later, from 8 s to 24 s. @param by who answers at a moment; undefined: 500 from west. */
function stream(by: (sent: number) => string | undefined): Sample[] {
  return Array.from({ length: 160 }, (_, index): Sample => {
    const sent = 8000 + index * 100;
    const servedBy = by(sent);
    return { retries: "off", sent, ended: sent + 10, status: servedBy === undefined ? 500 : 200, servedBy: servedBy ?? "west" };
  });
}

const failover = stream((sent) => (sent < 10_000 || sent >= 22_000 ? "west" : sent < 10_500 ? undefined : "east"));

describe("the figures of a failure", () => {
  it("are the requests that failed, and the seconds until elsewhere answered and until home was back", () => {
    const figures = figuresOf(failover, MOMENTS, SIDES);
    expect(figures).to.deep.include({ secondsToElsewhere: 0.51, secondsFailing: 0.41, secondsToBack: 2.01, failingAtTheEnd: false });
    expect(figures.before).to.deep.equal({ sent: 20, failed: 0, failures: {}, answers: { west: 20 } });
    expect(figures.during).to.deep.equal({ sent: 100, failed: 5, failures: { "500": 5 }, answers: { east: 95 } });
    expect(figures.after).to.deep.equal({ sent: 40, failed: 0, failures: {}, answers: { east: 20, west: 20 } });
  });

  it("count every request once", () => {
    const { before, during, after } = figuresOf(failover, MOMENTS, SIDES);
    expect(before.sent + during.sent + after.sent).to.equal(failover.length);
  });

  it("count a request that was under way when the failure was made as one of the failure", () => {
    const late: Sample = { retries: "off", sent: 9990, ended: 11_000, status: 504 };
    const { before, during } = figuresOf([...failover, late], MOMENTS, SIDES);
    expect([before.failed, during.failed]).to.deep.equal([0, 6]);
  });

  it("have no first answer from elsewhere where answers came from there before", () => {
    const mixed = stream((sent) => (sent % 200 === 0 ? "east" : sent >= 10_000 && sent < 20_000 ? undefined : "west"));
    expect(figuresOf(mixed, MOMENTS, SIDES)).to.include({ secondsToElsewhere: undefined, failingAtTheEnd: true });
  });

  it("have none either where nobody else can answer", () => {
    expect(figuresOf(failover, MOMENTS, { home: "west" }).secondsToElsewhere).to.equal(undefined);
  });

  it("take an answer of 500 from elsewhere for a failure, and not for an answer", () => {
    const wrong: Sample = { retries: "off", sent: 10_000, ended: 10_050, status: 500, servedBy: "east" };
    expect(figuresOf([...failover, wrong], MOMENTS, SIDES).secondsToElsewhere).to.equal(0.51);
  });

  it("have nothing to come back from where home never stopped to answer", () => {
    const untouched = figuresOf(stream(() => "west"), MOMENTS, SIDES);
    expect(untouched).to.include({ secondsToElsewhere: undefined, secondsFailing: undefined, secondsToBack: undefined, failingAtTheEnd: false });
  });

  it("have no return to the home cluster where it no longer answers", () => {
    expect(figuresOf(stream((sent) => (sent < 10_000 ? "west" : "east")), MOMENTS, SIDES).secondsToBack).to.equal(undefined);
  });

  it("say that requests failed to the end, and until when", () => {
    const figures = figuresOf(stream((sent) => (sent < 10_000 || sent >= 20_500 ? "west" : undefined)), MOMENTS, SIDES);
    expect(figures).to.include({ failingAtTheEnd: true, secondsFailing: 10.41, secondsToBack: 0.51 });
  });

  it("hold for more requests than a call may have arguments", () => {
    const many = Array.from({ length: 300_000 }, (): Sample => ({ retries: "off", sent: 15_000, ended: 15_001, status: 503 }));
    expect(figuresOf(many, MOMENTS, SIDES).secondsFailing).to.equal(5);
  });
});

describe("the state of a stream", () => {
  const state = (by: (sent: number) => string | undefined, enough = 10): string => stateOf(stream(by), "west", enough);

  it("is home when home alone answers", () => expect(state(() => "west")).to.equal("home"));
  it("is mixed when another answers too", () => expect(state((sent) => (sent === 21_000 ? "east" : "west"))).to.equal("mixed"));
  it("is failing when one request failed", () => expect(state((sent) => (sent === 21_000 ? undefined : "west"))).to.equal("failing"));
  it("is quiet when too few ended", () => expect(state(() => "west", 161)).to.equal("quiet"));
});
