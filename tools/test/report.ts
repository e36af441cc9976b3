import { failedAsAWhole, type FileTime, type PartResult, type TestFailure, type TestTime } from "./result";

/** A line of the file that the reporter writes. */
export type ReportLine =
  | { readonly event: "start" | "fail"; readonly title: string; readonly message?: string }
  | { readonly event: "pass" | "skip" | "end" }
  | { readonly event: "took"; readonly file: string; readonly title: string; readonly ms: number }
  | { readonly event: "stuck"; readonly resources: string };

/** Milliseconds from which on a test counts as one that took long. */
const LONG_MS = 1000;

/** How mocha's process ended. */
export interface MochaEnd {
  readonly code: number;
  /** The part's limit in minutes, where it was ended for that. */
  readonly overLimitMinutes?: number;
}

/**
 * A part whose tests mocha ran. A run that passed every test and still failed (it crashed, was ended, or found no test) counts as
 * one failure.
 *
 * @param report what the reporter wrote; empty when it wrote nothing.
 */
export function resultOfMocha(title: string, report: string, { code, overLimitMinutes }: MochaEnd): PartResult {
  const { ended, running, stuck, ...result } = read(report);
  const failed = (message: string): PartResult => ({ ...result, failures: [...result.failures, ...failedAsAWhole(title, message).failures] });
  const where = running === undefined ? "" : `, in "${running}"`;
  if (overLimitMinutes !== undefined) return failed(`ended after its limit of ${overLimitMinutes} minutes${where}`);
  if (!ended) return failed(`the run ended early, exit code ${code}${where}`);
  if (stuck !== undefined) return failed(`all tests have ended, and the process has not: something is still open (${stuck})`);
  if (result.failures.length > 0) return result;
  if (result.passed === 0) return failed("no test was found");
  return code === 0 ? result : failed(`every test passed, but the exit code was ${code}`);
}

interface Read extends PartResult {
  /** Whether mocha came to its end. */
  readonly ended: boolean;
  /** The test or hook that was running when the report broke off. */
  readonly running?: string;
  readonly stuck?: string;
}

function read(report: string): Read {
  const lines = report.split("\n").flatMap(parseLine);
  const took = lines.filter((line) => line.event === "took");
  const files = new Map<string, number>();
  for (const { file, ms } of took) files.set(file, (files.get(file) ?? 0) + ms);
  const times: FileTime[] = [...files].map(([file, ms]) => ({ file, seconds: ms / 1000 })).sort(slowestFirst);
  const tests: TestTime[] = took.filter(({ ms }) => ms >= LONG_MS).map(({ title, ms }) => ({ title, seconds: ms / 1000 })).sort(slowestFirst);
  const failures: TestFailure[] = lines.flatMap((line) => (line.event === "fail" ? [{ title: line.title, message: line.message ?? "" }] : []));
  const count = (event: ReportLine["event"]): number => lines.filter((line) => line.event === event).length;
  // A line with a result follows the line of the test that has it.
  const last = lines.filter(({ event }) => event !== "took").at(-1);
  const stuck = lines.find((line) => line.event === "stuck");
  return {
    passed: count("pass"),
    skipped: count("skip"),
    failures,
    files: times,
    tests,
    ended: count("end") > 0,
    running: last?.event === "start" ? last.title : undefined,
    stuck: stuck?.resources,
  };
}

function slowestFirst(a: { readonly seconds: number }, b: { readonly seconds: number }): number {
  return b.seconds - a.seconds;
}

/** The last line may be cut off. */
function parseLine(line: string): ReportLine[] {
  try {
    return [JSON.parse(line) as ReportLine];
  } catch {
    return [];
  }
}
