import { expect } from "chai";
import { COMMAND } from "../../../../../airgap/plugins/command/command";
import { Secret, UNKNOWN, type Props } from "../../../../../airgap/plugins/lib/values";

const SUBJECT = { urn: "urn:pulumi:s::p::command:local:Command::c", name: "c", type: "command:local:Command" };
const log = { warn() {}, status() {} };
const running = { timeoutSeconds: 0, signal: new AbortController().signal, log };

const create = (inputs: Props, preview = false) => COMMAND.create({ ...SUBJECT, ...running, inputs, preview });
const update = (state: Props, oldInputs: Props, inputs: Props, preview = false) =>
  COMMAND.update({ ...SUBJECT, ...running, id: "c1", state, oldInputs, inputs, preview });
const diff = (oldInputs: Props, news: Props) =>
  COMMAND.diff({ ...SUBJECT, id: "c1", state: {}, oldInputs, news });

describe("the Command resource", () => {
  it("runs create once and keeps inputs and outputs", async () => {
    const environment = { A: new Secret("x1y2") };
    const { id, state } = await create({ create: "echo $A", environment, delete: null });
    expect(id).to.match(/^c[0-9a-f]{8}$/);
    expect(state).to.deep.equal({ create: "echo $A", environment, stdout: "x1y2", stderr: "" });
    expect((state["environment"] as Props)["A"]).to.be.instanceOf(Secret);
    expect((await create({})).state).to.deep.equal({ stdout: "", stderr: "" });
  });

  it("does nothing in a preview, and has another id there than later", async () => {
    const file = `/tmp/usmesh-never-${process.pid}`;
    const inputs = { create: `touch ${file}`, stdin: UNKNOWN };
    const { id, state } = await create(inputs, true);
    expect(id).to.match(/^c[0-9a-f]{8}$/);
    expect(state).to.deep.equal({ ...inputs, stdout: UNKNOWN, stderr: UNKNOWN });
    const made = await create({ create: `ls ${file} 2>/dev/null || echo none` });
    expect(made.state["stdout"]).to.equal("none");
    expect(made.id).not.to.equal(id);
  });

  it("has unknown outputs in the preview of an update, unless inputs are only added", async () => {
    const before = { create: "false", environment: { A: "1" }, stdout: "old", stderr: "" };
    const { stdout: _, stderr: __, ...inputs } = before;
    const said = async (news: Props) => (await update(before, {}, news, true)).state["stdout"];
    expect(await said({ ...inputs, create: "echo" })).to.equal(UNKNOWN);
    expect(await said({ ...inputs, environment: { A: UNKNOWN } })).to.equal(UNKNOWN);
    expect(await said({ ...inputs, stdin: new Secret(UNKNOWN) })).to.equal(UNKNOWN);
    expect(await said({ create: "false" })).to.equal(UNKNOWN);
    expect(await said({ ...inputs, stdin: "new" })).to.equal("old");
    expect(await said({ ...inputs, update: "echo new" })).to.equal("old");
  });

  it("runs update, or create again when there is none, with the previous outputs in its environment", async () => {
    const before = { create: "echo one", stdout: "one", stderr: "" };
    const say = 'echo "after $PULUMI_COMMAND_STDOUT"';
    expect((await update(before, {}, { create: say })).state).to.include({ stdout: "after one", create: say });
    expect((await update(before, {}, { create: "false", update: say })).state).to.include({ stdout: "after one" });
    const secret = new Secret("kept");
    expect((await update({ ...before, stdout: secret }, {}, { delete: "true" })).state).to.deep.equal({
      delete: "true",
      stdout: secret,
      stderr: "",
    });
  });

  it("runs delete as it was in the last update", async () => {
    const remove = (state: Props) => COMMAND.delete({ ...SUBJECT, ...running, id: "c1", state, oldInputs: {} });
    await remove({ stdout: "x", stderr: "" });
    await remove({ delete: 'test "$PULUMI_COMMAND_STDOUT" = x', stdout: new Secret("x"), stderr: "" });
    const thrown = await remove({ delete: "echo stuck >&2; exit 1", stdout: "", stderr: "" }).catch((e: Error) => e);
    expect((thrown as Error).message).to.contain("stuck");
  });

  it("is replaced when triggers are added or removed, and updated for any other change", async () => {
    const olds = { create: "a", triggers: [1, { k: "v" }] };
    expect(await diff(olds, { ...olds })).to.include({ changes: false });
    expect(await diff(olds, { create: "a" })).to.deep.include({ replaces: ["triggers"], detailed: { triggers: "delete-replace" } });
    expect(await diff(olds, { ...olds, triggers: UNKNOWN })).to.deep.include({ replaces: ["triggers"] });
    expect(await diff(olds, { create: "b", triggers: olds.triggers, stdin: "x" })).to.deep.include({
      changes: true,
      replaces: [],
      detailed: { create: "update", stdin: "add" },
    });
  });

  it("leaves it to the SDK to replace it when one of several triggers changes", async () => {
    const changed = await diff({ triggers: [1, { k: "v" }] }, { triggers: [1, { k: "w" }] });
    expect(changed).to.deep.include({ changes: true, replaces: [], detailed: { "triggers[1].k": "update" } });
  });

  it("refuses by name what it does not support", async () => {
    const news = { create: 1, assetPaths: ["*"], logging: "loud", environment: { A: 1 }, odd: UNKNOWN };
    const { failures = [] } = await COMMAND.check({ ...SUBJECT, news });
    expect(failures.map(({ property }) => property).sort()).to.deep.equal([
      "assetPaths",
      "create",
      "environment.A",
      "logging",
      "odd",
    ]);
  });

  it("is read as it is", async () => {
    const read = await COMMAND.read({ ...SUBJECT, ...running, id: "c1", state: { stdout: "x" }, inputs: { create: "a" } });
    expect(read).to.deep.equal({ id: "c1", state: { stdout: "x" }, inputs: { create: "a" } });
  });
});
