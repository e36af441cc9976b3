import { expect } from "chai";
import { itRefuses, problemsOf, two } from "../support/refusals";

const order = (regions: object, more: object = {}) => ({ clusters: two, failover: { regions }, ...more });

describe("the check of failover", () => {
  itRefuses([
    ["an order for a region that no own cluster is in", order({ wetsus: "eastus" }), "usmesh:failover.regions.wetsus", /no cluster of this stack is in region "wetsus"\. Did you mean "westus"\?/],
    ["an order for a peer's region", order({ northus: "eastus" }, { peers: ["north"] }), "usmesh:failover.regions.northus", /no cluster of this stack .* The regions are: westus, eastus\./],
    ["a region that takes over from itself", order({ westus: "westus" }), "usmesh:failover.regions.westus", /the region itself/],
    ["a region that no cluster is in", order({ westus: "mars" }), "usmesh:failover.regions.westus", /no cluster of the mesh is in region "mars"\. The regions are: westus, eastus\./],
  ]);

  it("accepts regions of its own clusters, and any region that a peer may have", () => {
    expect(problemsOf(order({ westus: "eastus", eastus: "westus" }))).to.deep.equal([]);
    expect(problemsOf(order({ westus: "northus" }, { peers: ["north"] }))).to.deep.equal([]);
  });

  it("says nothing of an order when the regions themselves are wrong", () => {
    const clusters = { west: { region: "a b" }, east: {} };
    expect(problemsOf({ clusters, failover: { regions: { "a-b": "eastus" } } })).to.have.length(1);
  });
});
