import { styleText } from "node:util";
import { CATEGORIES, CHECKS_DOCUMENT, type Finding, type Status } from "../finding";
import type { VerifyReport } from "./json";

const MARKS: Readonly<Record<Status, string>> = { pass: "✓", warn: "‼", fail: "✗", unknown: "?", skip: "-" };
const COLOURS: Readonly<Record<Status, "green" | "yellow" | "red" | "dim">> = { pass: "green", warn: "yellow", fail: "red", unknown: "yellow", skip: "dim" };

type Paint = (status: Status, text: string) => string;

function painter(colour: boolean): Paint {
  return (status, text) => (colour ? styleText(COLOURS[status], text, { validateStream: false }) : text);
}

/** The report for a person: categories, a line for each finding, under what is wrong what to know and to do, and a summary. */
export function textReport(report: VerifyReport, colour: boolean): string {
  const paint = painter(colour);
  const sections = CATEGORIES.flatMap((category) => {
    const findings = report.findings.filter((finding) => finding.category === category);
    return findings.length === 0 ? [] : [[category, ...grouped(findings).flatMap((group) => lines(group, paint, shortName))].join("\n")];
  });
  return [...sections, summary(report, paint)].join("\n\n");
}

/** The name of a check under the heading of its category. */
function shortName({ check, category }: Finding): string {
  return check.slice(category.length + 1);
}

/** Lines for findings of several categories, and under what is wrong what to know and to do. */
export function findingLines(findings: readonly Finding[], colour: boolean): string[] {
  return grouped(findings).flatMap((group) => lines(group, painter(colour), ({ check }) => check));
}

/** Findings in their order; checks that could not look for the same reason are put together, at the place of the first. */
export function grouped(findings: readonly Finding[]): Finding[][] {
  const groups = new Map<string, Finding[]>();
  findings.forEach((finding, index) => {
    const key = finding.status === "unknown" ? JSON.stringify([finding.cluster, finding.peer, finding.seen]) : String(index);
    groups.set(key, [...(groups.get(key) ?? []), finding]);
  });
  return [...groups.values()];
}

function lines(group: readonly Finding[], paint: Paint, nameOf: (finding: Finding) => string): string[] {
  const [finding] = group;
  if (finding === undefined) return [];
  return [`  ${paint(finding.status, MARKS[finding.status])} ${head(group, nameOf)}`, ...advice(group).map(([word, text]) => `      ${word.padEnd(6)} ${text}`)];
}

/** What a group of findings is about, the checks, and what was seen. */
export function head(group: readonly Finding[], nameOf: (finding: Finding) => string): string {
  const [{ cluster, peer, seen } = { seen: "" } as Partial<Finding>] = group;
  const where = peer === undefined ? cluster : `${cluster} → ${peer}`;
  return `${where === undefined ? "" : `${where}  `}${[...new Set(group.map(nameOf))].join(", ")}: ${seen}`;
}

/** What to know and to do about a group of findings, each with the word that goes before it; nothing where all is well. */
export function advice([finding, ...others]: readonly Finding[]): [word: string, text: string][] {
  if (finding === undefined) return [];
  if (finding.status === "unknown") return [["see", others.length === 0 ? finding.docs : `${CHECKS_DOCUMENT}#unknown`]];
  const { reason, cause = "", remedy = "", docs } = finding;
  return reason === undefined ? [] : [["why", reason], ["cause", cause], ["fix", remedy], ["see", docs]];
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
