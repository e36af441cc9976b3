import { expect } from "chai";
import { failedPlan, planStack, waitingPlan } from "../../../../cli/plan/stack-plan";
import { notUpWarning, readPeer } from "../../../../outputs/peers";
import { dangerLines, facts, peer, planOf, settings } from "./support/facts";
import { RECORDED, recordedJson, recordedPlan, renamed } from "./support/recorded";
import { tokenStep } from "./support/steps";

/** The dangers in the recorded previews. */
const DANGERS: Readonly<Record<string, readonly string[]>> = {
  "kind-instead": ["replaced-clusters: cluster east is replaced: its kubeconfig leads to another cluster"],
  "new-root-and-tokens": [],
  nothing: [],
  "other-cluster": ["replaced-clusters: cluster east is replaced: its kubeconfig leads to another cluster"],
  "other-signer": ["changed-root: root 2 signs instead of root 1"],
  "removed-root": ["changed-root: root 1 is no longer trusted"],
  "replaced-roots": ["1", "2"].map((root) => `changed-root: root ${root} is replaced by another one: requests fail until every cluster trusts it`),
};

describe("the plan of a stack, from previews that the real engine printed", () => {
  it("is tested with every recorded preview", () => expect(Object.keys(DANGERS)).to.have.members(RECORDED));

  for (const [name, expected] of Object.entries(DANGERS)) {
    it(`finds the dangers of ${name}`, () => expect(dangerLines(recordedPlan(name))).to.deep.equal(expected));

    it(`is the same for ${name} when every resource has another name`, () => {
      const json = renamed(recordedJson(name));
      expect(json).not.to.match(/::(west|east|trust|demo|peering)[-"]/);
      expect(recordedPlan(name, json)).to.deep.equal(recordedPlan(name));
    });
  }

  it("reports tokens, roots and workloads beside the dangers", () => {
    const plan = recordedPlan("new-root-and-tokens");
    expect(plan.trust).to.deep.equal([{ change: "root-added", root: "2" }]);
    expect(plan.tokens).to.have.deep.members(["west", "east"].map((cluster) => ({ cluster, generation: 2, change: "issued" })));
    expect(plan.workloads).to.deep.equal([
      { workload: "webapp", cluster: "west", change: "delete" },
      { workload: "catalog", cluster: "east", change: "delete" },
    ]);
    const { trust, tokens } = recordedPlan("other-signer");
    expect(trust.filter(({ change }) => change === "intermediate-reissued").map(({ cluster }) => cluster)).to.have.members(["west", "east"]);
    expect(tokens.filter(({ change }) => change === "withdrawn").map(({ cluster, generation }) => `${cluster} ${generation}`)).to.have.members(["west 1", "east 1"]);
  });

  it("does not report the tokens of a replaced cluster on their own", () => expect(recordedPlan("other-cluster").tokens).to.deep.equal([]));
});

describe("the plan of a stack", () => {
  it("holds the peers that are not up, and what else the program warned of", () => {
    const model = settings(["west"], { peers: ["east", "south"], trust: { members: ["west", "east", "south"] } });
    const peers = [peer("east", ["east"]), readPeer("south", {})];
    // The program's own warning about a peer may be older than what was read of the peer now.
    const warnings = [notUpWarning("west", "east"), "the disk is full"];
    expect(planStack({ ...facts(model, [], undefined, peers), warnings }).warnings).to.deep.equal([notUpWarning("west", "south"), "the disk is full"]);
  });

  it("has no counts and no changes of resources where nothing was previewed", () => {
    const plan = planStack({ ...facts(settings(["west"]), []), resources: undefined });
    expect(plan).not.to.have.property("resources");
    expect(plan).not.to.have.property("unknown");
    expect(plan.clusters.joining).to.deep.equal([{ cluster: "west", driver: "existing" }]);
  });

  it("holds unknown changes only where there are some", () => {
    expect(planOf(settings(["west"]), [])).not.to.have.property("unknown");
    expect(planOf(settings(["west"]), [tokenStep("west", 1, "create")])).to.have.property("unknown").with.length(1);
  });

  it("says why a stack waits or could not be planned", () => {
    expect(waitingPlan(facts(settings(["north"]), []), "first west")).to.deep.include({ state: "waiting", reason: "first west" });
    expect(failedPlan("east", "no answer")).to.deep.include({ stack: "east", state: "failed", reason: "no answer", tokens: [] });
  });
});
