import { obstacle, type Site } from "./failure";
import { type FailureName, KINDS, type Retries } from "./kinds";
import { NAMESPACE } from "./names";

/** Seconds for the workloads of a pair to start and to be removed; and for a backend to be taken back after a failure, at most and usually. */
const WORKLOADS_SECONDS = 40;
const BACK_SECONDS = 35;

/** What a drill will do, before it asks. */
export function announcement(sites: readonly Site["pair"][], failures: readonly FailureName[], retries: readonly Retries[], rate: number): string[] {
  const keys = [...new Set(sites.flatMap(({ from, to }) => [from.target.key, to.target.key]))];
  const lines = sites.flatMap((site) => {
    const pair = { from: site.from.target.key, to: site.to.target.key };
    const made = failures.filter((failure) => obstacle(failure, site) === undefined);
    return [`${pair.from} -> ${pair.to}:`, ...made.map((failure) => `  ${failure}: ${KINDS[failure].what(pair)}, for ${KINDS[failure].holdSeconds} s`), ...(made.length === 0 ? ["  nothing"] : [])];
  });
  const clusterWide = failures.filter((failure) => sites.some((site) => KINDS[failure].kindOnly && obstacle(failure, site) === undefined));
  return [
    `the drill makes failures on purpose in ${keys.join(", ")}, about ${minutesOf(sites, failures)} minutes in all:`,
    ...lines.map((line) => `  ${line}`),
    `it sends ${rate * retries.length} requests a second from a client of its own to backends of its own, in the namespace ${NAMESPACE}, which it removes at the end`,
    ...(clusterWide.length > 0 ? [`${clusterWide.join(", ")}: everything else in the cluster stops meanwhile, or loses its API server; leave them out with --only`] : []),
  ];
}

function minutesOf(sites: readonly Site["pair"][], failures: readonly FailureName[]): number {
  const seconds = sites.flatMap((site) => {
    const made = failures.filter((failure) => obstacle(failure, site) === undefined);
    return made.length === 0 ? [] : [WORKLOADS_SECONDS, ...made.map((failure) => KINDS[failure].holdSeconds + BACK_SECONDS)];
  });
  return Math.max(1, Math.ceil(seconds.reduce((sum, more) => sum + more, 0) / 60));
}
