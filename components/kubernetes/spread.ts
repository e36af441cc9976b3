/** One of the `topologySpreadConstraints` of a pod. */
export interface SpreadConstraint {
  readonly maxSkew: number;
  readonly topologyKey: string;
  readonly whenUnsatisfiable: "DoNotSchedule" | "ScheduleAnyway";
  readonly nodeTaintsPolicy?: "Honor";
  readonly labelSelector: { readonly matchLabels: Readonly<Record<string, string>> };
  readonly matchLabelKeys?: string[];
}

/**
 * Spreads the replicas of a Deployment: two on one node only where no other node accepts them, and in different zones where that is possible.
 * Only pods of one revision are compared. Otherwise those that a rollout replaces would count, and the new ones could all end on one node.
 * A node with a taint that the pods do not tolerate does not count, so that nothing waits for it.
 *
 * @param matchLabels labels of the Deployment's pods
 */
export function spreadConstraints(matchLabels: Readonly<Record<string, string>>): SpreadConstraint[] {
  const labelSelector = { matchLabels };
  return [
    {
      maxSkew: 1,
      topologyKey: "kubernetes.io/hostname",
      whenUnsatisfiable: "DoNotSchedule",
      nodeTaintsPolicy: "Honor",
      labelSelector,
      matchLabelKeys: ["pod-template-hash"],
    },
    { maxSkew: 1, topologyKey: "topology.kubernetes.io/zone", whenUnsatisfiable: "ScheduleAnyway", labelSelector },
  ];
}
