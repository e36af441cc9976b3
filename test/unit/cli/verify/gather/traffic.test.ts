import { expect } from "chai";
import { trafficOrReason } from "../../../../../cli/verify/gather/traffic";
import type { Target } from "../../../../../cli/verify/targets";

describe("requests between clusters that cannot be sent at all", () => {
  it("have the reason for every pair and every cluster", async () => {
    const targets = ["west", "east"].map((key) => ({ key }) as Target);
    const failed = await trafficOrReason(targets, () => undefined, () => Promise.reject(new Error("no room")));
    const reason = { ok: false, error: "no room" };
    expect([...failed.pairs]).to.deep.equal(["west->east", "east->west"].map((pair) => [pair, reason]));
    expect([...failed.plaintext]).to.deep.equal(["west", "east"].map((key) => [key, reason]));
  });
});
