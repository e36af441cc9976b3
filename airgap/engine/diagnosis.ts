/** A known reason why dockerd does not start, and what helps. */
interface Cause {
  /** What its log says in that case. */
  readonly pattern: RegExp;
  /** What that means and what to do; `%` is replaced by the data folder. */
  readonly meaning: string;
}

/** The most specific first: a log often also matches another cause. */
const CAUSES: readonly Cause[] = [
  { pattern: /no space left on device/i, meaning: "the disk is full: free some space (docker keeps its data in %)" },
  {
    pattern: /ensure docker is not running|process with PID \d+ is still running/i,
    meaning: "another dockerd seems to be running: stop it, or remove /var/run/docker.pid if there is none",
  },
  {
    pattern: /specified both as a flag and in the configuration file/i,
    meaning: "/etc/docker/daemon.json sets a runtime: remove default-runtime and runtimes from it",
  },
  {
    pattern: /invalid (database|checksum)|bad magic|file size too small|unexpected (end of JSON|EOF)|structure needs cleaning|panic: (page|freelist|assertion)/i,
    meaning: "its data in % is damaged, as after a power failure: move it away (mv % %.damaged); all containers and images in it are lost",
  },
  {
    pattern: /error initializing graphdriver|prior storage driver|driver not supported|failed to mount overlay/i,
    meaning:
      "its storage driver does not work on this file system, or does not match the data in %: move that folder away, or put it on ext4 or xfs",
  },
  {
    pattern: /devices cgroup isn't mounted|cgroups?: cgroup mountpoint does not exist/i,
    meaning: "the machine has no cgroups mounted: install and run cgroupfs-mount",
  },
  {
    pattern: /iptables.*(failed|not supported|Could not fetch rule set)|initializing network controller.*iptables/i,
    meaning:
      "iptables does not work here; the legacy version may: update-alternatives --set iptables /usr/sbin/iptables-legacy, and the same for ip6tables",
  },
  {
    pattern: /timeout waiting for containerd|failed to start containerd|failed to dial .*containerd/i,
    meaning: "its containerd does not start: stop a containerd that is still running, and remove /var/run/docker/containerd",
  },
  {
    pattern: /operation not permitted|permission denied|must be run as root|needs to be started with root/i,
    meaning: "it lacks privileges: if this is a container, it has to be privileged",
  },
];

/**
 * What the log of a dockerd that did not start means.
 *
 * @param log its last lines.
 * @param dataFolder folder of its images and containers.
 * @returns a sentence with what to do; undefined when nothing in the log is known.
 */
export function diagnose(log: string, dataFolder: string): string | undefined {
  return CAUSES.find(({ pattern }) => pattern.test(log))?.meaning.replaceAll("%", dataFolder);
}
