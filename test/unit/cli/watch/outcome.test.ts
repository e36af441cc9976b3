import { expect } from "chai";
import { outcomeOf, unasked } from "../../../../cli/watch/outcome";

describe("a request of a watch", () => {
  it("is answered where the right cluster did, and by nothing else", () => {
    expect(outcomeOf({ status: 200, servedBy: "east", latencyMs: 3 }, "east")).to.deep.equal({ kind: "answered", latencyMs: 3 });
    expect(outcomeOf({ status: 200, servedBy: "north", latencyMs: 3 }, "east")).to.deep.equal({ kind: "failed", seen: "answered by north" });
    expect(outcomeOf({ status: 200, latencyMs: 3 }, "east")).to.deep.equal({ kind: "failed", seen: "answered by something else" });
    expect(outcomeOf({ status: 504, latencyMs: 0 }, "east")).to.deep.equal({ kind: "failed", seen: "HTTP 504, no answer within 1 s" });
    expect(outcomeOf({ status: 418, latencyMs: 0 }, "east")).to.deep.equal({ kind: "failed", seen: "HTTP 418" });
  });

  it("that could not be sent says why, and where", () => {
    const failure = new TypeError("fetch failed", { cause: new Error("connect ECONNREFUSED 127.0.0.1:1") });
    expect(unasked("west", failure)).to.deep.equal({ kind: "unasked", why: "west: connect ECONNREFUSED 127.0.0.1:1" });
    expect(unasked("west", "gone")).to.deep.equal({ kind: "unasked", why: "west: gone" });
  });
});
