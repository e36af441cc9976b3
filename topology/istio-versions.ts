/**
 * What is known of Istio's versions: which of them this program can run, and which steps from one to another Istio supports. Pure
 * rules on versions as text, such as `1.31.4`; what is not a version is not judged.
 */

/** A range of Kubernetes' minor versions, both included. */
interface MinorRange {
  readonly first: number;
  readonly last: number;
}

/** A release with a fault that a mesh of several clusters meets. */
interface BadRelease {
  /** Whether the version has the fault. */
  readonly has: (version: Version) => boolean;
  /** What goes wrong, after "Istio 1.30.1". */
  readonly fault: string;
}

/** A version in its parts. */
export interface Version {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
}

/** How many minor versions the istiods of a mesh may be apart, and a proxy behind its istiod. */
export const MAX_MINOR_SKEW = 1;

/** The minor versions of Istio that this program was written for. */
export const FIRST_MINOR = 30;
export const LAST_MINOR = 31;

/** Releases that lose what peers have, by what Istio's own issues and release notes say. The first that fits counts. */
const BAD_RELEASES: readonly BadRelease[] = [
  {
    has: ({ major, minor, patch }) => major === 1 && minor === 27 && patch === 1,
    fault: "misses a remote Secret that changes, and keeps the old address and token until istiod is restarted (istio/istio#58047)",
  },
  {
    has: ({ major, minor, patch }) => major === 1 && minor === 30 && patch <= 3,
    fault: "loses endpoints when a remote Secret changes, as until 1.30.4 (istio/istio#60612)",
  },
  {
    has: ({ major, minor }) => major < 1 || (major === 1 && minor <= 29),
    fault: "loses endpoints when a remote Secret changes, since it ends the old reader before the new one has read the peer",
  },
];

/** By minor version of Istio 1: the versions of Kubernetes that it supports. */
const KUBERNETES: Readonly<Record<number, MinorRange>> = { 30: { first: 32, last: 36 }, 31: { first: 32, last: 36 } };

/** The parts of a version; undefined for what is not one. The patch is 0 where there is none. */
export function parseVersion(text: string | undefined): Version | undefined {
  const [, major, minor, patch] = /^v?(\d+)\.(\d+)(?:\.(\d+))?/.exec(text ?? "") ?? [];
  return major === undefined || minor === undefined ? undefined : { major: Number(major), minor: Number(minor), patch: Number(patch ?? 0) };
}

/** What goes wrong with a release in a mesh of several clusters, after its name; undefined when nothing is known. */
export function faultOf(version: string): string | undefined {
  const parsed = parseVersion(version);
  return parsed && BAD_RELEASES.find(({ has }) => has(parsed))?.fault;
}

/** Why istiod of a version must not take over from one of another; undefined when it may. */
export function stepProblem(from: string, to: string): { readonly kind: "downgrade" | "skipped"; readonly message: string } | undefined {
  const [before, after] = [parseVersion(from), parseVersion(to)];
  if (before === undefined || after === undefined) return undefined;
  if (compare(after, before) < 0) {
    return { kind: "downgrade", message: `Istio ${to} is older than ${from}, which is installed, and Istio does not support downgrades: an older version may misread what a newer one wrote` };
  }
  if (after.major !== before.major) return { kind: "skipped", message: `from Istio ${from} to ${to} the major version changes, and this program does not know such an upgrade` };
  const skipped = minorsApart(before, after) - 1;
  if (skipped < 1) return undefined;
  const next = `${before.major}.${before.minor + 1}`;
  return { kind: "skipped", message: `from Istio ${from} to ${to} ${skipped === 1 ? "a minor version is" : `${skipped} minor versions are`} skipped, and Istio supports one at a time: go to ${next} first` };
}

/** Versions that are further apart than Istio supports within a mesh, oldest and newest; undefined when none are. */
export function skewOf(versions: readonly string[]): { readonly oldest: string; readonly newest: string } | undefined {
  const known = versions.flatMap((text) => {
    const version = parseVersion(text);
    return version === undefined ? [] : [{ text, version }];
  });
  const sorted = [...known].sort((a, b) => compare(a.version, b.version));
  const [oldest, newest] = [sorted[0], sorted.at(-1)];
  if (oldest === undefined || newest === undefined || minorsApart(oldest.version, newest.version) <= MAX_MINOR_SKEW) return undefined;
  return { oldest: oldest.text, newest: newest.text };
}

/** Whether a proxy can be served by an istiod: it may be older by one minor version, and not newer. True for what is not a version. */
export function servesProxy(istiod: string, proxy: string): boolean {
  const [server, client] = [parseVersion(istiod), parseVersion(proxy)];
  if (server === undefined || client === undefined) return true;
  const behind = minorsApart(client, server);
  return behind >= 0 && behind <= MAX_MINOR_SKEW;
}

/** What Istio says of a version of Kubernetes: `too-old`, `too-new`, or undefined where it supports it or nothing is known. */
export function kubernetesProblem(istio: string, kubernetes: string): { readonly kind: "too-old" | "too-new"; readonly supported: string } | undefined {
  const [mesh, cluster] = [parseVersion(istio), parseVersion(kubernetes)];
  const range = mesh?.major === 1 ? KUBERNETES[mesh.minor] : undefined;
  if (range === undefined || cluster === undefined || cluster.major !== 1) return undefined;
  const supported = `1.${range.first} to 1.${range.last}`;
  if (cluster.minor < range.first) return { kind: "too-old", supported };
  return cluster.minor > range.last ? { kind: "too-new", supported } : undefined;
}

/** Negative when `a` is older than `b`, positive when it is newer. */
export function compare(a: Version, b: Version): number {
  return a.major - b.major || a.minor - b.minor || a.patch - b.patch;
}

/** Minor versions from `a` to `b`; another major version is further than any. */
function minorsApart(a: Version, b: Version): number {
  return a.major === b.major ? b.minor - a.minor : (b.major - a.major) * Infinity;
}
