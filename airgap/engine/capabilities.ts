/** Number of CAP_SYS_RESOURCE among the kernel's capabilities: its bit in the sets of `/proc/self/status`. */
const SYS_RESOURCE = 24n;

/**
 * Whether a machine's capability bounding set lacks CAP_SYS_RESOURCE. There `docker run --privileged`, with which kind starts its
 * nodes, is refused by the kernel unless a wrapper around runc leaves that capability out.
 *
 * @param status content of `/proc/self/status`.
 * @returns false also where the text names no bounding set: nothing is known to be missing then.
 */
export function lacksSysResource(status: string): boolean {
  const set = /^CapBnd:\s*([0-9a-f]{1,16})\s*$/im.exec(status)?.[1];
  return set !== undefined && ((BigInt(`0x${set}`) >> SYS_RESOURCE) & 1n) === 0n;
}
