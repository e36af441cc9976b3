/** Number of CAP_SYS_RESOURCE among the kernel's capabilities: its bit in the sets of `/proc/self/status`. */
const SYS_RESOURCE = 24n;

/**
 * Whether a machine's capability bounding set lacks CAP_SYS_RESOURCE. On such a machine the kernel refuses `docker run --privileged`, with
 * which kind starts its nodes, unless a wrapper around runc leaves that capability out.
 *
 * @param status content of `/proc/self/status`.
 * @returns false also when the text names no bounding set, since nothing is then known to be missing.
 */
export function lacksSysResource(status: string): boolean {
  const set = /^CapBnd:\s*([0-9a-f]{1,16})\s*$/im.exec(status)?.[1];
  return set !== undefined && ((BigInt(`0x${set}`) >> SYS_RESOURCE) & 1n) === 0n;
}
