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
  "logs",
] as const;

export type Category = (typeof CATEGORIES)[number];

/** `skip`: could not be judged, because of what another finding reports or because the user left it out. */
export type Status = "pass" | "warn" | "fail" | "skip";

/** What one check found about one cluster or one ordered pair. */
export interface Finding {
  /** Stable name of the check, such as `discovery.token`. */
  readonly check: string;
  readonly category: Category;
  /** Key of the cluster that the finding is about; absent where it is about the mesh as a whole. */
  readonly cluster?: string;
  /** For a pair: the cluster that `cluster` reads from or sends to. */
  readonly peer?: string;
  readonly status: Status;
  /** What was seen, in one line. */
  readonly seen: string;
  /** Why that is wrong. With `warn` and `fail`. */
  readonly reason?: string;
  /** The likely cause. With `warn` and `fail`. */
  readonly cause?: string;
  /** The command or the change that mends it. With `warn` and `fail`. */
  readonly remedy?: string;
}

/** Why something is wrong and how it is mended: what every warning and failure must say. */
export interface Diagnosis {
  readonly reason: string;
  readonly cause: string;
  readonly remedy: string;
}

/** Where a finding belongs. */
export interface Place {
  readonly cluster?: string;
  readonly peer?: string;
}

/** The four ways in which one check can end, bound to its name. */
export interface Reporter {
  pass(place: Place, seen: string): Finding;
  warn(place: Place, seen: string, diagnosis: Diagnosis): Finding;
  fail(place: Place, seen: string, diagnosis: Diagnosis): Finding;
  skip(place: Place, seen: string): Finding;
}

/** A reporter for the check `category.name`. */
export function reporter(category: Category, name: string): Reporter {
  const make = (status: Status, place: Place, seen: string, diagnosis?: Diagnosis): Finding => ({
    check: `${category}.${name}`,
    category,
    ...place,
    status,
    seen,
    ...diagnosis,
  });
  return {
    pass: (place, seen) => make("pass", place, seen),
    warn: (place, seen, diagnosis) => make("warn", place, seen, diagnosis),
    fail: (place, seen, diagnosis) => make("fail", place, seen, diagnosis),
    skip: (place, seen) => make("skip", place, seen),
  };
}

/** Exit code of a run: 1 if anything fails, 2 if nothing fails but nothing could be judged either, else 0. */
export function exitCode(findings: readonly Finding[]): 0 | 1 | 2 {
  if (findings.some((f) => f.status === "fail")) return 1;
  return findings.some((f) => f.status === "pass" || f.status === "warn") ? 0 : 2;
}
