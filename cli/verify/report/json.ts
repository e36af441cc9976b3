import { z } from "zod";
import { CATEGORIES, exitCode, type Finding, STATUSES } from "../finding";

/**
 * Raised whenever a field is removed or changes its meaning. A new field or a new status does not raise it: readers ignore fields that they do
 * not know, and take a status that they do not know for one that is not `pass`.
 */
export const REPORT_VERSION = 1;

/** A finding, as reports print it. */
export const finding = z.strictObject({
  /** Stable name of the check, such as `discovery.token`. */
  check: z.string().regex(/^[a-z]+\.[a-z-]+$/),
  category: z.enum(CATEGORIES),
  /** Key of the cluster that it is about; absent: the mesh as a whole. */
  cluster: z.string().optional(),
  /** With `cluster`, the ordered pair that it is about. */
  peer: z.string().optional(),
  /** `unknown`: could not look; `skip`: does not apply. */
  status: z.enum(STATUSES),
  /** What was seen, or with `unknown` why nothing was. */
  seen: z.string(),
  /** With `warn` and `fail`: why that is wrong, what probably caused it, and what fixes it. */
  reason: z.string().optional(),
  cause: z.string().optional(),
  remedy: z.string().optional(),
  /** Where the check is described: a file of this repository and an anchor in it. */
  docs: z.string(),
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
  /** Number of findings by status. */
  summary: z.strictObject({ pass: z.int(), warn: z.int(), fail: z.int(), unknown: z.int(), skip: z.int() }),
  /** The process's exit code: 0 all is well, 1 something fails or could not be looked at, 2 no check applied. */
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
    summary: { pass: count("pass"), warn: count("warn"), fail: count("fail"), unknown: count("unknown"), skip: count("skip") },
    exitCode: exitCode(findings),
    findings: [...findings],
  };
}
