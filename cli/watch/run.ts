import { randomBytes } from "node:crypto";
import { orderedPairs } from "../../topology/pairs";
import { EXIT, MeshError } from "../../lib/errors";
import type { Target } from "../verify/targets";
import { runNamespace } from "../verify/traffic/objects";
import { removeRun } from "../verify/traffic/probers";
import { askPair } from "./ask";
import type { Listen } from "./listen";
import { metricsText, type Pair } from "./metrics";
import { Prober } from "./prober";
import { measureAll, type Waiting } from "./propagation";
import { reportTo } from "./report";
import { serveMetrics } from "./serve";
import { type Outcome, Statistics } from "./statistics";

/** How far back a pair's line looks. */
const WINDOW_MS = 60_000;

export interface WatchOptions {
  /** Milliseconds from one request of a pair to the next. */
  readonly intervalMs: number;
  /** Where metrics are served; nowhere unless given. */
  readonly prometheus?: Listen;
  readonly json: boolean;
  /** Ends it. */
  readonly signal: AbortSignal;
  readonly stdout: NodeJS.WriteStream;
  /** Told what is being done. */
  readonly say: (line: string) => void;
}

interface Running extends Pair {
  readonly ask: { readonly from: Prober; readonly to: Prober };
}

/**
 * Sends requests from every cluster to every other until the signal ends that, in a namespace of its own that is removed afterwards.
 *
 * @returns the exit code: 0 when every request was answered and some were sent, else 1.
 * @throws MeshError when there are no pairs, or when metrics cannot be served.
 */
export async function watchMesh(targets: readonly Target[], options: WatchOptions): Promise<number> {
  const { signal, say } = options;
  if (targets.length < 2) throw new MeshError("watch-no-pairs", "a mesh of one cluster has no pairs to watch", "Name the stacks of all its clusters: ./mesh watch west east", EXIT.unusable);
  const started = performance.now();
  const namespace = runNamespace(randomBytes(3).toString("hex"));
  const probers = targets.map((target) => new Prober(target, targets, namespace));
  const pairs = orderedPairs(probers).map(({ from, to }): Running => ({ from: from.key, to: to.key, statistics: new Statistics(WINDOW_MS, started), ask: { from, to } }));
  const metrics = options.prometheus && (await serveMetrics(options.prometheus, () => metricsText(pairs, performance.now())));
  if (metrics) say(`metrics are at http://${options.prometheus?.host ?? "localhost"}:${metrics.port}/metrics`);
  say(`test workloads start in namespace ${namespace} of ${targets.length} clusters; Ctrl-C ends it and removes them`);
  const report = reportTo({ pairs, stdout: options.stdout, now: () => performance.now() }, options.json);
  const timer = setInterval(() => report.show(), report.everyMs);
  try {
    await Promise.all(probers.map((prober) => prober.open()));
    await Promise.all([
      ...probers.map((prober) => prober.keep(signal)),
      ...pairs.map((pair) => {
        const record = (outcome: Outcome): void => {
          const change = pair.statistics.record(outcome, performance.now());
          if (change) report.change(pair, change);
        };
        return askPair(pair.ask.from, pair.ask.to, options.intervalMs, signal, record);
      }),
      measureAll(probers, (to) => waitingFor(to, pairs), signal),
    ]);
  } finally {
    clearInterval(timer);
    report.end((performance.now() - started) / 1000);
    say("removing the test workloads");
    metrics?.close();
    probers.forEach((prober) => prober.end());
    await removeRun(targets, namespace);
  }
  const totals = pairs.map(({ statistics }) => statistics.totals());
  return totals.every(({ failed, answered }) => failed === 0 && answered > 0) ? EXIT.ok : EXIT.failed;
}

function waitingFor(to: Prober, pairs: readonly Running[]): Waiting[] {
  return pairs
    .filter(({ ask }) => ask.to === to)
    .map(({ ask, statistics }) => ({
      from: ask.from,
      works: () => statistics.state(0).state === "works",
      record: (ms) => statistics.propagated(ms === undefined ? undefined : Math.round(ms)),
    }));
}
