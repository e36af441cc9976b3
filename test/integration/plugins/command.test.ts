import { expect } from "chai";
import { existsSync, readFileSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { until } from "../../support/wait";
import { done } from "../support/events";
import { createProject, type Project } from "../support/project";

const TOKEN = "a-token-that-nobody-may-see";

/** A command that notes each of its runs in a file, and one that depends on what it said. */
function program({ create = "one", trigger = "1", extra = "" } = {}): string {
  return `
const pulumi = require("@pulumi/pulumi");
const { local } = require("@pulumi/command");
const note = (what) => "echo " + what + " >>notes; echo " + what + "; echo $TOKEN";
const first = new local.Command("first", {
  create: note("${create}"),
  delete: 'echo "delete after $PULUMI_COMMAND_STDOUT" >>notes',
  environment: { TOKEN: pulumi.secret("${TOKEN}") },
  triggers: ["${trigger}"],
  logging: "none",
}, { additionalSecretOutputs: ["stdout"] });
const second = new local.Command("second", { create: "head -n 1", update: "echo updated; head -n 1", stdin: first.stdout });
exports.first = first.stdout;
exports.second = second.stdout;
${extra}
`;
}

describe("the command plugin under the real engine", () => {
  let project: Project;
  const notes = async (): Promise<string[]> => {
    const text = await readFile(join(project.folder, "notes"), "utf8").catch(() => "");
    await writeFile(join(project.folder, "notes"), "");
    return text.split("\n").filter(Boolean);
  };

  before(async () => {
    project = await createProject({ plugins: ["command"], program: program() });
  });
  after(() => project?.remove());

  it("runs nothing in a preview", async () => {
    expect(done(await project.preview())).to.deep.equal(["create first", "create second"]);
    expect(await notes()).to.deep.equal([]);
  });

  it("runs create", async () => {
    expect(done(await project.up())).to.deep.equal(["create first", "create second"]);
    expect(await notes()).to.deep.equal(["one"]);
    expect(await project.outputs()).to.deep.equal({ first: `one\n${TOKEN}`, second: "one" });
    expect((await project.resource("first")).id).to.match(/^first[0-9a-f]{8}$/);
  });

  it("keeps secrets out of the state and of what it prints", async () => {
    expect((await project.resource("first")).outputs?.["stdout"]).to.have.property("ciphertext");
    expect(await project.stateText()).not.to.contain(TOKEN);
  });

  it("changes nothing when nothing has changed", async () => {
    expect(done(await project.up())).to.deep.equal([]);
    expect((await project.refresh()).output).not.to.match(/updated|deleted/);
    expect(done(await project.up())).to.deep.equal([]);
    expect(await notes()).to.deep.equal([]);
  });

  it("runs an edited create again, as an update", async () => {
    await project.write(program({ create: "two" }));
    const preview = await project.preview();
    expect(done(preview)).to.deep.equal(["update first", "update second"]);
    const outcome = await project.up();
    expect(done(outcome)).to.deep.equal(["update first", "update second"]);
    expect(outcome.steps.find(({ name }) => name === "first")?.changed).to.deep.equal(["create"]);
    expect(await notes()).to.deep.equal(["two"]);
    expect(await project.outputs()).to.include({ second: "updated\ntwo" });
    expect(outcome.output).not.to.contain(TOKEN);
  });

  it("makes a new resource when a trigger changes", async () => {
    await project.write(program({ create: "two", trigger: "2" }));
    expect(done(await project.up())).to.include.members(["create-replacement first", "delete-replaced first"]);
    expect(await notes()).to.deep.equal(["two", "delete after two", TOKEN]);
  });

  it("says what went wrong and all that was said, secrets included, as the official plugin does", async () => {
    const failing = (exit: number) => `
      new local.Command("third", {
        create: "echo to no avail >&2; echo $TOKEN; exit ${exit}",
        environment: { TOKEN: pulumi.secret("${TOKEN}") },
        logging: "none",
      });`;
    await project.write(program({ create: "two", trigger: "2", extra: failing(4) }));
    const { output } = await project.up({ fails: true });
    expect(output).to.contain("exit status 4").and.to.contain("to no avail").and.to.contain(TOKEN);
    await project.write(program({ create: "two", trigger: "2", extra: failing(0) }));
    const outcome = await project.up();
    expect(done(outcome)).to.deep.equal(["create third"]);
    expect(outcome.output).not.to.contain(TOKEN);
  });

  it("runs a function in every preview and update", async () => {
    const extra = `exports.ran = local.run({ command: "echo $A", environment: { A: "b" } }).then((r) => r.stdout);`;
    await project.write(program({ create: "two", trigger: "2", extra }));
    expect(done(await project.up())).to.deep.equal(["delete third"]);
    expect(await project.outputs()).to.include({ ran: "b" });
  });

  it("refuses what it does not support, by name", async () => {
    const refusals = [
      [`new (require("@pulumi/command").remote.Command)("r", { connection: { host: "h" } });`, "does not support command:remote:Command"],
      [`new local.Command("third", { create: "true", archivePaths: ["*"] });`, "does not support archivePaths of command:local:Command"],
    ] as const;
    for (const [extra, message] of refusals) {
      await project.write(program({ create: "two", trigger: "2", extra }));
      expect((await project.preview({ fails: true })).output).to.contain(message);
    }
  });

  it("kills a command when the run is cancelled, and waits for what it started", async () => {
    const file = (name: string) => join(project.folder, name);
    const create = "(until [ -e go ]; do sleep 0.1; done; touch late) & echo $$ >pid; wait; touch never";
    await project.write(program({ create: "two", trigger: "2", extra: `new local.Command("endless", { create: "${create}" });` }));
    const cancellation = new AbortController();
    const running = project.up({ fails: true, signal: cancellation.signal });
    const pid = (): string => (existsSync(file("pid")) ? readFileSync(file("pid"), "utf8").trim() : "");
    await until("the command to run", pid);
    cancellation.abort();
    await until("the command to be killed", () => !alive(pid()));
    await writeFile(file("go"), "");
    expect((await running).output).to.contain("was ended by SIGKILL");
    expect([existsSync(file("late")), existsSync(file("never"))]).to.deep.equal([true, false]);
    await project.write(program({ create: "two", trigger: "2" }));
    await project.up();
    await notes();
  });

  it("runs delete", async () => {
    const outcome = await project.destroy();
    expect(done(outcome)).to.include.members(["delete first", "delete second"]);
    expect(await notes()).to.deep.equal(["delete after two", TOKEN]);
  });
});

/** Whether a process is there; one that is only waiting to be collected is not. */
function alive(pid: string): boolean {
  const stat = `/proc/${pid}/stat`;
  return existsSync(stat) && !readFileSync(stat, "utf8").includes(") Z ");
}
