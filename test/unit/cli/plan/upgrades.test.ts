import { expect } from "chai";
import { planLines } from "../../../../cli/plan/lines";
import { planMarkdown } from "../../../../cli/plan/markdown";
import { planReport, type StackPlan } from "../../../../cli/plan/report";
import { planText } from "../../../../cli/plan/text";
import { planUpgrades } from "../../../../cli/plan/upgrades";
import type { MeshOutputs } from "../../../../outputs/contract";
import { dangerLines, planOf, settings } from "./support/facts";
import { reportOn } from "./support/report";
import { clusterSteps, outputsWith } from "./support/steps";

type Cluster = MeshOutputs["clusters"][string];

const OLD = { version: "1.31.3" };
const upgrade = (step: string) => ({ ...OLD, upgrade: { version: "1.31.4", step } });
const during = (step: string): Cluster["istio"] => ({ revision: "default", upgrade: { version: "1.31.4", revision: "blue", step } });

/** The plan of west with these settings of Istio, after an `up` with that version and these revisions. */
function plan(istio: object, version: string, revisions?: Cluster["istio"], extra: object = {}): StackPlan {
  const outputs = outputsWith(["west"]) as { clusters: Record<string, Cluster> };
  const west = { ...outputs.clusters["west"]!, versions: { kubernetes: "v1.34.4", istio: version }, ...(revisions ? { istio: revisions } : {}) };
  const clusters = { west: { driver: "existing", kubeconfig: "west.yaml", context: "west", region: "westus", istio } };
  return planOf(settings(["west"], { clusters, ...extra }), clusterSteps("west"), { ...outputs, clusters: { west } });
}

const lines = (...args: Parameters<typeof plan>): string[] => planLines(plan(...args)).flatMap(({ subject, mark, text }) => (subject === "istio" ? [`${mark} ${text}`] : []));

describe("the plan of an upgrade of Istio", () => {
  it("is nothing where nothing changes, and for a cluster that joins", () => {
    expect(plan(OLD, "1.31.3").istio).to.equal(undefined);
    expect(plan(upgrade("gateways"), "1.31.3", during("gateways")).istio).to.equal(undefined);
    expect(planUpgrades({ model: settings(["west"]), previous: undefined })).to.deep.equal([]);
  });

  it("says which istiod is installed beside which, and that it serves nothing: no danger", () => {
    expect(lines(upgrade("beside"), "1.31.3")).to.deep.equal(["+ west: istiod 1.31.4 (blue) is installed beside 1.31.3; it serves nothing yet"]);
    expect(dangerLines(plan(upgrade("beside"), "1.31.3"))).to.deep.equal([]);
  });

  it("says which gateways restart, and with which version", () => {
    expect(lines(upgrade("eastWest"), "1.31.3", during("beside"))).to.deep.equal(["~ west: east-west gateway restarts with Istio 1.31.4 (blue) instead of 1.31.3"]);
    expect(lines(upgrade("gateways"), "1.31.3", during("eastWest"))).to.deep.equal(["~ west: ingress gateway restarts with Istio 1.31.4 (blue) instead of 1.31.3"]);
    expect(lines(upgrade("gateways"), "1.31.3", during("beside"))).to.deep.equal(["~ west: east-west gateway, ingress gateway restart with Istio 1.31.4 (blue) instead of 1.31.3"]);
    expect(lines(upgrade("gateways"), "1.31.3", during("eastWest"), { ingress: false }), "without an ingress gateway").to.deep.equal([]);
  });

  it("says that pods which start get the new version, and that others have to be restarted", () => {
    expect(lines(upgrade("workloads"), "1.31.3", during("gateways"))).to.deep.equal(["~ west: pods that start get Istio 1.31.4 (blue) instead of 1.31.3; those that run keep theirs until they restart"]);
  });

  it("says what is taken back, and that this is not a danger", () => {
    const back = plan(upgrade("beside"), "1.31.3", during("workloads"));
    expect(back.istio?.map(({ change, revision, from, to }) => [change, revision, from, to])).to.deep.equal([
      ["gateways-moved", "default", "1.31.4", "1.31.3"],
      ["new-pods-moved", "default", "1.31.4", "1.31.3"],
    ]);
    expect(dangerLines(back)).to.deep.equal([]);
  });

  it("calls it a danger when an istiod is removed: at the end, and when an upgrade is given up", () => {
    expect(dangerLines(plan({ version: "1.31.4", revision: "blue" }, "1.31.3", during("workloads")))).to.deep.equal([
      "removed-istiod: west: istiod 1.31.3 is removed: this cannot be undone, and pods that it still serves lose their control plane",
    ]);
    expect(dangerLines(plan(OLD, "1.31.3", during("beside")))).to.deep.equal([
      "removed-istiod: west: istiod 1.31.4 (blue) is removed: this cannot be undone, and pods that it still serves lose their control plane",
    ]);
  });

  it("calls another version in place a danger, with all that restarts at once", () => {
    const inPlace = plan({ version: "1.31.4" }, "1.31.3");
    expect(inPlace.istio).to.deep.equal([
      { cluster: "west", change: "replaced-in-place", revision: "default", from: "1.31.3", to: "1.31.4", restarts: ["istiod", "east-west gateway", "ingress gateway"] },
    ]);
    const restarts = (...args: Parameters<typeof plan>) => plan(...args).istio?.map(({ change, revision, restarts: all }) => [change, revision, all]);
    expect(restarts({ version: "1.31.4" }, "1.31.3", undefined, { ingress: false }), "without an ingress gateway").to.deep.equal([["replaced-in-place", "default", ["istiod", "east-west gateway"]]]);
    const both = { version: "1.31.4", upgrade: { version: "1.31.5", step: "eastWest" } };
    expect(restarts(both, "1.31.3", during("eastWest")), "each with the gateways that it serves").to.deep.equal([
      ["replaced-in-place", "default", ["istiod", "ingress gateway"]],
      ["replaced-in-place", "blue", ["istiod", "east-west gateway"]],
    ]);
    expect(inPlace.clusters.changed).to.deep.include({ cluster: "west", what: "Istio", from: "1.31.3", to: "1.31.4" });
    expect(dangerLines(inPlace)).to.deep.equal([
      "istio-in-place: west: Istio 1.31.3 → 1.31.4 in place: istiod, east-west gateway, ingress gateway restart at once, and sidecars keep 1.31.3 until their pods restart",
    ]);
  });

  it("calls other images or charts in place the same danger, also with the same version", () => {
    const was = { revision: "default", source: { tag: "fix-1", charts: "old" } };
    const inPlace = plan({ ...OLD, tag: "fix-2", hub: "example.org/istio", charts: "old" }, "1.31.3", was);
    expect(inPlace.istio?.map(({ change, from, to, sources }) => ({ change, from, to, sources }))).to.deep.equal([
      { change: "replaced-in-place", from: "1.31.3", to: "1.31.3", sources: [{ what: "hub", to: "example.org/istio" }, { what: "tag", from: "fix-1", to: "fix-2" }] },
    ]);
    expect(planReport.safeParse(reportOn([inPlace])).success).to.equal(true);
    expect(dangerLines(inPlace)).to.deep.equal([
      "istio-in-place: west: Istio 1.31.3, hub none → example.org/istio, tag fix-1 → fix-2 in place: istiod, east-west gateway, ingress gateway restart at once, and sidecars stay as they are until their pods restart",
    ]);
    expect(lines({ version: "1.31.4", tag: "1.31.4", charts: "new" }, "1.31.3", was)).to.deep.equal([
      "! west: Istio 1.31.3 → 1.31.4, charts old → new, tag fix-1 → 1.31.4 in place: istiod, east-west gateway, ingress gateway restart at once, and sidecars keep 1.31.3 until their pods restart",
    ]);
    expect(lines({ ...OLD, charts: "old" }, "1.31.3", was).join(), "no tag any more").to.match(/tag fix-1 → none/);
    const upgraded = { ...during("beside")!, source: {}, upgrade: { version: "1.31.4", revision: "blue", step: "beside", source: { tag: "fix-1" } } };
    expect(lines({ ...OLD, upgrade: { version: "1.31.4", tag: "fix-2" } }, "1.31.3", upgraded)).to.deep.equal(["! west: Istio 1.31.4 (blue), tag fix-1 → fix-2 in place: istiod restarts at once, and sidecars stay as they are until their pods restart"]);
  });

  it("says nothing of images and charts that the outputs do not have yet, or that stay", () => {
    for (const revisions of [undefined, { revision: "default" }, { revision: "default", source: { tag: "fix" } }]) expect(plan({ ...OLD, tag: "fix" }, "1.31.3", revisions).istio).to.equal(undefined);
  });

  it("is in the text, and in the comment on a pull request, with the label that allows it", () => {
    const report = reportOn([plan({ version: "1.31.4" }, "1.31.3")]);
    expect(report.exitCode).to.equal(1);
    expect(planText(report, false)).to.match(/istio {5}! west: Istio 1\.31\.3 → 1\.31\.4 in place/).and.to.include("--allow istio-in-place");
    expect(planMarkdown(report)).to.include("! istio: west: Istio 1.31.3 → 1.31.4 in place").and.to.include("label `allow-istio-in-place`");
  });
});
