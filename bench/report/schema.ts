/** A run's JSON: what `./mesh bench --json` prints, and what tables and plots are made from. */
import { z } from "zod";

const series = z.object({
  name: z.string(),
  side: z.string(),
  unit: z.enum(["s", "ms", "MiB", "count", "1/s", "%"]),
  values: z.array(z.number()).min(1),
});

const goal = z.object({ name: z.string(), actual: z.number(), atMost: z.number(), unit: z.enum(["×", "s", "%"]), met: z.boolean() });

const measured = z.object({
  name: z.string(),
  /** How long the case took in all. */
  seconds: z.number(),
  series: z.array(series),
  goals: z.array(goal),
  notes: z.array(z.string()),
  /** SVG by file name. */
  pictures: z.record(z.string(), z.string()),
});

/** A case that could not be measured. */
const failed = z.object({ name: z.string(), seconds: z.number(), error: z.string() });

export const benchReport = z.object({
  /** Version of this shape. */
  version: z.literal(1),
  /** RFC 3339 time at which the run began. */
  date: z.string(),
  /** How often each side was to run. */
  runs: z.number(),
  machine: z.object({
    cores: z.number(),
    processor: z.string(),
    memoryMiB: z.number(),
    kernel: z.string(),
    /** Processes that were ready to run on average in the minute before: what else the machine did. */
    load: z.number(),
  }),
  versions: z.object({
    /** Commit of this repository, with `+` where files differed from it. Absent without git. */
    usmesh: z.string().optional(),
    node: z.string(),
    /** Absent where no case needed it; the same for all below. */
    pulumi: z.string().optional(),
    kubernetesProvider: z.string().optional(),
    istio: z.string().optional(),
    kind: z.string().optional(),
    /** Image of the nodes. */
    kubernetes: z.string().optional(),
    /** `air gap` or `official downloads`. */
    downloads: z.string().optional(),
  }),
  cases: z.array(z.union([measured, failed])),
});

export type BenchReport = z.infer<typeof benchReport>;
export type MeasuredCase = z.infer<typeof measured>;
export type FailedCase = z.infer<typeof failed>;

/** The cases that were measured. */
export function measuredCases({ cases }: Pick<BenchReport, "cases">): MeasuredCase[] {
  return cases.filter((one): one is MeasuredCase => "series" in one);
}

/** The cases that could not be. */
export function failedCases({ cases }: Pick<BenchReport, "cases">): FailedCase[] {
  return cases.filter((one): one is FailedCase => "error" in one);
}
