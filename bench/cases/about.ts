import type { BenchCase } from "../case";

/** What the help says of the cases, in the order in which they run: those that share a mesh come last, so that it does not slow the others. */
export const ABOUT = {
  unit: { summary: "the whole unit suite", needs: "nothing" },
  discovery: { summary: "what a discovery proxy costs with more and more readers", needs: "tools" },
  scale: { summary: "2, 4, 8, 16 and more clusters without Docker: time and memory of each", needs: "tools" },
  up: { summary: "up from nothing, beside a script of kind, helm, kubectl and openssl", needs: "cluster" },
  "scale-kind": { summary: "2, 3, 4 and 6 kind clusters with Istio: time, and what each further one costs istiod", needs: "cluster" },
  noop: { summary: "up and preview that change nothing, beside an empty program", needs: "cluster" },
  change: { summary: "up that changes one label in one cluster", needs: "cluster" },
  verify: { summary: "./mesh verify with and without traffic", needs: "cluster" },
  propagation: { summary: "from a ready pod in one cluster to the first request that it answers from another", needs: "cluster" },
  failover: { summary: "from a failure to the first answer from another cluster, and back", needs: "cluster" },
  dataplane: { summary: "latency and throughput: same cluster, other cluster through its gateway, without mesh", needs: "cluster" },
  join: { summary: "from up of a third cluster to the first request that it serves to the others", needs: "cluster" },
} as const satisfies Readonly<Record<string, Pick<BenchCase, "summary" | "needs">>>;

export type CaseName = keyof typeof ABOUT;

/** Every case, in the order in which they run. */
export const CASE_NAMES = Object.keys(ABOUT) as readonly CaseName[];

/** Names in the order in which they run, all of them when none is given. */
export function selectCases(names: readonly string[]): { readonly cases: readonly CaseName[]; readonly unknown: readonly string[] } {
  return {
    cases: CASE_NAMES.filter((name) => names.length === 0 || names.includes(name)),
    unknown: names.filter((name) => !(CASE_NAMES as readonly string[]).includes(name)),
  };
}

/** What has to be there for some cases, each once. With official downloads, what `cluster` needs does not hold what `tools` does. */
export function needsOf(cases: readonly CaseName[]): readonly BenchCase["needs"][] {
  const needs = cases.map((name): BenchCase["needs"] => ABOUT[name].needs);
  return (["nothing", "tools", "cluster"] as const).filter((need) => needs.includes(need));
}
