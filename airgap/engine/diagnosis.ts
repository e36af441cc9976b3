/** A way in which dockerd is known to end, and what helps. */
interface Cause {
  /** What its log says then. */
  readonly pattern: RegExp;
  /** What it means and what to do; the data folder is put in for `%`. */
  readonly meaning: string;
}

/** The most telling first: a log often holds the echo of another cause. */
const CAUSES: readonly Cause[] = [
  { pattern: /no space left on device/i, meaning: "the disk is full: free some space (docker keeps its data in %)" },
  {
    pattern: /ensure docker is not running|process with PID \d+ is still running/i,
    meaning: "another dockerd seems to run: end it, or remove /var/run/docker.pid if it is gone",
  },
  {
    pattern: /specified both as a flag and in the configuration file/i,
    meaning: "/etc/docker/daemon.json sets a runtime of its own: take default-runtime and runtimes out of it",
  },
  {
    pattern: /invalid (database|checksum)|bad magic|file size too small|unexpected (end of JSON|EOF)|structure needs cleaning|panic: (page|freelist|assertion)/i,
    meaning: "its data in % is damaged, as after a power cut: move it away (mv % %.damaged), all containers and images in it are lost",
  },
  {
    pattern: /error initializing graphdriver|prior storage driver|driver not supported|failed to mount overlay/i,
    meaning:
      "its storage driver does not work on this file system or fits not what lies in %: move that folder away, or put it on ext4 or xfs",
  },
  {
    pattern: /devices cgroup isn't mounted|cgroups?: cgroup mountpoint does not exist/i,
    meaning: "the machine has no cgroups mounted: install and run cgroupfs-mount",
  },
  {
    pattern: /iptables.*(failed|not supported|Could not fetch rule set)|initializing network controller.*iptables/i,
    meaning:
      "iptables does not work here; the older kind may: update-alternatives --set iptables /usr/sbin/iptables-legacy, the same with ip6tables",
  },
  {
    pattern: /timeout waiting for containerd|failed to start containerd|failed to dial .*containerd/i,
    meaning: "its containerd does not come up: end a containerd that was left behind, and remove /var/run/docker/containerd",
  },
  {
    pattern: /operation not permitted|permission denied|must be run as root|needs to be started with root/i,
    meaning: "it lacks privileges here: a container around it has to be a privileged one",
  },
];

/**
 * What the log of a dockerd that did not come up means.
 *
 * @param log its last lines.
 * @param dataFolder where it keeps images and containers.
 * @returns a sentence with what to do; undefined when the log says nothing known.
 */
export function diagnose(log: string, dataFolder: string): string | undefined {
  return CAUSES.find(({ pattern }) => pattern.test(log))?.meaning.replaceAll("%", dataFolder);
}
