import { expect } from "chai";
import { announcement } from "../../../../cli/drill/announce";
import { FAILURES } from "../../../../cli/drill/kinds";
import { drillCluster } from "./support/fake-kube";

const pair = (kind: string | null = "east") => ({ from: drillCluster("west"), to: drillCluster("east", kind) });

describe("what a drill says before it asks", () => {
  it("is every failure that it will make, for each pair, and for how long", () => {
    const text = announcement([pair()], FAILURES, ["off", "on"], 50).join("\n");
    for (const failure of FAILURES) expect(text).to.match(new RegExp(`^    ${failure}: .*, for \\d+ s$`, "m"));
    expect(text).to.contain("in west, east, about").and.contain("west -> east:");
    expect(text).to.contain("it sends 100 requests a second").and.contain("the namespace usmesh-drill, which it removes at the end");
  });

  it("warns of those that touch whole clusters, where they are made", () => {
    expect(announcement([pair()], FAILURES, ["off"], 50).pop()).to.match(/^paused-node, frozen-api-server, istiod-restart: everything else in the cluster stops/);
    expect(announcement([pair()], ["errors"], ["off"], 50).join("\n")).not.to.contain("everything else");
  });

  it("leaves out what it will not make", () => {
    const text = announcement([pair(null)], FAILURES, ["off"], 50).join("\n");
    expect(text).to.contain("errors:").and.not.contain("paused-node").and.not.contain("everything else");
    expect(announcement([pair(null)], ["paused-node"], ["off"], 50)).to.include("    nothing");
  });
});
