import { expect } from "chai";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { folderForEach } from "../../unit/cli/support/folder";

interface Workflow {
  readonly on: { readonly schedule: readonly { readonly cron: string }[] };
  readonly permissions: object;
  readonly jobs: {
    readonly renew: {
      readonly environment: string;
      readonly permissions: object;
      readonly env: Readonly<Record<string, string>>;
      readonly steps: readonly { readonly name?: string; readonly uses?: string; readonly with?: Readonly<Record<string, unknown>>; readonly run?: string }[];
    };
  };
}

const root = path.join(__dirname, "../../..");
const file = fs.readFileSync(path.join(root, ".github/workflows/renew.yml"), "utf8");
const { on, permissions, jobs } = parse(file) as Workflow;
const { steps } = jobs.renew;
const { run = "" } = steps.find(({ name }) => name === "renew") ?? {};

const ENDING = JSON.stringify({ findings: [{ check: "trust.expiry", status: "warn", cluster: "west", seen: "usmesh root CA 1 ends in 12 days" }] });
const WELL = JSON.stringify({ findings: [{ check: "trust.expiry", status: "pass", cluster: "west", seen: "ends in 300 days" }, { check: "trust.usage", status: "warn", cluster: "west", seen: "no path length" }] });

describe("the weekly workflow that renews", () => {
  it("runs once a week, with the secrets of an environment of its own, and may read nothing but the code", () => {
    expect(on.schedule).to.have.length(1);
    expect(on.schedule[0]!.cron).to.match(/^\d+ \d+ \* \* [0-6]$/);
    expect(jobs.renew.environment).to.equal("mesh");
    expect(permissions).to.deep.equal({});
    expect(jobs.renew.permissions).to.deep.equal({ contents: "read" });
    expect(steps.find(({ uses }) => uses?.startsWith("actions/checkout@"))?.with).to.include({ "persist-credentials": false });
  });

  it("uses actions by commit, with the release in a comment, and the Pulumi that the program is written for", () => {
    const used = file.split("\n").filter((line) => /\buses:/.test(line));
    expect(used).to.have.length(3);
    for (const line of used) expect(line).to.match(/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    const { dependencies } = JSON.parse(fs.readFileSync(path.join(root, "package.json"), "utf8")) as { dependencies: Record<string, string> };
    expect(steps.find(({ uses }) => uses?.startsWith("pulumi/actions@"))?.with).to.deep.equal({ "pulumi-version": dependencies["@pulumi/pulumi"]?.replace("^", "") });
    expect(run).not.to.contain("${{");
  });

  describe("in its script", () => {
    const folder = folderForEach();

    /** Runs the script beside a `./mesh` that notes what it is asked, and answers as given. */
    function execute(answers: Partial<Record<"first" | "plan" | "up" | "verify", number>>, report = WELL, env: Record<string, string> = {}): { code: number | null; output: string; asked: string[] } {
      const { first = 0, plan = 0, up = 0, verify = 0 } = answers;
      const mesh = [
        "#!/bin/sh",
        'echo "$*" >> asked',
        `case "$*" in *--json*) echo '${report}'; exit ${verify};; verify*) exit ${first};; plan*) exit ${plan};; up*) echo "$TOKEN"; exit ${up};; esac`,
      ].join("\n");
      fs.writeFileSync(path.join(folder(), "mesh"), mesh, { mode: 0o755 });
      const given = { PULUMI_BACKEND_URL: "s3://bucket", STACKS: "west east", BACKEND_ENVIRONMENT: "TOKEN=for the backend\n", ...env };
      const { status, stdout, stderr } = spawnSync("bash", ["-e", "-o", "pipefail", "-c", run], { cwd: folder(), env: { PATH: process.env["PATH"], ...given }, encoding: "utf8" });
      const asked = path.join(folder(), "asked");
      return { code: status, output: stdout + stderr, asked: fs.existsSync(asked) ? fs.readFileSync(asked, "utf8").trim().split("\n") : [] };
    }

    it("verifies the trust, plans, brings the stacks up together, and verifies again", () => {
      const { code, output, asked } = execute({});
      expect(code, output).to.equal(0);
      const check = "verify west east --only trust --no-traffic";
      expect(asked).to.deep.equal([check, "plan west east", "up west east", `${check} --json`]);
      expect(output, "with the backend's environment").to.contain("for the backend");
    });

    it("repairs a broken trust, and brings nothing up that is dangerous", () => {
      expect(execute({ first: 1 })).to.deep.include({ code: 0 });
      const { code, asked } = execute({ plan: 1 });
      expect(code).to.equal(1);
      expect(asked.filter((line) => line.startsWith("up"))).to.have.length(1);
    });

    it("fails when up fails, or when the trust is broken after it", () => {
      expect(execute({ up: 1 }).code).to.equal(1);
      expect(execute({ verify: 1 }).code).to.equal(1);
    });

    it("fails when something still ends soon, and names it", () => {
      const { code, output } = execute({}, ENDING);
      expect(code).to.equal(1);
      expect(output).to.contain("::error::west: usmesh root CA 1 ends in 12 days");
    });

    it("does nothing where it is not set up", () => {
      for (const missing of ["PULUMI_BACKEND_URL", "STACKS"]) {
        const { code, output, asked } = execute({}, WELL, { [missing]: "" });
        expect(code).to.equal(0);
        expect(output).to.contain("::notice::");
        expect(asked).to.deep.equal([]);
      }
    });
  });
});
