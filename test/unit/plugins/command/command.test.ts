import { expect } from "chai";
import { COMMAND } from "../../../../airgap/plugins/command/command";
import { Secret, UNKNOWN, type Props } from "../../../../airgap/plugins/lib/values";

const SUBJECT = { urn: "urn:pulumi:s::p::command:local:Command::c", name: "c", type: "command:local:Command" };
const log = { info() {}, warn() {}, error() {}, status() {} };
const running = { timeoutSeconds: 0, signal: new AbortController().signal, log };

const create = (inputs: Props, preview = false) => COMMAND.create({ ...SUBJECT, ...running, inputs, preview });
const update = (state: Props, oldInputs: Props, inputs: Props, preview = false) =>
  COMMAND.update({ ...SUBJECT, ...running, id: "c1", state, oldInputs, inputs, preview, ignoreChanges: [] });
const diff = (oldInputs: Props, news: Props) =>
  COMMAND.diff({ ...SUBJECT, id: "c1", state: {}, oldInputs, news, ignoreChanges: [] });

describe("the Command resource", () => {
  it("runs create once and keeps inputs and outputs", async () => {
    const environment = { A: new Secret("x1y2") };
    const { id, state } = await create({ create: "echo $A", environment, delete: null });
    expect(id).to.match(/^c[0-9a-f]{8}$/);
    expect(state).to.deep.equal({ create: "echo $A", environment, stdout: "x1y2", stderr: "" });
    expect((state["environment"] as Props)["A"]).to.be.instanceOf(Secret);
    expect((await create({})).state).to.deep.equal({ stdout: "", stderr: "" });
  });

  it("does nothing in a preview, and knows nothing of what would be said", async () => {
    const file = `/tmp/usmesh-never-${process.pid}`;
    const inputs = { create: `touch ${file}`, stdin: UNKNOWN };
    const expected = { ...inputs, stdout: UNKNOWN, stderr: UNKNOWN };
    expect(await create(inputs, true)).to.deep.equal({ id: "", state: expected });
    expect((await update({ stdout: "old", stderr: "" }, {}, inputs, true)).state).to.deep.equal(expected);
    const { stdout } = (await create({ create: `ls ${file} 2>/dev/null || echo none` })).state;
    expect(stdout).to.equal("none");
  });

  it("runs update, or else create again, with the outputs before in its environment", async () => {
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

  it("runs delete as it was when the resource was last updated", async () => {
    const remove = (state: Props) => COMMAND.delete({ ...SUBJECT, ...running, id: "c1", state, oldInputs: {} });
    await remove({ stdout: "x", stderr: "" });
    await remove({ delete: 'test "$PULUMI_COMMAND_STDOUT" = x', stdout: new Secret("x"), stderr: "" });
    const thrown = await remove({ delete: "echo stuck >&2; exit 1", stdout: "", stderr: "" }).catch((e: Error) => e);
    expect((thrown as Error).message).to.contain("stuck");
  });

  it("is made anew when triggers change and updated for anything else", async () => {
    const olds = { create: "a", triggers: [1, { k: "v" }] };
    expect(await diff(olds, { ...olds })).to.include({ changes: false });
    expect(await diff(olds, { ...olds, triggers: [1, { k: "w" }] })).to.deep.include({
      changes: true,
      replaces: ["triggers"],
      detailed: { "triggers[1].k": "update-replace" },
    });
    expect(await diff(olds, { ...olds, triggers: UNKNOWN })).to.deep.include({ replaces: ["triggers"] });
    expect(await diff(olds, { create: "b", triggers: olds.triggers, stdin: "x" })).to.deep.include({
      changes: true,
      replaces: [],
      detailed: { create: "update", stdin: "add" },
    });
  });

  it("refuses by name what it does not do", async () => {
    const news = { create: 1, assetPaths: ["*"], logging: "loud", environment: { A: 1 }, odd: UNKNOWN };
    const { failures = [] } = await COMMAND.check({ ...SUBJECT, olds: {}, news, randomSeed: new Uint8Array() });
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
