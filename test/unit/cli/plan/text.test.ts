import { expect } from "chai";
import { reportOf } from "../../../../cli/plan/report";
import { failedPlan } from "../../../../cli/plan/stack-plan";
import { planText } from "../../../../cli/plan/text";
import { recordedPlan } from "./support/recorded";
import { reportOn, WAITING } from "./support/report";

const text = (...args: Parameters<typeof reportOn>): string => planText(reportOn(...args), false);
const other = recordedPlan("other-cluster");

describe("the plan as text", () => {
  it("says what happens in terms of the mesh, what is dangerous and how to allow it", () => {
    expect(text([other])).to.contain("stack local: 1 to update, 13 to replace");
    expect(text([other])).to.contain("! east is replaced, with everything in it: its kubeconfig leads to another cluster");
    expect(text([other])).to.match(/^ {2}IstioPrimary +0 +0 +6 +0$/m);
    expect(text([other])).to.contain("DANGER  stack local: cluster east is replaced");
    expect(text([other])).to.match(/--allow replaced-clusters$/m);
    const dangers = (["unwired-pairs", "changed-root"] as const).map((danger) => ({ danger, stack: "local", what: "it", allowed: danger === "changed-root" }));
    expect(planText(reportOf([other], dangers, []), false), "what is allowed already is not in it").to.match(/--allow unwired-pairs$/m).and.to.match(/^ +RESOURCES OF +CREATE +UPDATE +REPLACE +DELETE$/m);
    expect(text([other], ["replaced-clusters"])).to.match(/allowed {2}stack local[^]*everything dangerous is allowed$/);
  });

  it("names a subject once", () => {
    const lines = text([recordedPlan("other-signer")]).split("\n");
    expect(lines.slice(0, 4)).to.deep.equal([
      "stack local: 2 to create, 6 to update, 2 to replace, 2 to delete",
      "  trust   ! root 2 signs instead of root 1",
      "          ~ intermediates reissued: east, west",
      "  tokens  + west: reader token 3 is issued",
    ]);
    expect(lines.slice(-3)).to.deep.equal([
      "  DANGER  stack local: root 2 signs instead of root 1 (changed-root)",
      "dangerous; if this is intended: --allow changed-root",
      "See docs/troubleshooting.md#plan-dangerous",
    ]);
  });

  it("is short when there is nothing to do", () => expect(text([recordedPlan("nothing")])).to.equal("stack local: nothing to do\n\nnothing dangerous"));

  it("says why a stack waits or could not be planned, and the warnings", () => {
    const report = reportOf([{ ...WAITING, warnings: ["east is not up"] }, failedPlan("east", "no answer\nask again")], [], ["stack old has no file"]);
    const lines = planText(report, false).split("\n");
    const expected = ["stack west: waits for another stack", "  first west", "  warning: east is not up", "stack east: could not be planned", "  no answer", "  ask again"];
    expect(lines).to.include.members([...expected, "warning: stack old has no file", "not everything could be planned"]);
  });

  it("has colours only where they are asked for", () => {
    const escape = String.fromCharCode(27);
    expect(planText(reportOn([other]), true)).to.contain(`${escape}[31m!${escape}[39m`);
    expect(text([other])).not.to.contain(escape);
  });
});
