import { expect } from "chai";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { planCommand } from "../../../cli/commands/plan";
import { MARKER } from "../../../cli/plan/markdown";
import { DANGERS } from "../../../cli/plan/danger-names";
import { folderForEach } from "../../unit/cli/support/folder";

interface Step {
  readonly name?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly run?: string;
}

interface Workflow {
  readonly on: { readonly pull_request?: { readonly types: readonly string[] } };
  readonly permissions: object;
  readonly concurrency: { readonly group: string; readonly "cancel-in-progress": boolean };
  readonly jobs: { readonly plan: { readonly if: string; readonly environment: string; readonly permissions: object; readonly steps: readonly Step[] } };
}

const root = path.join(__dirname, "../../..");
const file = fs.readFileSync(path.join(root, ".github/workflows/preview.yml"), "utf8");
const workflow = parse(file) as Workflow;
const { steps } = workflow.jobs.plan;
const step = (name: string): Required<Pick<Step, "run" | "env" | "if">> => steps.find((one) => one.name === name) as Required<Step>;

describe("the workflow for pull requests", () => {
  it("runs for pull requests of the repository's own branches, and again when a label is added or removed", () => {
    // pull_request_target would run a fork's code with the secrets.
    expect(Object.keys(workflow.on)).to.deep.equal(["pull_request"]);
    expect(workflow.on.pull_request?.types).to.include.members(["opened", "synchronize", "reopened", "labeled", "unlabeled"]);
    expect(workflow.jobs.plan.if).to.equal("github.event.pull_request.head.repo.full_name == github.repository");
    expect(workflow.concurrency).to.include({ "cancel-in-progress": true }).and.have.property("group").that.contains("pull_request.number");
  });

  it("gets its secrets from an environment, whose reviewers approve each run of a pull request's code", () => {
    expect(workflow.jobs.plan.environment).to.equal("mesh-preview");
    expect(Object.keys(workflow.jobs)).to.deep.equal(["plan"]);
    expect(file).to.contain("protection rules must name required reviewers");
  });

  it("may read the code and write the comment, and nothing else", () => {
    expect(workflow.permissions).to.deep.equal({});
    expect(workflow.jobs.plan.permissions).to.deep.equal({ contents: "read", "pull-requests": "write" });
    expect(steps.find(({ uses }) => uses?.startsWith("actions/checkout@"))?.with).to.include({ "persist-credentials": false });
  });

  it("uses actions by commit, with the release in a comment, as all workflows do", () => {
    const folder = path.join(root, ".github/workflows");
    const used = fs.readdirSync(folder).flatMap((name) => fs.readFileSync(path.join(folder, name), "utf8").split("\n").filter((line) => /\buses:/.test(line)));
    expect(used).to.have.length.greaterThan(10);
    for (const line of used) expect(line).to.match(/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it("installs the Pulumi that the program is written for", () => {
    const { dependencies } = JSON.parse(fs.readFileSync(path.join(root, "package.json"), "utf8")) as { dependencies: Record<string, string> };
    expect(steps.find(({ uses }) => uses?.startsWith("pulumi/actions@"))?.with).to.deep.equal({ "pulumi-version": dependencies["@pulumi/pulumi"]?.replace("^", "") });
  });

  it("passes secrets and text that others wrote as variables, never as part of a script", () => {
    for (const { run } of steps) expect(run ?? "").not.to.contain("${{");
    for (const secret of ["PULUMI_BACKEND_URL", "PULUMI_CONFIG_PASSPHRASE"]) expect(step("plan").env[secret]).to.equal(`\${{ secrets.${secret} }}`);
    expect(file.match(/secrets\.\w+/g)).to.have.length(3);
    expect(step("comment").env["GH_TOKEN"]).to.equal("${{ github.token }}");
  });

  it("has a label for each danger", () => {
    const allowed = Object.values(step("plan").env).join("\n");
    for (const danger of DANGERS) {
      expect(allowed).to.contain(`contains(github.event.pull_request.labels.*.name, 'allow-${danger}') && '--allow ${danger}' || ''`);
    }
  });

  it("leaves every decision to ./mesh plan", () => {
    const command = step("plan").run.split("\n").filter((line) => line.includes("./mesh"));
    expect(command).to.have.length(1);
    const flags = [...`${command.join("")} ${Object.values(step("plan").env).join(" ")}`.matchAll(/--[a-z]+/g)].map(([flag]) => flag);
    expect(planCommand().options.map(({ long }) => long)).to.include.members(flags);
    expect(step("plan")).not.to.have.property("continue-on-error");
  });
});

describe("the workflow's scripts", () => {
  const folder = folderForEach();
  const program = (name: string, script: string): void => fs.writeFileSync(path.join(folder(), name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const run = (name: string, env: Record<string, string>): { code: number | null; output: string } => {
    const script = path.join(folder(), "script");
    fs.writeFileSync(script, step(name).run);
    const summary = path.join(folder(), "summary.md");
    const all = { PATH: `${folder()}:${process.env["PATH"]}`, GITHUB_STEP_SUMMARY: summary, ...env };
    const { status, stdout, stderr } = spawnSync("bash", ["-e", script], { cwd: folder(), env: all, encoding: "utf8" });
    return { code: status, output: stdout + stderr };
  };
  const read = (name: string): string => fs.readFileSync(path.join(folder(), name), "utf8");

  it("plan with what the labels allow and the backend needs, and end with the exit code of the plan", () => {
    program("mesh", 'shift; echo "$@" for "$REGION" "$EMPTY"; exit 1');
    const env = { PULUMI_BACKEND_URL: "s3://state", BACKEND_ENVIRONMENT: "REGION=west 1\n\nEMPTY=\n", STACKS: "west east", CLUSTERS: "--allow replaced-clusters", ROOT: "", UNWIRED: "", UNKNOWN: "--allow unknown" };
    const { code, output } = run("plan", env);
    expect(code).to.equal(1);
    expect(output, "each value is masked by itself").to.equal("::add-mask::west 1\n");
    expect(read("plan.md")).to.equal("west east --allow replaced-clusters --allow unknown --markdown for west 1 \n");
  });

  it("plan nothing where no state is named", () => {
    program("mesh", "exit 1");
    const { code, output } = run("plan", { PULUMI_BACKEND_URL: "", BACKEND_ENVIRONMENT: "", STACKS: "--all", CLUSTERS: "", ROOT: "", UNWIRED: "", UNKNOWN: "" });
    expect(code).to.equal(0);
    expect(output).to.match(/^::notice::/);
    expect(fs.existsSync(path.join(folder(), "plan.md"))).to.equal(false);
  });

  const comments = { COMMENTS: "repos/o/r/issues/7/comments", ANY_COMMENT: "repos/o/r/issues/comments" };

  it("write a comment, and update the one that exists", () => {
    fs.writeFileSync(path.join(folder(), "plan.md"), `${MARKER}\n`);
    expect(step("comment").run).to.contain(`startswith("${MARKER}")`);
    for (const [found, written] of [
      ["", "--method POST repos/o/r/issues/7/comments --field body=@plan.md"],
      ["12\n34", "--method PATCH repos/o/r/issues/comments/12 --field body=@plan.md"],
    ] as const) {
      program("gh", `echo "$@" >> asked; case "$*" in *--paginate*) printf '${found}' ;; esac`);
      expect(run("comment", comments)).to.deep.equal({ code: 0, output: "" });
      expect(read("asked").trim().split("\n").at(-1)).to.equal(`api --silent ${written}`);
    }
    expect(read("summary.md")).to.equal(`${MARKER}\n`.repeat(2));
  });

  it("write nothing when the plan could not even begin", () => {
    fs.writeFileSync(path.join(folder(), "plan.md"), "");
    program("gh", "exit 1");
    expect(run("comment", comments)).to.deep.equal({ code: 0, output: "" });
  });
});
