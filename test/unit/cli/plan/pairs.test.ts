import { expect } from "chai";
import { readPeer } from "../../../../outputs/peers";
import { planPairs } from "../../../../cli/plan/pairs";
import { facts, peer, settings } from "./support/facts";
import { outputsWith } from "./support/steps";

describe("the plan of pairs", () => {
  it("wires every own cluster with all others that are up, and unwires those that left", () => {
    const model = settings(["west", "north"], { peers: ["east", "south"], trust: { members: ["west", "north", "east", "south"] } });
    const pairs = planPairs(facts(model, [], outputsWith(["west"], ["west->east", "west->gone"]), [peer("east", ["east"]), readPeer("south", {})]));
    expect(pairs).to.deep.equal({ wired: ["north->west", "north->east", "west->north"], unwired: ["west->gone"] });
  });

  it("wires everything where nothing is up", () => {
    expect(planPairs(facts(settings(["west", "east"]), []))).to.deep.equal({ wired: ["east->west", "west->east"], unwired: [] });
  });
});
