import { expect } from "chai";
import { planReport } from "../../../../cli/plan/report";
import { failedPlan } from "../../../../cli/plan/stack-plan";
import { planOf, settings } from "./support/facts";
import { recordedPlan } from "./support/recorded";
import { reportOn, WAITING } from "./support/report";
import { tokenStep } from "./support/steps";

const quiet = recordedPlan("nothing");
const other = recordedPlan("other-cluster");
const signer = recordedPlan("other-signer");
const unknown = planOf(settings(["west"]), [tokenStep("west", 1, "create")]);

describe("the report of a plan", () => {
  it("fits its schema, whatever became of the stacks", () => {
    for (const plans of [[], [other], [unknown], [signer, WAITING, failedPlan("east", "no answer")]]) {
      const report = reportOn(plans);
      expect(planReport.parse(JSON.parse(JSON.stringify(report)))).to.deep.equal(report);
    }
  });

  it("ends with 0 when nothing is dangerous or all of it is allowed, else with 1", () => {
    expect(reportOn([quiet]).exitCode).to.equal(0);
    expect(reportOn([other]).exitCode).to.equal(1);
    expect(reportOn([other], ["changed-root"]).exitCode).to.equal(1);
    expect(reportOn([other], ["replaced-clusters"]).exitCode).to.equal(0);
    expect(reportOn([other, signer], ["replaced-clusters"]).exitCode).to.equal(1);
    expect(reportOn([other, signer], ["replaced-clusters", "changed-root"]).exitCode).to.equal(0);
    expect(reportOn([unknown], ["replaced-clusters", "changed-root"]).exitCode).to.equal(1);
    expect(reportOn([unknown], ["unknown"]).exitCode).to.equal(0);
  });

  it("ends with 2 when a stack could not be planned, whatever the plans of the others are", () => {
    expect(reportOn([failedPlan("east", "no answer"), other]).exitCode).to.equal(2);
    expect(reportOn([WAITING]).exitCode).to.equal(0);
  });
});
