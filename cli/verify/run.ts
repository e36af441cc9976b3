import { CATEGORIES, type Category } from "./finding";
import { judge } from "./checks/index";
import { gatherMesh } from "./gather/mesh";
import { type Traffic, trafficOrReason } from "./gather/traffic";
import { reportOf, type VerifyReport } from "./report/json";
import type { Target } from "./targets";
import { runTraffic } from "./traffic/run";

export interface VerifyOptions {
  /** The categories to report; all by default. */
  readonly only?: readonly Category[];
  /** Whether test workloads send requests between the clusters. */
  readonly traffic: boolean;
  /** Milliseconds that the requests between the clusters may take to succeed. */
  readonly trafficTimeoutMs: number;
  /** Ends the run early; what it created is removed first. */
  readonly signal: AbortSignal;
  /** Told what is being done. */
  readonly progress: (line: string) => void;
}

/** Checks the mesh of these clusters, changing nothing but a namespace of its own, which is removed afterwards. */
export async function verify(targets: readonly Target[], options: VerifyOptions): Promise<VerifyReport> {
  const started = performance.now();
  const only = options.only ?? CATEGORIES;
  const wanted = options.traffic && only.includes("traffic") && targets.length > 1;
  const send: Traffic = (all, created) => trafficOrReason(all, created, (t) => runTraffic(t, { timeoutMs: options.trafficTimeoutMs, created, signal: options.signal }));
  const facts = await gatherMesh(targets, wanted ? send : undefined, options.progress);
  options.signal.throwIfAborted();
  const keys = targets.map((target) => target.key);
  return reportOf(judge(facts, only), keys, facts.time, (performance.now() - started) / 1000);
}
