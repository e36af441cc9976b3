import { styleText } from "node:util";
import { CATEGORIES, type Finding, type Status } from "../finding";
import type { VerifyReport } from "./json";

const MARKS: Readonly<Record<Status, string>> = { pass: "✓", warn: "‼", fail: "✗", skip: "-" };
const COLOURS: Readonly<Record<Status, "green" | "yellow" | "red" | "dim">> = { pass: "green", warn: "yellow", fail: "red", skip: "dim" };

/** The report for a person: categories, a line for each finding, under a failure what to know and to do, and a summary. */
export function textReport(report: VerifyReport, colour: boolean): string {
  const paint = (status: Status, text: string): string => (colour ? styleText(COLOURS[status], text, { validateStream: false }) : text);
  const sections = CATEGORIES.flatMap((category) => {
    const findings = report.findings.filter((finding) => finding.category === category);
    return findings.length === 0 ? [] : [[category, ...findings.flatMap((finding) => lines(finding, paint))].join("\n")];
  });
  return [...sections, summary(report, paint)].join("\n\n");
}

function lines(finding: Finding, paint: (status: Status, text: string) => string): string[] {
  const name = finding.check.slice(finding.category.length + 1);
  const where = finding.peer === undefined ? finding.cluster : `${finding.cluster} → ${finding.peer}`;
  const head = `  ${paint(finding.status, MARKS[finding.status])} ${where === undefined ? "" : `${where}  `}${name}: ${finding.seen}`;
  if (finding.reason === undefined) return [head];
  return [head, `      why    ${finding.reason}`, `      cause  ${finding.cause}`, `      mend   ${finding.remedy}`];
}

function summary(report: VerifyReport, paint: (status: Status, text: string) => string): string {
  const { pass, warn, fail, skip } = report.summary;
  const counts = [`${pass} passed`, ...(warn > 0 ? [`${warn} warnings`] : []), ...(skip > 0 ? [`${skip} not judged`] : []), `${fail} failed`];
  const verdict: Record<0 | 1 | 2, string> = {
    0: "the mesh works",
    1: "the mesh does not work as it should",
    2: "nothing could be judged",
  };
  const text = `${verdict[report.exitCode]}: ${counts.join(", ")}, ${report.clusters.length} clusters, ${report.seconds.toFixed(1)} s`;
  return paint(fail > 0 ? "fail" : report.exitCode === 2 ? "warn" : "pass", text);
}
