import { expect } from "chai";
import { createProject, type Project } from "../support/project";

/** A program with what the engine calls back for. */
const PROGRAM = `
const pulumi = require("@pulumi/pulumi");
const { local } = require("@pulumi/command");
pulumi.runtime.registerResourceTransform(({ props, opts }) => ({ props: { ...props, create: "echo transformed" }, opts }));
const hook = new pulumi.ResourceHook("after", async ({ newOutputs }) => console.log("hooked: " + newOutputs.stdout));
const command = new local.Command("command", { create: "echo as written" }, { hooks: { afterCreate: [hook] } });
exports.said = command.stdout;
`;

describe("the language host under the real engine", function () {
  this.timeout(60_000);
  let project: Project;

  before(async () => {
    project = await createProject({ plugins: ["command"], program: PROGRAM });
  });
  after(() => project?.remove());

  it("runs programs with transforms and hooks, which are newer than the host", async () => {
    const { output } = await project.up();
    expect(await project.outputs()).to.deep.equal({ said: "transformed" });
    expect(output).to.contain("hooked: transformed");
  });
});
