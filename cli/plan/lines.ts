import { leaves, unknownText } from "./dangers";
import { upgradeText } from "./upgrades";
import type { ClusterPlan, IstioChange, StackPlan, TokenChange, TrustChange, WorkloadChange } from "./report";

/** `+` added, `-` removed, `~` changed, `!` dangerous. */
export type Mark = "+" | "-" | "~" | "!";

/** One thing that `up` would do, in terms of the mesh. */
export interface Line {
  readonly subject: "clusters" | "istio" | "trust" | "pairs" | "tokens" | "workloads" | "unknown";
  readonly mark: Mark;
  readonly text: string;
}

const ISTIO_MARKS = { "replaced-in-place": "!", installed: "+", "gateways-moved": "~", "new-pods-moved": "~", removed: "!" } as const satisfies Record<IstioChange["change"], Mark>;

/** Everything that `up` would do to a stack, the most important first. */
export function planLines(plan: StackPlan): Line[] {
  const { clusters, trust, pairs, tokens, workloads, istio = [], unknown = [] } = plan;
  return [
    ...clusterLines(clusters),
    ...istio.map((change): Line => ({ subject: "istio", mark: ISTIO_MARKS[change.change], text: upgradeText(change) })),
    ...trustLines(trust),
    ...unknown.map((change): Line => ({ subject: "unknown", mark: "!", text: unknownText(change) })),
    ...together(pairs.unwired, (all) => ({ subject: "pairs", mark: "-", text: `unwired: ${all}` })),
    ...together(pairs.wired, (all) => ({ subject: "pairs", mark: "+", text: `wired: ${all}` })),
    ...tokens.map(tokenLine),
    ...workloads.map(workloadLine),
  ];
}

function clusterLines({ replaced, leaving, joining, changed }: ClusterPlan): Line[] {
  const line = (mark: Mark, text: string): Line => ({ subject: "clusters", mark, text });
  return [
    ...replaced.map(({ cluster, why }) => line("!", `${cluster} is replaced, with everything in it: ${why}`)),
    ...leaving.map(({ cluster, driver }) => line("!", `${cluster} ${leaves(driver)}`)),
    ...joining.map(({ cluster, driver }) => line("+", `${cluster} joins${driver === "kind" ? ", a new kind cluster" : ""}`)),
    ...changed.map(({ cluster, what, from, to }) => line("~", `${cluster}: ${what} ${from} → ${to}`)),
  ];
}

function trustLines(changes: readonly TrustChange[]): Line[] {
  const line = (mark: Mark, text: string): Line => ({ subject: "trust", mark, text });
  const clusters = (change: TrustChange["change"]): string[] => changes.filter((other) => other.change === change).flatMap(({ cluster = [] }) => cluster);
  return [
    ...changes.flatMap((change) => rootLine(change)),
    ...together(clusters("intermediate-issued"), (all) => line("+", `new intermediates: ${all}`)),
    ...together(clusters("intermediate-reissued"), (all) => line("~", `intermediates reissued: ${all}`)),
    ...together(clusters("intermediate-withdrawn"), (all) => line("-", `intermediates no longer issued: ${all}`)),
  ];
}

function rootLine({ change, root, from, authority }: TrustChange): Line[] {
  const line = (mark: Mark, text: string): Line[] => [{ subject: "trust", mark, text: authority === undefined ? text : `${text}, as stack ${authority} has it` }];
  switch (change) {
    case "root-added":
      return line("+", `root ${root} is trusted`);
    case "root-replaced":
      return line("!", `root ${root} is replaced by another one`);
    case "root-removed":
      return line(authority === undefined ? "!" : "-", `root ${root} is no longer trusted`);
    case "signer-changed":
      return line(authority === undefined ? "!" : "~", `root ${root} signs instead of root ${from}`);
    case "intermediate-issued":
    case "intermediate-reissued":
    case "intermediate-withdrawn":
      return [];
  }
}

function tokenLine({ cluster, generation, account, change }: TokenChange): Line {
  const [mark, verb] = ({ issued: ["+", "issued"], reissued: ["~", "reissued"], withdrawn: ["-", "revoked"] } as const)[change];
  return { subject: "tokens", mark, text: `${cluster}: reader token ${generation}${account === undefined ? "" : ` of ${account}`} is ${verb}` };
}

function workloadLine({ workload, cluster, change }: WorkloadChange): Line {
  const place = cluster === undefined ? workload : `${workload} in ${cluster}`;
  const [mark, verb] = ({ create: ["+", "starts"], update: ["~", "changes"], replace: ["~", "is replaced"], delete: ["-", "stops"] } as const)[change];
  return { subject: "workloads", mark, text: `${place} ${verb}` };
}

function together(items: readonly string[], line: (all: string) => Line): Line[] {
  return items.length === 0 ? [] : [line(items.join(", "))];
}

/** `3 to create, 1 to update`; `nothing to do`. */
export function countLine({ resources }: StackPlan): string {
  if (resources === undefined) return "not previewed";
  const parts = (["create", "update", "replace", "delete"] as const).flatMap((operation) => {
    const count = resources.reduce((sum, component) => sum + component[operation], 0);
    return count === 0 ? [] : [`${count} to ${operation}`];
  });
  return parts.join(", ") || "nothing to do";
}
