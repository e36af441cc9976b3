import { expect } from "chai";
import { textReport } from "../../../cli/verify/report/text";
import type { VerifyReport } from "../../../cli/verify/report/json";
import { verify } from "../../../cli/verify/run";
import type { Target } from "../../../cli/verify/targets";
import type { TestMesh } from "../support/mesh";
import type { Fault } from "./fault";
import { faultTable } from "./fault-table";
import { revisionFaults } from "./revision-faults";
import { routingFaults } from "./routing-faults";

/** How often the mesh is looked at again until it shows what is expected, and the pause before each time: configuration takes a moment. */
const MAX_RETRIES = 12;
const RETRY_MS = 1500;

async function look(targets: readonly Target[], traffic: boolean): Promise<VerifyReport> {
  const signal = new AbortController().signal;
  return verify(targets, { traffic, trafficTimeoutMs: 8000, signal, progress: () => undefined });
}

function failing(report: VerifyReport): string[] {
  return report.findings.filter((f) => f.status === "fail").map((f) => [f.check, f.cluster, f.peer].filter((part) => part !== undefined).join(" "));
}

/** Looks until `wanted` holds; the last report otherwise. */
async function lookUntil(targets: readonly Target[], traffic: boolean, wanted: (report: VerifyReport) => boolean): Promise<VerifyReport> {
  let report = await look(targets, traffic);
  for (let retry = 0; retry < MAX_RETRIES && !wanted(report); retry += 1) {
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    report = await look(targets, traffic);
  }
  return report;
}

/** Each fault, put into the real mesh, is named by the right check and remedy, with no failure that is not its consequence; then it is undone. */
export function faults(mesh: TestMesh): void {
  const green = async (): Promise<void> => {
    const report = await lookUntil(await mesh.targets(), false, (r) => failing(r).length === 0);
    expect(failing(report), textReport(report, false)).to.deep.equal([]);
  };

  for (const fault of [...faultTable(mesh), ...revisionFaults(mesh), ...routingFaults(mesh)]) {
    it(`with ${fault.name}: ${fault.named.join(" and ")} ${fault.named.length > 1 ? "fail, and pass" : "fails, and passes"} once that is fixed`, async () => {
      const fix = await fault.inject();
      try {
        await expectNamed(mesh, fault);
      } finally {
        await fix();
      }
      await green();
    });
  }

  it("with everything fixed: traffic flows both ways again, and nothing is unknown", async () => {
    const report = await lookUntil(await mesh.targets(), true, (r) => r.exitCode === 0);
    expect(failing(report), textReport(report, false)).to.deep.equal([]);
  });
}

async function expectNamed(mesh: TestMesh, fault: Fault): Promise<void> {
  const targets = fault.targets ? await fault.targets() : await mesh.targets();
  const all = (report: VerifyReport): boolean => fault.named.every((name) => failing(report).includes(name));
  const report = await lookUntil(targets, fault.traffic ?? false, all);
  const text = textReport(report, false);
  expect(failing(report), text).to.include.members([...fault.named]);
  const allowed = new Set([...fault.named, ...(fault.consequences ?? [])]);
  expect(failing(report).filter((name) => !allowed.has(name)), text).to.deep.equal([]);
  const first = report.findings.find((f) => f.status === "fail" && [f.check, f.cluster, f.peer].filter((part) => part !== undefined).join(" ") === fault.named[0]);
  expect(first?.remedy, text).to.match(fault.remedy);
  expect(report.exitCode).to.equal(1);
}
