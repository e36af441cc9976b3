import { expect } from "chai";
import type { StackPlan } from "../../../../cli/plan/report";
import { dangerLines, peer, planOf, settings } from "./support/facts";
import { cacertsStep, clusterSteps, intermediateSteps, outputsWith, requestedSteps, rootStep, trustOf, type PretendedStep } from "./support/steps";

const rotated = (roots: string[], signer: string, before: readonly string[], steps: readonly PretendedStep[] = []): StackPlan =>
  planOf(settings(["west"], { trust: { roots, signer } }), steps, outputsWith(["west"], [], before));

const REPLACED = "changed-root: root 1 is replaced by another one: requests fail until every cluster trusts it";

describe("the plan of trust", () => {
  it("has a root and an intermediate for each cluster in a new stack", () => {
    const plan = planOf(settings(["west"]), [rootStep("1", "create"), ...intermediateSteps("west", "create")]);
    expect(plan.trust).to.deep.equal([{ change: "root-added", root: "1" }, { change: "intermediate-issued", cluster: "west" }]);
    expect(dangerLines(plan)).to.deep.equal([]);
  });

  it("lets a root be added, which is not dangerous", () => {
    const plan = rotated(["1", "2"], "1", ["1"], [rootStep("2", "create")]);
    expect(plan.trust).to.deep.equal([{ change: "root-added", root: "2" }]);
    expect(dangerLines(plan)).to.deep.equal([]);
  });

  it("calls another signing root a changed root, and names the intermediates that it signs", () => {
    const plan = rotated(["1", "2"], "2", ["1", "2"], [...intermediateSteps("west", "replace", "2"), ...intermediateSteps("east-2", "replace", "2")]);
    expect(plan.trust).to.deep.equal([
      { change: "signer-changed", root: "2", from: "1" },
      { change: "intermediate-reissued", cluster: "west" },
      { change: "intermediate-reissued", cluster: "east-2" },
    ]);
    expect(dangerLines(plan)).to.deep.equal(["changed-root: root 2 signs instead of root 1"]);
  });

  it("calls a removed root a changed root", () => {
    expect(dangerLines(rotated(["2"], "2", ["2", "1"], [rootStep("1", "delete")]))).to.deep.equal(["changed-root: root 1 is no longer trusted"]);
  });

  for (const op of ["replace", "create", "delete"]) {
    it(`calls a root a changed root that keeps its name while its certificate has the operation ${op}`, () => {
      expect(dangerLines(rotated(["1"], "1", ["1"], [rootStep("1", op)]))).to.deep.equal([REPLACED]);
    });
  }

  it("calls a root a changed root once, when one resource of it is deleted and another created", () => {
    const steps = [rootStep("1", "create", "new"), rootStep("1", "delete", "old")];
    expect(dangerLines(rotated(["1"], "1", ["1"], steps))).to.deep.equal([REPLACED]);
  });

  it("does not take an updated certificate for another one", () => {
    expect(rotated(["1"], "1", ["1"], [...intermediateSteps("west", "update"), rootStep("1", "update")]).trust).to.deep.equal([]);
  });

  it("calls an intermediate reissued that gets another key, under another name", () => {
    const steps = [...intermediateSteps("west", "create", "1", "new"), ...intermediateSteps("west", "delete", "1", "old")];
    expect(rotated(["1"], "1", ["1"], steps).trust).to.deep.equal([{ change: "intermediate-reissued", cluster: "west" }]);
  });

  it("names the intermediates that it issues for requests of other stacks, which are not dangerous", () => {
    const plan = rotated(["1"], "1", ["1"], [...requestedSteps("east", "replace", "old request", "new request"), ...requestedSteps("north", "create")]);
    expect(plan.trust).to.deep.equal([{ change: "intermediate-reissued", cluster: "east" }, { change: "intermediate-issued", cluster: "north" }]);
    expect(dangerLines(plan)).to.deep.equal([]);
  });

  it("says whose intermediate is no longer issued", () => {
    expect(rotated(["1"], "1", ["1"], intermediateSteps("east", "delete")).trust).to.deep.equal([{ change: "intermediate-withdrawn", cluster: "east" }]);
  });

  describe("of a stack whose last outputs do not say what it trusts", () => {
    const { trust, ...outputs } = outputsWith(["west"]);
    const plan = (roots: string[], signer: string, steps: readonly PretendedStep[]): StackPlan =>
      planOf(settings(["west"], { trust: { roots, signer } }), steps, { ...outputs, trust: { roots: trust } });

    it("takes the roots from the resources", () => {
      expect(dangerLines(plan(["1"], "1", [rootStep("1", "replace"), ...intermediateSteps("west", "same")]))).to.deep.equal([REPLACED]);
      expect(dangerLines(plan(["2"], "2", [rootStep("1", "delete"), rootStep("2", "same"), ...intermediateSteps("west", "same", "2")]))).to.deep.equal(["changed-root: root 1 is no longer trusted"]);
    });

    it("takes the root that signed from what the authority records, where the intermediates do not tell", () => {
      const authority: PretendedStep = { op: "update", types: "PluginCA", name: "a", before: { signer: "1" }, after: { signer: "2" } };
      expect(dangerLines(plan(["1", "2"], "2", [authority, rootStep("1", "same"), rootStep("2", "same")]))).to.deep.equal(["changed-root: root 2 signs instead of root 1"]);
    });

    it("takes the root that signed from what the intermediates come from", () => {
      const steps = [rootStep("1", "same"), rootStep("2", "same"), ...intermediateSteps("west", "same", "1")];
      expect(dangerLines(plan(["1", "2"], "2", steps))).to.deep.equal(["changed-root: root 2 signs instead of root 1"]);
      expect(dangerLines(plan(["1", "2"], "1", steps))).to.deep.equal([]);
      const again = steps.map((step) => (step.name === "l-west" ? { ...step, op: "create" } : step));
      expect(plan(["1", "2"], "2", again).trust.map(({ change }) => change), "one that does not exist yet").to.deep.equal(["intermediate-issued"]);
    });

    it("takes no root from a stack that has none yet, or for one that is only created", () => {
      const added = [{ change: "root-added", root: "1" }];
      expect(plan(["1"], "1", []).trust).to.deep.equal(added);
      expect(plan(["1"], "1", [rootStep("1", "create")]).trust).to.deep.equal(added);
    });
  });

  describe("that another stack holds", () => {
    const model = settings(["west"], { peers: ["hub"], trust: { authority: "hub" } });
    const before = (roots: readonly string[]): object => ({ ...outputsWith(["west"]), trust: trustOf("hub", roots) });
    const plan = (roots: readonly string[], now: object, steps: readonly PretendedStep[] = []): StackPlan =>
      planOf(model, [...clusterSteps("west"), ...steps], before(roots), [peer("east", ["east"], { trust: trustOf("hub", ["9"]) }), peer("hub", ["hub"], { trust: now })]);

    it("is adopted step by step, which was judged in the stack that made the step", () => {
      const adopted = plan(["1"], trustOf("hub", ["1", "2"]), [cacertsStep("west", "update")]);
      expect(adopted.trust).to.deep.equal([
        { change: "root-added", root: "2", authority: "hub" },
        { change: "intermediate-reissued", cluster: "west", authority: "hub" },
      ]);
      const removed = plan(["1", "2"], trustOf("hub", ["2"]));
      expect(removed.trust.map(({ change }) => change)).to.deep.equal(["root-removed", "signer-changed"]);
      expect([...dangerLines(adopted), ...dangerLines(removed)]).to.deep.equal([]);
    });

    it("is a changed root when it shares no certificate with the one before, whatever the names are", () => {
      const other = plan(["1"], trustOf("hub", ["1"], "second"));
      expect(other.trust).to.deep.equal([{ change: "root-replaced", root: "1", authority: "hub" }]);
      expect(dangerLines(other)).to.deep.equal([REPLACED]);
    });

    it("is not known while its stack is not up, and does not change then", () => {
      expect(planOf(model, clusterSteps("west"), before(["1"]), [])).to.deep.include({ trust: [] });
    });

    it("does not change when it is the same", () => expect(plan(["1"], trustOf("hub", ["1"])).trust).to.deep.equal([]));
  });
});
