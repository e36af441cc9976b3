import { randomBytes } from "node:crypto";
import * as path from "node:path";
import { EXIT, explain, MeshError } from "../../lib/errors";
import { askYes, canAsk } from "../lib/ask";
import { say, warn } from "../lib/say";
import { outputsOfStacks } from "../verify/stacks";
import { announcement } from "./announce";
import { clock } from "./clock";
import { clustersOf, type DrillCluster, drillOutputs } from "./clusters";
import { obstacle, type Site } from "./failure";
import type { FailureName, Pair, Retries } from "./kinds";
import { Nodes } from "./nodes";
import { drillPair, type PairResult, undrilled } from "./pair";
import { pairsOf } from "./pairs";
import { RunRecord } from "./record";
import { type DrillReport, reportOf } from "./report";
import { removeLeftovers } from "./workloads";

/** Milliseconds after which one request to an API server is given up. */
const REQUEST_MS = 10_000;

/** What a drill is asked to do. */
export interface RunOptions {
  readonly pairs: readonly Pair[];
  readonly failures: readonly FailureName[];
  readonly retries: readonly Retries[];
  /** Requests a second of each stream. */
  readonly rate: number;
  /** Whether to begin without asking. */
  readonly yes: boolean;
  readonly signal: AbortSignal;
  readonly progress: (line: string) => void;
}

/** What a run is made of; tests replace some of it. */
const PARTS = { outputsOfStacks, removeLeftovers, drillPair, canAsk, askYes, say, warn, clock };
export type RunParts = typeof PARTS;

/**
 * Drills the mesh of stacks that are up. What an earlier run left is repaired and removed first.
 *
 * @throws MeshError when a stack is not up, when a pair is unknown, when the user does not agree, or when another drill runs.
 */
export async function runDrill(stacks: readonly string[], options: RunOptions, parts: RunParts = PARTS): Promise<DrillReport> {
  const { session, outputs } = await parts.outputsOfStacks(stacks, drillOutputs);
  const clusters = clustersOf(outputs, REQUEST_MS);
  const pairs = pairsOf(clusters.map(({ target }) => target.key), options.pairs);
  const record = RunRecord.open(path.join(session.mesh.home, "drill.json"), randomBytes(4).toString("hex"));
  const left: string[] = [];
  try {
    const nodes = new Nodes(session.env, record);
    await cleanUp(record, nodes, clusters, parts);
    const sites = pairs.map(({ from, to }) => ({ pair: { from: cluster(clusters, from), to: cluster(clusters, to) }, nodes, clock: parts.clock }));
    options.signal.throwIfAborted();
    await agree(sites.map(({ pair }) => pair), options, parts);
    return await drillAll(sites, record.run, left, options, parts);
  } finally {
    record.close(left.length > 0);
  }
}

function cluster(clusters: readonly DrillCluster[], key: string): DrillCluster {
  const found = clusters.find(({ target }) => target.key === key);
  if (found === undefined) throw new Error(`cluster ${key} is not known`);
  return found;
}

/** Repairs and removes what a run that was killed left. */
async function cleanUp(record: RunRecord, nodes: Nodes, clusters: readonly DrillCluster[], parts: RunParts): Promise<void> {
  for (const owed of record.leftovers?.repairs ?? []) {
    parts.say(`a drill was killed; repairing ${owed.containers.join(", ")}`);
    await nodes.repair(owed);
  }
  const removed = await Promise.all(
    clusters.map(async (one) => ((await parts.removeLeftovers(one, record.leftovers?.run, parts.clock)) ? [one.target.key] : [])),
  );
  if (removed.flat().length > 0) parts.say(`removed what an earlier drill left in ${removed.flat().join(", ")}`);
  record.begin();
}

async function agree(sites: readonly Site["pair"][], { failures, retries, rate, yes }: RunOptions, parts: RunParts): Promise<void> {
  announcement(sites, failures, retries, rate).forEach(parts.say);
  if (yes || !sites.some((site) => failures.some((failure) => obstacle(failure, site) === undefined))) return;
  if (!parts.canAsk()) throw new MeshError("drill-not-asked", "there is nobody to ask whether to begin", "Give --yes to begin without a question.", EXIT.unusable);
  if (!(await parts.askYes("mesh: begin? [y/N] "))) throw new MeshError("drill-not-asked", "nothing was done", undefined, EXIT.unusable);
}

/**
 * Drills one pair after the other, and reports all of them: what a failure costs is another thing in each direction.
 *
 * @param left takes what could not be removed. Then the pairs that are left are not drilled: their workloads would have the same names.
 * @throws MeshError when the workloads of the only pair cannot be started. Of several, such a pair is reported as not known.
 */
async function drillAll(sites: readonly Site[], run: string, left: string[], options: RunOptions, parts: RunParts): Promise<DrillReport> {
  const { failures, retries, rate, signal, progress } = options;
  const time = new Date().toISOString();
  const started = parts.clock.now();
  const results: PairResult[] = [];
  const warnOf = (message: string): void => {
    left.push(message);
    parts.warn(message);
  };
  for (const site of sites) {
    if (left.length > 0) break;
    try {
      results.push(await parts.drillPair(site, { failures, retries, rate, run, clock: parts.clock, signal, progress, left: warnOf }));
    } catch (error) {
      // What the other pairs cost is worth knowing all the same.
      if (sites.length === 1 || signal.aborted || !(error instanceof MeshError) || error.section !== "drill-not-started") throw error;
      parts.warn(explain(error).join("\n      "));
      results.push(undrilled(site, options, error.message));
    }
  }
  return reportOf(results, rate, time, (parts.clock.now() - started) / 1000, left);
}
