import { styleText } from "node:util";
import { CATEGORIES, CHECKS_DOCUMENT, type Finding, type Status } from "../finding";
import type { VerifyReport } from "./json";

const MARKS: Readonly<Record<Status, string>> = { pass: "✓", warn: "‼", fail: "✗", unknown: "?", skip: "-" };
const COLOURS: Readonly<Record<Status, "green" | "yellow" | "red" | "dim">> = { pass: "green", warn: "yellow", fail: "red", unknown: "yellow", skip: "dim" };

type Paint = (status: Status, text: string) => string;

/** The report for a person: categories, a line for each finding, under what is wrong what to know and to do, and a summary. */
export function textReport(report: VerifyReport, colour: boolean): string {
  const paint: Paint = (status, text) => (colour ? styleText(COLOURS[status], text, { validateStream: false }) : text);
  const sections = CATEGORIES.flatMap((category) => {
    const findings = report.findings.filter((finding) => finding.category === category);
    return findings.length === 0 ? [] : [[category, ...grouped(findings).flatMap((group) => lines(group, paint))].join("\n")];
  });
  return [...sections, summary(report, paint)].join("\n\n");
}

/** Findings in their order; checks that could not look for the same reason are put together, at the place of the first. */
function grouped(findings: readonly Finding[]): Finding[][] {
  const groups = new Map<string, Finding[]>();
  findings.forEach((finding, index) => {
    const key = finding.status === "unknown" ? JSON.stringify([finding.cluster, finding.peer, finding.seen]) : String(index);
    groups.set(key, [...(groups.get(key) ?? []), finding]);
  });
  return [...groups.values()];
}

function lines(group: readonly Finding[], paint: Paint): string[] {
  const [finding] = group;
  if (finding === undefined) return [];
  const names = [...new Set(group.map(({ check, category }) => check.slice(category.length + 1)))].join(", ");
  const where = finding.peer === undefined ? finding.cluster : `${finding.cluster} → ${finding.peer}`;
  const head = `  ${paint(finding.status, MARKS[finding.status])} ${where === undefined ? "" : `${where}  `}${names}: ${finding.seen}`;
  if (finding.status === "unknown") return [head, `      see    ${group.length === 1 ? finding.docs : `${CHECKS_DOCUMENT}#unknown`}`];
  if (finding.reason === undefined) return [head];
  return [head, `      why    ${finding.reason}`, `      cause  ${finding.cause}`, `      fix    ${finding.remedy}`, `      see    ${finding.docs}`];
}

function summary(report: VerifyReport, paint: Paint): string {
  const { pass, warn, fail, unknown, skip } = report.summary;
  const some = (count: number, what: string): string[] => (count > 0 ? [`${count} ${what}`] : []);
  const counts = [`${pass} passed`, ...some(warn, warn === 1 ? "warning" : "warnings"), ...some(skip, "skipped"), ...some(unknown, "unknown"), `${fail} failed`];
  const [status, verdict] = verdictOf(report);
  return paint(status, `${verdict}: ${counts.join(", ")}, ${report.clusters.length} clusters, ${report.seconds.toFixed(1)} s`);
}

function verdictOf({ summary: { fail, unknown }, exitCode }: VerifyReport): [status: Status, verdict: string] {
  if (fail > 0) return ["fail", "the mesh does not work as it should"];
  if (unknown > 0) return ["unknown", "whether the mesh works is not known, since not everything could be looked at"];
  return exitCode === 0 ? ["pass", "the mesh works"] : ["warn", "no check applies"];
}
