import * as sdk from "@pulumi/pulumi/automation/errors";
import { expect } from "chai";
import { problemOf, PulumiError, type PulumiProblem } from "../../../../cli/lib/pulumi-errors";
import { EXIT } from "../../../../lib/errors";

/** What Pulumi 3.259.0 says, as it was recorded; the last lock is that of Pulumi's own service. */
const RECORDED: readonly (readonly [PulumiProblem | undefined, string])[] = [
  ["stack-exists", "error: stack 'organization/usmesh/local' already exists"],
  ["no-such-stack", "error: no stack named 'nowhere' found"],
  ["no-such-stack", "error: no stack named 'organization/other/nowhere' found"],
  [
    "locked",
    "error: could not import deployment: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock file with `pulumi cancel`.\n" +
      "  file:///state/.pulumi/locks/organization/usmesh/local/a.json?metadata=skip&no_tmp_dir=true: created by ann@there (pid 1) at 2026-01-02T03:04:05Z",
  ],
  ["locked", "error: [409] Conflict: Another update is currently in progress."],
  ["wrong-passphrase", "error: getting stack configuration: get stack secrets manager: incorrect passphrase"],
  [undefined, "error: failed to load checkpoint: EOF"],
  [undefined, ""],
];

/** Names of the Automation API's errors for the same. */
const NAMES: Readonly<Record<PulumiProblem, string>> = {
  "stack-exists": "StackAlreadyExistsError",
  "no-such-stack": "StackNotFoundError",
  locked: "ConcurrentUpdateError",
  "wrong-passphrase": "CommandError",
};

describe("what Pulumi says", () => {
  for (const [problem, stderr] of RECORDED) {
    it(`is about ${problem ?? "nothing in particular"}: ${stderr.split("\n")[0]}`, () => {
      expect(problemOf(stderr)).to.equal(problem);
    });
  }

  it("is understood as Pulumi's Automation API understands it", () => {
    const { createCommandError } = sdk as unknown as { readonly createCommandError: (result: { stderr: string }) => Error };
    for (const [problem, stderr] of RECORDED) {
      expect(createCommandError({ stderr }).name, stderr).to.equal(problem === undefined ? "CommandError" : NAMES[problem]);
    }
  });
});

describe("a failure of Pulumi", () => {
  it("has what Pulumi said, and what to do about it", () => {
    const error = new PulumiError("pulumi stack export", 255, "error: incorrect passphrase\n");
    expect(error).to.include({ message: "pulumi stack export failed with exit code 255", problem: "wrong-passphrase", section: "wrong-passphrase", exitCode: EXIT.failed });
    expect(error.hint).to.match(/^error: incorrect passphrase\nThe state is protected by another passphrase: set PULUMI_CONFIG_PASSPHRASE_FILE/);
  });

  it("refers to what was on the terminal when Pulumi said it there", () => {
    const error = new PulumiError("pulumi up --stack west", 255, "");
    expect(error).to.have.property("section", "pulumi-failed");
    expect(error.hint).to.contain("run the same command again to continue");
  });

  it("of a stack that is locked counts as something that could not be tried", () => {
    const error = new PulumiError("pulumi stack import", 255, "error: the stack is currently locked by 1 lock(s)");
    expect(error).to.include({ section: "stack-locked", exitCode: EXIT.unusable });
  });
});
