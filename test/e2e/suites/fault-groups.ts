import type { Fault } from "./fault";

/**
 * Faults by name, in groups that are put into the mesh together, since each look at the mesh and each wait for its configuration takes
 * seconds. None of a group may hide another: {@link clashes} finds those that share a finding. What it cannot know: that a fault breaks the
 * way on which another is seen. So at most one of a group keeps west from reading east, and those that are seen through that way are with
 * faults that leave it open. Another authority is with faults that are made and seen at once: istiod loads what stays for a minute.
 */
export const GROUPS: readonly (readonly string[])[] = [
  ["a remote Secret for a cluster that left the mesh", "a clock that is off"],
  ["the remote Secret deleted", "a filter by which workloads take any certificate", "an intermediate that has expired"],
  ["the remote Secret's key renamed", "the Gateway resource deleted"],
  ["the server in the remote Secret set to 127.0.0.1", "failover without outlier detection", "a tag that leads to a revision which there is not"],
  ["the peer's token revoked", "a policy for a ServiceAccount that does not exist"],
  ["the discovery proxy scaled to zero", "another mesh id"],
  ["the discovery proxy's certificate expired", "a namespace that asks for a revision which there is not"],
  ["the gateway's rule for the discovery proxy removed", "the network label removed", "another root in one cluster"],
  ["a firewall between the clusters", "a Secret in the namespace that is to hold none", "a second Gateway that lets other networks reach more"],
  ["a strict policy that denies", "more permissions for the peer's account", "a workload on a node without region and zone"],
  ["the east-west gateway scaled to zero", "sidecar injection off when pods start", "the policy that demands mutual TLS deleted"],
  ["an API server that has stopped"],
];

/**
 * The faults in their groups.
 *
 * @throws Error when one is in no group or in more than one, and when a name does not belong to a fault.
 */
export function grouped(faults: readonly Fault[], groups: readonly (readonly string[])[] = GROUPS): Fault[][] {
  const names = groups.flat();
  for (const { name } of faults) {
    const count = names.filter((other) => other === name).length;
    if (count !== 1) throw new Error(`the fault "${name}" is in ${count} groups`);
  }
  return groups.map((group) =>
    group.map((name) => {
      const fault = faults.find((one) => one.name === name);
      if (fault === undefined) throw new Error(`there is no fault "${name}"`);
      return fault;
    }),
  );
}

/** Whether a fault is looked for at other targets than the mesh's own clusters. */
export function looksElsewhere(fault: Fault): boolean {
  return fault.targets !== undefined;
}

/** Why the faults of a group could not be told apart, a line for each reason; empty where they can. */
export function clashes(group: readonly Fault[]): string[] {
  const lines = group.flatMap((fault) =>
    group
      .filter((other) => other !== fault)
      .flatMap((other) => fault.named.filter((finding) => [...other.named, ...(other.consequences ?? [])].includes(finding)).map((finding) => `${finding} of "${fault.name}" may be "${other.name}"`)),
  );
  // What looks at targets of its own would see there what the others have broken.
  const elsewhere = group.filter(looksElsewhere);
  return elsewhere.length === 0 || elsewhere.length === group.length ? lines : [...lines, `"${elsewhere[0]?.name ?? ""}" is not seen where the others are`];
}
