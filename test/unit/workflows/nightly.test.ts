import { expect } from "chai";
import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";

interface Workflow {
  readonly on: { readonly schedule: readonly { readonly cron: string }[] };
  readonly permissions: object;
  readonly jobs: { readonly soak: { readonly steps: readonly { readonly uses?: string; readonly with?: Readonly<Record<string, unknown>>; readonly run?: string }[] } };
}

const root = path.join(__dirname, "../../..");
const { on, permissions, jobs } = parse(fs.readFileSync(path.join(root, ".github/workflows/nightly.yml"), "utf8")) as Workflow;
const { steps } = jobs.soak;

describe("the nightly workflow", () => {
  it("runs once a night, and may read nothing but the code", () => {
    expect(on.schedule).to.have.length(1);
    expect(on.schedule[0]!.cron).to.match(/^\d+ \d+ \* \* \*$/);
    expect(permissions).to.deep.equal({ contents: "read" });
  });

  it("has the whole history, from which the tests take the program of an earlier commit", () => {
    const former = fs.readFileSync(path.join(root, "test/soak/support/former.ts"), "utf8");
    expect(former).to.match(/const COMMIT = "[0-9a-f]{40}"/);
    expect(steps.find(({ uses }) => uses?.startsWith("actions/checkout@"))?.with).to.deep.equal({ "persist-credentials": false, "fetch-depth": 0 });
    expect(steps.map(({ run }) => run)).to.include("./mesh test soak");
  });
});
