/** What `./mesh drill` measured, as series. */
import { drillReport, type DrillReport, type ReportedResult } from "../../cli/drill/report";
import { FAILURES, KINDS, type FailureName, type Pair } from "../../cli/drill/kinds";
import type { Finished } from "../../lib/process";
import type { Series } from "../case";

type Survived = Extract<ReportedResult, { phases: unknown }>;

/** The failures in which another cluster can answer. The others have no moment at which one does, and the longest of them takes minutes. */
export const MEASURED: readonly FailureName[] = FAILURES.filter((name) => KINDS[name].elsewhere);

/** Arguments of `./mesh` for the drill of some pairs. */
export function drillArguments(stack: string, pairs: readonly Pair[]): string[] {
  return ["drill", stack, "--yes", "--json", ...pairs.flatMap(({ from, to }) => ["--pair", `${from}:${to}`]), ...MEASURED.flatMap((name) => ["--only", name])];
}

/**
 * The report of a drill that had to be survived.
 *
 * @throws Error when it was not, or when something was not measured or not removed: then there is no figure.
 */
export function drillOf({ code, stdout, stderr }: Finished): DrillReport {
  let report: DrillReport;
  try {
    report = drillReport.parse(JSON.parse(stdout));
  } catch {
    throw new Error(`./mesh drill ended with ${code} and without a report: ${stderr.trim().slice(-1000)}`);
  }
  const wrong = report.pairs.flatMap(({ from, to, results }) =>
    results.filter(({ status }) => status !== "survived").map((result) => `${from} to ${to}, ${result.failure}, retries ${result.retries}: ${result.status}: ${result.reason ?? ""}`),
  );
  const all = [...wrong, ...report.left];
  if (all.length > 0) throw new Error(`a failure was not survived, or not measured: ${all.join("; ")}`);
  return report;
}

/**
 * The series of all drills of a run: for each pair and failure the times without retries, and how many requests failed without and with.
 *
 * @param reports at least one; all of the same pairs and failures.
 * @throws Error when a drill has no such moment or no such failure: then there is no figure.
 */
export function failoverSeries(reports: readonly DrillReport[]): Series[] {
  const [first] = reports;
  return (first?.pairs ?? []).flatMap((pair) =>
    MEASURED.flatMap((failure) => {
      const title = `${failure} of ${home(failure, pair)}, asked from ${pair.from}`;
      const values = (retries: "off" | "on", value: (result: Survived) => number | null): number[] => reports.map((report) => figure(report, pair, failure, retries, value));
      const series = (name: string, unit: Series["unit"], all: readonly number[]): Series => ({ name: `${title}: ${name}`, side: "usmesh", unit, values: all });
      return [
        series("first answer from elsewhere", "s", values("off", ({ secondsToElsewhere }) => secondsToElsewhere)),
        series("first answer from home after the repair", "s", values("off", ({ secondsToBack }) => secondsToBack)),
        series("requests that failed", "count", values("off", ({ failed }) => failed)),
        series("requests that failed, with retries", "count", values("on", ({ failed }) => failed)),
      ];
    }),
  );
}

function home(failure: FailureName, pair: Pair): string {
  return pair[KINDS[failure].home];
}

function figure(report: DrillReport, { from, to }: Pair, failure: FailureName, retries: "off" | "on", value: (result: Survived) => number | null): number {
  const results = report.pairs.find((pair) => pair.from === from && pair.to === to)?.results ?? [];
  const found = results.find((result): result is Survived => result.failure === failure && result.retries === retries && result.status === "survived");
  const seen = found === undefined ? null : value(found);
  if (seen === null) throw new Error(`the drill from ${from} to ${to} gave no figure for ${failure} with retries ${retries}`);
  return seen;
}
