import { expect } from "chai";
import { textReport } from "../../../cli/verify/report/text";
import type { VerifyReport } from "../../../cli/verify/report/json";
import { verify } from "../../../cli/verify/run";
import type { Target } from "../../../cli/verify/targets";
import { allSettled } from "../../support/settled";
import type { TestMesh } from "../support/mesh";
import type { Fault } from "./fault";
import { grouped, looksElsewhere } from "./fault-groups";
import { faultTable } from "./fault-table";
import { revisionFaults } from "./revision-faults";
import { routingFaults } from "./routing-faults";

/** For how long the mesh is looked at again until it shows what is expected, and the pause before each time: configuration takes a moment. */
const LIMIT_MS = 90_000;
const PAUSE_MS = 300;

/** What was seen of a group of faults: of each while all of them were there, and of the mesh once they were fixed. */
interface Seen {
  readonly broken: ReadonlyMap<Fault, VerifyReport>;
  readonly fixed: VerifyReport;
}

async function look(targets: readonly Target[], traffic: boolean): Promise<VerifyReport> {
  const signal = new AbortController().signal;
  return verify(targets, { traffic, trafficTimeoutMs: 5000, signal, progress: () => undefined });
}

function subjectOf({ check, cluster, peer }: VerifyReport["findings"][number]): string {
  return [check, cluster, peer].filter((part) => part !== undefined).join(" ");
}

function failing(report: VerifyReport): string[] {
  return report.findings.filter((f) => f.status === "fail").map(subjectOf);
}

/** Looks until `wanted` holds; the last report otherwise. */
async function lookUntil(targets: readonly Target[], traffic: boolean, wanted: (report: VerifyReport) => boolean): Promise<VerifyReport> {
  const deadline = Date.now() + LIMIT_MS;
  for (;;) {
    const report = await look(targets, traffic);
    if (wanted(report) || Date.now() > deadline) return report;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

/** Each fault, put into the real mesh, is named by the right check and remedy, with no failure that is not a consequence; then it is undone. */
export function faults(mesh: TestMesh): void {
  for (const group of grouped([...faultTable(mesh), ...revisionFaults(mesh), ...routingFaults(mesh)])) {
    let run: Promise<Seen> | undefined;
    const seen = (): Promise<Seen> => (run ??= breakAndFix(mesh, group));

    for (const fault of group) {
      it(`with ${fault.name}: ${fault.named.join(" and ")} ${fault.named.length > 1 ? "fail, and pass" : "fails, and passes"} once that is fixed`, async () => {
        const { broken, fixed } = await seen();
        expectNamed(fault, broken.get(fault));
        for (const name of fault.named) expect(failing(fixed), textReport(fixed, false)).not.to.include(name);
      });
    }

    it(`with ${group.map(({ name }) => name).join(", ")}: nothing else fails, and nothing once all is fixed`, async () => {
      const { broken, fixed } = await seen();
      for (const [fault, report] of broken) {
        expect(unexplained(report, looksElsewhere(fault) ? [fault] : group.filter((one) => !looksElsewhere(one))), textReport(report, false)).to.deep.equal([]);
      }
      expect(failing(fixed), textReport(fixed, false)).to.deep.equal([]);
    });
  }

  it("with everything fixed: traffic flows both ways again, and nothing is unknown", async () => {
    const report = await lookUntil(await mesh.targets(), true, (r) => r.exitCode === 0);
    expect(failing(report), textReport(report, false)).to.deep.equal([]);
  });
}

/** Puts the faults of a group into the mesh, looks at it, and fixes them whatever is seen. */
async function breakAndFix(mesh: TestMesh, group: readonly Fault[]): Promise<Seen> {
  const fixes: (() => Promise<void>)[] = [];
  const broken = new Map<Fault, VerifyReport>();
  try {
    await allSettled(group.map(async (fault) => void fixes.push(await fault.inject())));
    const together = group.filter((fault) => !looksElsewhere(fault));
    const looked = await allSettled([
      ...(together.length > 0 ? [lookAt(await mesh.targets(), together)] : []),
      ...group.flatMap((fault) => (fault.targets ? [fault.targets().then((targets) => lookAt(targets, [fault]))] : [])),
    ]);
    for (const [fault, report] of looked.flat()) broken.set(fault, report);
  } finally {
    await allSettled(fixes.map((fix) => fix()));
  }
  return { broken, fixed: await lookUntil(await mesh.targets(), false, (report) => failing(report).length === 0) };
}

/** What fails and is neither named by a fault nor a consequence of one. */
function unexplained(report: VerifyReport, some: readonly Fault[]): string[] {
  const allowed = new Set(some.flatMap(({ named, consequences = [] }) => [...named, ...consequences]));
  return failing(report).filter((name) => !allowed.has(name));
}

/** Looks until all faults are named, and what came before them has passed. @returns the one report for each of them. */
async function lookAt(targets: readonly Target[], some: readonly Fault[]): Promise<[Fault, VerifyReport][]> {
  const names = some.flatMap(({ named }) => named);
  const traffic = some.some((fault) => fault.traffic ?? false);
  const report = await lookUntil(targets, traffic, (r) => names.every((name) => failing(r).includes(name)) && unexplained(r, some).length === 0);
  return some.map((fault) => [fault, report]);
}

function expectNamed(fault: Fault, report: VerifyReport | undefined): void {
  if (report === undefined) throw new Error("the mesh was not looked at");
  const text = textReport(report, false);
  expect(failing(report), text).to.include.members([...fault.named]);
  const first = report.findings.find((f) => f.status === "fail" && subjectOf(f) === fault.named[0]);
  expect(first?.remedy, text).to.match(fault.remedy);
  expect(report.exitCode).to.equal(1);
}
