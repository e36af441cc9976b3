import { expect } from "chai";
import { MARKER, planMarkdown } from "../../../../cli/plan/markdown";
import { failedPlan } from "../../../../cli/plan/stack-plan";
import { recordedPlan } from "./support/recorded";
import { reportOn, WAITING } from "./support/report";

const markdown = (...args: Parameters<typeof reportOn>): string => planMarkdown(reportOn(...args));
const other = recordedPlan("other-cluster");

describe("the plan as a comment", () => {
  it("begins with the mark by which it is found again", () => expect(markdown([other]).startsWith(`${MARKER}\n`)).to.equal(true));

  it("shows changes as a diff, counts folded, and the label that allows what is dangerous", () => {
    const comment = markdown([other]);
    expect(comment).to.contain("## Mesh plan: **Dangerous, and not allowed**");
    expect(comment).to.match(/```diff\n! clusters: east is replaced.*\n[^`]*\n```/);
    expect(comment).to.contain("| IstioPrimary | 0 | 0 | 6 | 0 |");
    expect(comment).to.contain("put the label `allow-replaced-clusters` on the pull request");
    expect(markdown([other], ["replaced-clusters"])).to.contain("allowed by the label `allow-replaced-clusters`").and.to.contain("Nothing dangerous that is not allowed");
  });

  it("does not let text from another source break the comment", () => {
    const comment = markdown([failedPlan("east", "wrong ```yaml``` <script>")], [], ["stack <b> of @somebody\nis | odd"]);
    expect(comment).to.contain("````text\nwrong ```yaml``` <script>\n````");
    expect(comment).to.contain("> ⚠️ stack &#60;b&#62; of &#64;somebody is &#124; odd");
  });

  it("says why a stack waits, and its warnings", () => {
    expect(markdown([{ ...WAITING, warnings: ["east is not up"] }])).to.contain("### `west`: waits for another stack\n\nfirst west\n").and.to.contain("> ⚠️ east is not up");
  });

  it("has nothing but its heading when there is nothing to do", () => {
    expect(markdown([recordedPlan("nothing")])).to.equal(`${MARKER}\n\n## Mesh plan: Nothing dangerous that is not allowed\n\n### \`local\`: nothing to do\n`);
  });
});
