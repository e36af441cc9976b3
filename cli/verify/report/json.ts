import { z } from "zod";
import { CATEGORIES, exitCode, type Finding } from "../finding";

/** Raised whenever a field changes its meaning or goes; a new optional field does not raise it. */
export const REPORT_VERSION = 1;

const finding = z.strictObject({
  /** Stable name of the check, such as `discovery.token`. */
  check: z.string().regex(/^[a-z]+\.[a-z-]+$/),
  category: z.enum(CATEGORIES),
  /** Key of the cluster that it is about; absent: the mesh as a whole. */
  cluster: z.string().optional(),
  /** With `cluster`, the ordered pair that it is about. */
  peer: z.string().optional(),
  status: z.enum(["pass", "warn", "fail", "skip"]),
  /** What was seen. */
  seen: z.string(),
  /** With `warn` and `fail`: why that is wrong, what probably caused it, and what mends it. */
  reason: z.string().optional(),
  cause: z.string().optional(),
  remedy: z.string().optional(),
});

/** What `./mesh verify --json` prints: one object. */
export const verifyReport = z.strictObject({
  version: z.literal(REPORT_VERSION),
  /** RFC 3339 time at which the run started. */
  time: z.iso.datetime(),
  /** Keys of the clusters that were checked. */
  clusters: z.array(z.string()),
  /** Seconds that the run took. */
  seconds: z.number(),
  summary: z.strictObject({ pass: z.int(), warn: z.int(), fail: z.int(), skip: z.int() }),
  /** The process's exit code: 0 nothing fails, 1 something does, 2 nothing could be judged. */
  exitCode: z.union([z.literal(0), z.literal(1), z.literal(2)]),
  findings: z.array(finding),
});

export type VerifyReport = z.infer<typeof verifyReport>;

/** The report of a run. */
export function reportOf(findings: readonly Finding[], clusters: readonly string[], time: string, seconds: number): VerifyReport {
  const count = (status: Finding["status"]): number => findings.filter((f) => f.status === status).length;
  return {
    version: REPORT_VERSION,
    time,
    clusters: [...clusters],
    seconds: Math.round(seconds * 10) / 10,
    summary: { pass: count("pass"), warn: count("warn"), fail: count("fail"), skip: count("skip") },
    exitCode: exitCode(findings),
    findings: [...findings],
  };
}
