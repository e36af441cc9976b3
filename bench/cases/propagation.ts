import { randomBytes } from "node:crypto";
import { Prober } from "../../cli/watch/prober";
import { pathTo } from "../../cli/verify/traffic/envoy";
import { attempt } from "../../cli/verify/gather/resources";
import { runNamespace } from "../../cli/verify/traffic/objects";
import { once, removeRun } from "../../cli/verify/traffic/probers";
import { until } from "../../test/support/wait";
import type { BenchCase, BenchContext, CaseResult } from "../case";
import { standingMesh } from "../standing-mesh";
import { propagationSeries } from "../traffic/propagation";
import { targetsOf } from "../traffic/targets";
import { ABOUT } from "./about";

/** How often it is measured in each direction, whatever the number of runs: one measurement takes about four seconds. */
const TIMES = 20;

/** Milliseconds after which a request to an API server is given up. */
const REQUEST_MS = 10_000;

/** From a ready pod that becomes an endpoint in one cluster to the first request that it answers from the other. */
export const propagation: BenchCase = {
  name: "propagation",
  ...ABOUT.propagation,
  async run(context: BenchContext): Promise<CaseResult> {
    const { west, east } = await targetsOf(await standingMesh(context), REQUEST_MS);
    const targets = [west, east];
    const namespace = runNamespace(randomBytes(3).toString("hex"));
    const [first, second] = [new Prober(west, targets, namespace), new Prober(east, targets, namespace)];
    const ended = new AbortController();
    const signal = AbortSignal.any([context.signal, ended.signal]);
    context.say(`propagation: ${TIMES} times in each direction`);
    let keeping: Promise<unknown> = Promise.resolve();
    try {
      await Promise.all([first.open(), second.open()]);
      keeping = Promise.all([first.keep(signal), second.keep(signal)]);
      await Promise.all([ready(first, second, signal), ready(second, first, signal)]);
      const series = await propagationSeries([first, second], TIMES, signal);
      return { series, goals: [], notes: [`Measured ${TIMES} times in each direction. The endpoint is asked for every 20 ms from the moment at which the API server has taken the change.`] };
    } finally {
      ended.abort();
      await keeping;
      [first, second].forEach((prober) => prober.end());
      await removeRun(targets, namespace);
    }
  },
};

/** Waits until requests from one are answered by the other. */
async function ready(from: Prober, to: Prober, signal: AbortSignal): Promise<void> {
  await until(`requests from ${from.key} to ${to.key}`, async () => {
    signal.throwIfAborted();
    if (from.problem !== undefined || to.problem !== undefined) return false;
    const answer = await attempt(() => once(from.port, pathTo(to.key), signal));
    return answer.ok && answer.value.status === 200;
  }, { timeoutMs: 90_000, intervalMs: 250, seen: () => [from.problem, to.problem] });
}
