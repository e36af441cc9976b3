import { z } from "zod";
import { SOURCE_SETTINGS } from "../../topology/istio-builds";
import { DANGERS } from "./danger-names";

/** Raised whenever a field changes its meaning or is removed; a new optional field does not raise it. */
export const PLAN_VERSION = 1;

const driver = z.enum(["kind", "existing"]);

const clusterPlan = z.strictObject({
  /** Clusters that `up` adds to the mesh. */
  joining: z.array(z.strictObject({ cluster: z.string(), driver })),
  /** Clusters that `up` removes from the mesh; a kind cluster is deleted. The driver is absent where the cluster was never fully up. */
  leaving: z.array(z.strictObject({ cluster: z.string(), driver: driver.optional() })),
  /** Clusters that are replaced by another one: everything in them is lost. */
  replaced: z.array(z.strictObject({ cluster: z.string(), why: z.string() })),
  /** Facts that change about clusters that stay. */
  changed: z.array(z.strictObject({ cluster: z.string(), what: z.string(), from: z.string(), to: z.string() })),
});

const trustChange = z.strictObject({
  change: z.enum([
    /** Every cluster trusts it in addition to the others. */
    "root-added",
    /** Another root takes its name: a cluster that does not trust it yet is cut off. */
    "root-replaced",
    /** No cluster trusts it any more. */
    "root-removed",
    /** Another root signs the intermediates. */
    "signer-changed",
    "intermediate-issued",
    "intermediate-reissued",
    "intermediate-withdrawn",
  ]),
  /** Name of the root; with `signer-changed` the one that will sign. */
  root: z.string().optional(),
  /** With `signer-changed`: the root that signed so far. */
  from: z.string().optional(),
  /** Key of the cluster whose intermediate it is. */
  cluster: z.string().optional(),
  /** The stack that made the change, when this one only adopts it. */
  authority: z.string().optional(),
});

const tokenChange = z.strictObject({
  cluster: z.string(),
  /** The generation in `usmesh:peering.generation`. */
  generation: z.int(),
  /** The account that it is of, such as `cluster-west`, where each peer has its own. */
  account: z.string().optional(),
  change: z.enum(["issued", "reissued", "withdrawn"]),
});

const workloadChange = z.strictObject({
  /** `webapp`, `catalog`, or the name of the client's container. */
  workload: z.string(),
  /** Absent for the client, which is in no cluster. */
  cluster: z.string().optional(),
  change: z.enum(["create", "update", "replace", "delete"]),
});

const resourceCount = z.strictObject({
  /** Kind of the component, such as `IstioPrimary`. */
  component: z.string(),
  create: z.int(),
  update: z.int(),
  replace: z.int(),
  delete: z.int(),
});

const istioChange = z.strictObject({
  cluster: z.string(),
  change: z.enum([
    /** The istiod of a revision and everything that it serves get another version, or other charts or images, at once. */
    "replaced-in-place",
    /** A second istiod, beside the first. */
    "installed",
    /** The gateways in `restarts` are served by another revision. */
    "gateways-moved",
    /** Pods that start get their sidecars from another revision. */
    "new-pods-moved",
    /** The istiod of a revision is removed. */
    "removed",
  ]),
  /** The revision that is changed, installed or removed, or that takes over; `default` is one without a name. */
  revision: z.string(),
  /** Version of Istio before. */
  from: z.string(),
  /** Version of Istio after. */
  to: z.string(),
  /** With `replaced-in-place`: what else is different about it. Without `from` or `to`, that is the default. Absent where the version alone is. */
  sources: z.array(z.strictObject({ what: z.enum(SOURCE_SETTINGS), from: z.string().optional(), to: z.string().optional() })).optional(),
  /** What `up` restarts: `istiod`, `east-west gateway`, `ingress gateway`. Workloads are never restarted by it. */
  restarts: z.array(z.string()),
});

const unknownChange = z.strictObject({
  /** Pulumi's name of the resource. */
  resource: z.string(),
  /** Its type, such as `kubernetes:core/v1:Secret`. */
  type: z.string(),
  change: z.enum(["create", "update", "replace", "delete"]),
  /** Why it cannot be judged. */
  why: z.string(),
});

const stackPlan = z.strictObject({
  stack: z.string(),
  /**
   * `planned`; `waiting`: another stack's `up` has to come first, so that only what the settings say is known; `failed`: it could not
   * be planned.
   */
  state: z.enum(["planned", "waiting", "failed"]),
  /** With `waiting` and `failed`: why, and what to do. */
  reason: z.string().optional(),
  clusters: clusterPlan,
  trust: z.array(trustChange),
  /** As `from->to`: istiod of `from` reads `to`. */
  pairs: z.strictObject({ wired: z.array(z.string()), unwired: z.array(z.string()) }),
  tokens: z.array(tokenChange),
  workloads: z.array(workloadChange),
  /** Changes of Istio in clusters that stay. Absent where there are none. */
  istio: z.array(istioChange).optional(),
  /** Changes that could be dangerous and cannot be judged. Absent where there are none. */
  unknown: z.array(unknownChange).optional(),
  /** Absent where nothing could be previewed. */
  resources: z.array(resourceCount).optional(),
  warnings: z.array(z.string()),
});

const danger = z.strictObject({
  danger: z.enum(DANGERS),
  stack: z.string(),
  /** What is dangerous, in one line. */
  what: z.string(),
  /** Whether it was allowed. */
  allowed: z.boolean(),
});

/** What `./mesh plan --json` prints: one object. */
export const planReport = z.strictObject({
  version: z.literal(PLAN_VERSION),
  stacks: z.array(stackPlan),
  dangers: z.array(danger),
  /** Warnings that belong to none of the stacks that were planned. */
  warnings: z.array(z.string()),
  /** The process's exit code: 0: nothing is dangerous, or all of it is allowed; 1: something dangerous is not allowed; 2: a stack could not be planned. */
  exitCode: z.union([z.literal(0), z.literal(1), z.literal(2)]),
});

export type ClusterPlan = z.infer<typeof clusterPlan>;
export type TrustChange = z.infer<typeof trustChange>;
export type TokenChange = z.infer<typeof tokenChange>;
export type WorkloadChange = z.infer<typeof workloadChange>;
export type ResourceCount = z.infer<typeof resourceCount>;
export type IstioChange = z.infer<typeof istioChange>;
export type UnknownChange = z.infer<typeof unknownChange>;
export type StackPlan = z.infer<typeof stackPlan>;
export type Danger = z.infer<typeof danger>;
export type PlanReport = z.infer<typeof planReport>;

/** The report on the plans of all stacks. */
export function reportOf(stacks: readonly StackPlan[], dangers: readonly Danger[], warnings: readonly string[]): PlanReport {
  const dangerous = dangers.some(({ allowed }) => !allowed);
  const exitCode = stacks.some(({ state }) => state === "failed") ? 2 : dangerous ? 1 : 0;
  return { version: PLAN_VERSION, stacks: [...stacks], dangers: [...dangers], warnings: [...warnings], exitCode };
}
