import { tableLines } from "../lib/table";
import type { DrillReport, ReportedPair, ReportedResult } from "./report";

/** What one row of the table says. */
const HEADING = ["failure", "retries", "sent", "failed", "failing for", "elsewhere after", "back after", ""] as const;

/** The report for a person: a table for each pair, and a summary. */
export function textReport(report: DrillReport): string {
  const left = report.left.length > 0 ? [["left in the clusters, for the next drill to remove:", ...report.left.map((message) => `  ${message}`)].join("\n")] : [];
  return [...report.pairs.map((pair) => pairLines(pair, report.rate).join("\n")), ...left, summary(report)].join("\n\n");
}

function pairLines({ from, to, failover, results }: ReportedPair, rate: number): string[] {
  const rows = results.flatMap((result) => ("phases" in result ? [rowOf(result)] : []));
  const others = results.filter((result) => !("phases" in result)).map((result) => `${result.failure}: ${result.status}: ${result.reason}`);
  return [
    `${from} -> ${to}: ${rate} requests a second from a client in ${from}`,
    ...(failover === null ? [] : failoverLines(failover)),
    ...(rows.length > 0 ? tableLines([HEADING, ...rows]).map((line) => `  ${line}`) : []),
    // A failure that was not made has the same reason with retries as without.
    ...[...new Set(others)].map((line) => `  ${line}`),
  ];
}

function failoverLines({ outlierDetection, locality }: NonNullable<ReportedPair["failover"]>): string[] {
  if (outlierDetection && locality) return [];
  const missing = [...(outlierDetection ? [] : ["a backend that fails still gets requests (no outlier detection)"]), ...(locality ? [] : ["all clusters get requests alike (no locality)"])];
  return [`  failover is not configured in this mesh: ${missing.join("; ")}. See docs/drill.md#failover`];
}

type Measured = Extract<ReportedResult, { phases: unknown }>;

function rowOf(result: Measured): string[] {
  const { failure, retries, sent, failed, secondsFailing, secondsToElsewhere, secondsToBack, status, reason } = result;
  return [failure, retries, String(sent), String(failed), ...[secondsFailing, secondsToElsewhere, secondsToBack].map(time), status === "down" ? `DOWN: ${reason ?? ""}` : ""];
}

function time(seconds: number | null): string {
  return seconds === null ? "-" : `${seconds.toFixed(2)} s`;
}

function summary({ pairs, seconds }: DrillReport): string {
  const all = pairs.flatMap(({ results }) => results);
  const count = (status: ReportedResult["status"]): number => all.filter((result) => result.status === status).length;
  const some = (status: ReportedResult["status"]): string[] => (count(status) > 0 ? [`${count(status)} ${status}`] : []);
  const bad = count("down") + count("unknown") > 0;
  const verdict = bad ? "not every failure was survived" : count("survived") > 0 ? "every failure was survived" : "no failure could be made";
  return `${verdict}: ${[...some("survived"), ...some("down"), ...some("unknown"), ...some("skipped")].join(", ")}, ${Math.round(seconds)} s`;
}
