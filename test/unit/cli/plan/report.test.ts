import { expect } from "chai";
import { markdownOf, planOf } from "./support/report";
import { MARKER } from "../../../../cli/plan/markdown";
import { planReport, reportOf } from "../../../../cli/plan/report";
import { dangersOf, failedPlan, planStack, waitingPlan } from "../../../../cli/plan/stack-plan";
import { planText } from "../../../../cli/plan/text";
import { facts, recorded, settings } from "./support/facts";

const other = planStack({ stack: "local", model: settings(["west", "east"], {}, "local"), peers: [], ...recorded("other-cluster") });
const rotation = planStack({
  stack: "local",
  model: settings(["west", "east"], { trust: { roots: ["1", "2"], signer: "2" }, peering: { generation: 2 } }, "local"),
  peers: [],
  ...recorded("new-root-and-tokens"),
});
const nothing = planStack({ stack: "local", model: settings(["west", "east"], {}, "local"), peers: [], ...recorded("nothing") });
const quiet = { ...nothing, clusters: { ...nothing.clusters, changed: [] } };

describe("the report of a plan", () => {
  it("fits its schema, whatever became of the stacks", () => {
    const waiting = waitingPlan(facts(settings(["north"]), []), "first west");
    for (const plans of [[], [other], [rotation, waiting, failedPlan("east", "no answer")]]) {
      const report = planOf(plans);
      expect(planReport.parse(JSON.parse(JSON.stringify(report)))).to.deep.equal(report);
    }
  });

  it("ends with 0 when nothing is dangerous or all of it is allowed, else with 1", () => {
    expect(planOf([quiet]).exitCode).to.equal(0);
    expect(planOf([other]).exitCode).to.equal(1);
    expect(planOf([other], ["changed-root"]).exitCode).to.equal(1);
    expect(planOf([other], ["replaced-clusters"]).exitCode).to.equal(0);
    expect(planOf([other, rotation], ["replaced-clusters"]).exitCode).to.equal(1);
    expect(planOf([other, rotation], ["replaced-clusters", "changed-root"]).exitCode).to.equal(0);
  });

  it("ends with 2 when a stack could not be planned, whatever is with the others", () => {
    expect(planOf([failedPlan("east", "no answer"), other]).exitCode).to.equal(2);
    expect(planOf([waitingPlan(facts(settings(["north"]), []), "first west")]).exitCode).to.equal(0);
  });
});

describe("the plan as text", () => {
  const text = (...args: Parameters<typeof planOf>): string => planText(planOf(...args), false);

  it("says what happens in the mesh's own words, what is dangerous and how to allow it", () => {
    expect(text([other])).to.contain("stack local: 6 to create, 1 to update, 9 to replace, 11 to delete");
    expect(text([other])).to.contain("! east is replaced, with everything in it: its kubeconfig leads to another cluster");
    expect(text([other])).to.match(/^ {2}IstioPrimary +0 +0 +6 +0$/m);
    expect(text([other])).to.contain("DANGER  stack local: cluster east is replaced");
    expect(text([other])).to.match(/--allow replaced-clusters$/);
    expect(text([other], ["replaced-clusters"])).to.match(/everything dangerous is allowed$/);
  });

  it("names a subject once", () => {
    const lines = text([rotation]).split("\n");
    expect(lines.filter((line) => line.includes("root"))).to.deep.equal([
      "  trust      + root 2 is trusted",
      "             ! root 2 signs instead of root 1",
      "  DANGER  stack local: root 2 signs instead of root 1 (changed-root)",
      "dangerous; if it is meant: --allow changed-root",
    ]);
    expect(lines).to.include("  tokens     + east: reader's token 2 is issued");
  });

  it("is short when there is nothing to do", () => expect(text([quiet])).to.equal("stack local: nothing to do\n\nnothing dangerous"));

  it("says why a stack waits or could not be planned, and what else is to be known", () => {
    const report = reportOf([waitingPlan(facts(settings(["north"]), []), "first west"), failedPlan("east", "no answer\nask again")], [], ["stack old has no file"]);
    const lines = planText(report, false).split("\n");
    expect(lines).to.include("stack north: waits for another stack".replace("north", "west"));
    expect(lines).to.include.members(["  first west", "stack east: could not be planned", "  no answer", "  ask again", "warning: stack old has no file", "not everything could be planned"]);
  });

  it("has colours only on a terminal", () => {
    const escape = String.fromCharCode(27);
    expect(planText(planOf([other]), true)).to.contain(`${escape}[31m!${escape}[39m`);
    expect(text([other])).not.to.contain(escape);
  });
});

describe("the plan as a comment", () => {
  it("begins with the mark by which it is found again", () => expect(markdownOf([quiet]).startsWith(`${MARKER}\n`)).to.equal(true));

  it("shows changes as a diff, counts folded away, and the label that allows what is dangerous", () => {
    const comment = markdownOf([other]);
    expect(comment).to.contain("## Mesh plan: **Dangerous, and not allowed**");
    expect(comment).to.match(/```diff\n! clusters: east is replaced.*\n[^`]*\n```/);
    expect(comment).to.contain("| IstioPrimary | 0 | 0 | 6 | 0 |");
    expect(comment).to.contain("put the label `allow-replaced-clusters` on the pull request");
    expect(markdownOf([other], ["replaced-clusters"])).to.contain("allowed by the label `allow-replaced-clusters`").and.to.contain("Nothing dangerous that is not allowed");
  });

  it("keeps what others wrote in its place", () => {
    const comment = markdownOf([failedPlan("east", "wrong ```yaml``` <script>")], [], ["stack <b> of @somebody\nis | odd"]);
    expect(comment).to.contain("````text\nwrong ```yaml``` <script>\n````");
    expect(comment).to.contain("> ⚠️ stack &#60;b&#62; of &#64;somebody is &#124; odd");
  });

  it("has nothing but its heading when there is nothing to do", () => {
    expect(markdownOf([quiet])).to.equal(`${MARKER}\n\n## Mesh plan: Nothing dangerous that is not allowed\n\n### \`local\`: nothing to do\n`);
  });
});

describe("what is dangerous", () => {
  it("is told for each stack, with whether it is allowed", () => {
    expect(dangersOf(rotation, ["changed-root"])).to.deep.equal([{ danger: "changed-root", stack: "local", what: "root 2 signs instead of root 1", allowed: true }]);
    expect(dangersOf(quiet, [])).to.deep.equal([]);
  });
});
