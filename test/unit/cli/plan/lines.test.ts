import { expect } from "chai";
import { countLine, planLines } from "../../../../cli/plan/lines";
import { failedPlan } from "../../../../cli/plan/stack-plan";
import type { StackPlan } from "../../../../cli/plan/report";
import { recordedPlan } from "./support/recorded";
import { WAITING } from "./support/report";

const NOTHING = failedPlan("west", "");
const lines = (plan: Partial<StackPlan>): string[] => planLines({ ...NOTHING, ...plan }).map(({ subject, mark, text }) => `${mark} ${subject}: ${text}`);

describe("the lines of a plan", () => {
  it("say what happens to clusters, the most important first", () => {
    const clusters: StackPlan["clusters"] = {
      joining: [{ cluster: "a", driver: "kind" }, { cluster: "b", driver: "existing" }],
      leaving: [{ cluster: "c", driver: "existing" }],
      replaced: [{ cluster: "d", why: "of this" }],
      changed: [{ cluster: "e", what: "zone", from: "0", to: "1" }],
    };
    expect(lines({ clusters })).to.deep.equal([
      "! clusters: d is replaced, with everything in it: of this",
      "! clusters: c leaves the mesh",
      "+ clusters: a joins, a new kind cluster",
      "+ clusters: b joins",
      "~ clusters: e: zone 0 → 1",
    ]);
  });

  it("say what happens to roots and intermediates, and where the change was made", () => {
    const trust: StackPlan["trust"] = [
      { change: "root-added", root: "2" },
      { change: "root-replaced", root: "3" },
      { change: "root-removed", root: "1" },
      { change: "signer-changed", root: "2", from: "1" },
      ...(["issued", "reissued", "withdrawn"] as const).flatMap((what) => ["a", "b"].map((cluster) => ({ change: `intermediate-${what}` as const, cluster }))),
    ];
    expect(lines({ trust })).to.deep.equal([
      "+ trust: root 2 is trusted",
      "! trust: root 3 is replaced by another one",
      "! trust: root 1 is no longer trusted",
      "! trust: root 2 signs instead of root 1",
      "+ trust: new intermediates: a, b",
      "~ trust: intermediates reissued: a, b",
      "- trust: intermediates no longer issued: a, b",
    ]);
    expect(lines({ trust: trust.slice(1, 4).map((change) => ({ ...change, authority: "hub" })) })).to.deep.equal([
      "! trust: root 3 is replaced by another one, as stack hub has it",
      "- trust: root 1 is no longer trusted, as stack hub has it",
      "~ trust: root 2 signs instead of root 1, as stack hub has it",
    ]);
  });

  it("say what happens to pairs, tokens and workloads", () => {
    const plan: Partial<StackPlan> = {
      pairs: { wired: ["a->b", "b->a"], unwired: ["a->c"] },
      tokens: (["issued", "reissued", "withdrawn"] as const).map((change, generation) => ({ cluster: "a", generation, change })),
      workloads: (["create", "update", "replace", "delete"] as const).map((change) => ({ workload: "webapp", cluster: "a", change })),
    };
    expect(lines({ ...plan, workloads: [...plan.workloads!, { workload: "mypc", change: "create" }] })).to.deep.equal([
      "- pairs: unwired: a->c",
      "+ pairs: wired: a->b, b->a",
      "+ tokens: a: reader token 0 is issued",
      "~ tokens: a: reader token 1 is reissued",
      "- tokens: a: reader token 2 is revoked",
      "+ workloads: webapp in a starts",
      "~ workloads: webapp in a changes",
      "~ workloads: webapp in a is replaced",
      "- workloads: webapp in a stops",
      "+ workloads: mypc starts",
    ]);
  });

  it("say what is unknown", () => {
    const unknown: StackPlan["unknown"] = [{ resource: "x", type: "a:b:C", change: "replace", why: "of that" }];
    expect(lines({ unknown })).to.deep.equal(["! unknown: x (a:b:C) is replaced, and the effect on the mesh is unknown: of that"]);
  });

  it("are none where nothing happens", () => expect(lines({})).to.deep.equal([]));
});

describe("the line of counts", () => {
  it("adds the counts of all components up, and leaves out what does not happen", () => {
    expect(countLine(recordedPlan("new-root-and-tokens"))).to.equal("4 to create, 6 to update, 11 to delete");
    expect(countLine(recordedPlan("nothing"))).to.equal("nothing to do");
  });

  it("says that a stack was not previewed", () => expect(countLine(WAITING)).to.equal("not previewed"));
});
