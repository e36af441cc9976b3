import type { ClusterPlan, TokenChange } from "./report";
import type { Operation } from "./resources";
import { only, operationsOf, type Part } from "./roles";

const CHANGES: Readonly<Record<Exclude<Operation, "update">, TokenChange["change"]>> = { create: "issued", replace: "reissued", delete: "withdrawn" };

/** The tokens with which peers read the clusters that stay. Those of a cluster that joins, leaves or is replaced change with it. */
export function planTokens(parts: readonly Part[], { joining, leaving, replaced }: ClusterPlan): TokenChange[] {
  const others = [...joining, ...leaving, ...replaced].map(({ cluster }) => cluster);
  return operationsOf(only(parts, "reader-token")).flatMap(({ role: { cluster, generation, account }, operation }) =>
    operation === "update" || others.includes(cluster) ? [] : [{ cluster, generation, ...(account === undefined ? {} : { account }), change: CHANGES[operation] }],
  );
}
