import { EXIT } from "../../lib/errors";

/** The categories of checks, in the order in which they are reported. */
export const CATEGORIES = [
  "clusters",
  "trust",
  "identity",
  "discovery",
  "gateways",
  "endpoints",
  "traffic",
  "proxies",
  "observability",
  "logs",
] as const;

export type Category = (typeof CATEGORIES)[number];

/** Stable name of a check: its category, a dot and a name of its own. */
export type CheckId = `${Category}.${string}`;

/**
 * How a check can end. `unknown`: it could not look, because something did not answer or may not be read. `skip`: it does not apply here,
 * or another finding proves the same.
 */
export const STATUSES = ["pass", "warn", "fail", "unknown", "skip"] as const;

export type Status = (typeof STATUSES)[number];

/** What one check found about one cluster or one ordered pair. */
export interface Finding {
  /** Name of the check, such as `discovery.token`. */
  readonly check: string;
  readonly category: Category;
  /** Key of the cluster that the finding is about; absent where it is about the mesh as a whole. */
  readonly cluster?: string;
  /** For a pair: the cluster that `cluster` reads from or sends to. */
  readonly peer?: string;
  readonly status: Status;
  /** What was seen, or with `unknown` why nothing was, in one line. */
  readonly seen: string;
  /** Why that is wrong. With `warn` and `fail`. */
  readonly reason?: string;
  /** The likely cause. With `warn` and `fail`. */
  readonly cause?: string;
  /** The command or the change that fixes it. With `warn` and `fail`. */
  readonly remedy?: string;
  /** Where the check is described: a file of this repository and an anchor in it. */
  readonly docs: string;
}

/** Why something is wrong and how it is fixed: what every warning and failure must say. */
export interface Diagnosis {
  readonly reason: string;
  readonly cause: string;
  readonly remedy: string;
}

/** What a finding is about; empty: the mesh as a whole. */
export interface Subject {
  readonly cluster?: string;
  readonly peer?: string;
}

/** Makes the findings of one check, one method for each status. */
export interface FindingFactory {
  pass(subject: Subject, seen: string): Finding;
  warn(subject: Subject, seen: string, diagnosis: Diagnosis): Finding;
  fail(subject: Subject, seen: string, diagnosis: Diagnosis): Finding;
  /** @param why what did not answer or may not be read. */
  unknown(subject: Subject, why: string): Finding;
  /** @param why what makes the check not apply. */
  skip(subject: Subject, why: string): Finding;
}

/** The document that has a section for each check. */
export const CHECKS_DOCUMENT = "docs/checks.md";

/** Makes the findings of the check `id`. */
export function findingFactory(id: CheckId): FindingFactory {
  const category = id.slice(0, id.indexOf(".")) as Category;
  const make = (status: Status, subject: Subject, seen: string, diagnosis?: Diagnosis): Finding => ({
    check: id,
    category,
    ...subject,
    status,
    seen,
    ...diagnosis,
    docs: `${CHECKS_DOCUMENT}#${id}`,
  });
  return {
    pass: (subject, seen) => make("pass", subject, seen),
    warn: (subject, seen, diagnosis) => make("warn", subject, seen, diagnosis),
    fail: (subject, seen, diagnosis) => make("fail", subject, seen, diagnosis),
    unknown: (subject, why) => make("unknown", subject, why),
    skip: (subject, why) => make("skip", subject, why),
  };
}

/** Exit code of a run: 1 if anything fails or could not be looked at, 2 if no check applied, else 0. */
export function exitCode(findings: readonly Finding[]): 0 | 1 | 2 {
  if (findings.some(({ status }) => status === "fail" || status === "unknown")) return EXIT.failed;
  return findings.some(({ status }) => status === "pass" || status === "warn") ? EXIT.ok : EXIT.unusable;
}
