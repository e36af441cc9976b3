import { expect } from "chai";
import { planOf, settings } from "./support/facts";
import { clusterSteps, outputsWith, tokenStep } from "./support/steps";

describe("the plan of tokens", () => {
  const west = clusterSteps("west");
  const tokens = (...steps: Parameters<typeof planOf>[1]) => planOf(settings(["west"]), [...west, ...steps], outputsWith(["west"])).tokens;

  it("issues a token and withdraws the one before the last", () => {
    expect(tokens(tokenStep("west", 3, "create"), tokenStep("west", 1, "delete"))).to.deep.equal([
      { cluster: "west", generation: 3, change: "issued" },
      { cluster: "west", generation: 1, change: "withdrawn" },
    ]);
  });

  it("names the account of a token, where each peer has its own", () => {
    const name = "stack-east-1";
    const step = { op: "create", types: "DiscoveryProxy$kubernetes:core/v1:Secret", name, cluster: "west", after: { type: "kubernetes.io/service-account-token", metadata: { name } } };
    expect(tokens(step)).to.deep.equal([{ cluster: "west", generation: 1, account: "stack-east", change: "issued" }]);
  });

  it("reissues a token that is replaced, or deleted and created by another resource", () => {
    const reissued = [{ cluster: "west", generation: 1, change: "reissued" }];
    expect(tokens(tokenStep("west", 1, "replace"))).to.deep.equal(reissued);
    expect(tokens(tokenStep("west", 1, "create", "new"), tokenStep("west", 1, "delete", "old"))).to.deep.equal(reissued);
  });

  it("does not take an updated token for another one", () => expect(tokens(tokenStep("west", 1, "update"))).to.deep.equal([]));

  it("leaves out the tokens of clusters that join, leave or are replaced", () => {
    const steps = [
      ...clusterSteps("north", "create"),
      tokenStep("north", 1, "create"),
      ...clusterSteps("east", "delete"),
      tokenStep("east", 1, "delete"),
      ...clusterSteps("south", "same", { provider: "replace" }),
      tokenStep("south", 1, "replace"),
    ];
    const plan = planOf(settings(["west", "north", "south"]), [...west, ...steps], outputsWith(["west", "east", "south"]));
    expect(plan.tokens).to.deep.equal([]);
    expect(plan).not.to.have.property("unknown");
  });
});
