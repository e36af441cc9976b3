import { attempt } from "../verify/gather/resources";
import type { Clock } from "./clock";
import { withClient } from "./client";
import { failureOf, obstacle, type Site } from "./failure";
import { type Failover, readFailover } from "./failover";
import { type FailureName, KINDS, type Pair, type Retries, serviceOf, sidesOf } from "./kinds";
import { Load } from "./load";
import { measure, type Outcome } from "./measure";
import { clientOf } from "./objects";
import { deploy, removeWorkloads } from "./workloads";

/** What a drill is run with. */
export interface DrillOptions {
  readonly failures: readonly FailureName[];
  readonly retries: readonly Retries[];
  /** Requests a second of each stream. */
  readonly rate: number;
  /** Id of the run. */
  readonly run: string;
  readonly clock: Clock;
  /** Ends the run; what is failed is repaired, and what was created is removed. */
  readonly signal: AbortSignal;
  /** Told what is being done. */
  readonly progress: (line: string) => void;
  /** Told what could not be removed, and what to do about it. */
  readonly left: (message: string) => void;
}

/** What one failure cost, by stream. */
export interface FailureResult {
  readonly failure: FailureName;
  readonly outcomes: ReadonlyMap<Retries, Outcome>;
}

/** What the drill of a pair found. */
export interface PairResult {
  readonly pair: Pair;
  /** Undefined when no failure needed it, or when it could not be read. */
  readonly failover?: Failover;
  readonly results: readonly FailureResult[];
}

/** What the drill of a pair is made of; tests replace it. */
const PARTS = { deploy, removeWorkloads, withClient, readFailover, failureOf };
export type PairParts = typeof PARTS;

/** Drills one pair: creates the workloads, makes one failure after another, and removes the workloads. */
export async function drillPair(site: Site, options: DrillOptions, parts: PairParts = PARTS): Promise<PairResult> {
  return new PairDrill(site, options, parts).run();
}

/** What is reported of a pair whose workloads could not be started: nothing is known of the failures that would have been made. */
export function undrilled({ pair }: Site, { failures, retries }: Pick<DrillOptions, "failures" | "retries">, reason: string): PairResult {
  const results = failures.map((failure) => {
    const inTheWay = obstacle(failure, pair);
    return { failure, outcomes: forAll(retries, inTheWay === undefined ? { status: "unknown", reason } : { status: "skipped", reason: inTheWay }) };
  });
  return { pair: { from: pair.from.target.key, to: pair.to.target.key }, results };
}

function forAll(retries: readonly Retries[], outcome: Outcome): ReadonlyMap<Retries, Outcome> {
  return new Map(retries.map((stream) => [stream, outcome]));
}

class PairDrill {
  private failover: Failover | undefined;
  private readonly pair: Pair;

  constructor(
    private readonly site: Site,
    private readonly options: DrillOptions,
    private readonly parts: PairParts,
  ) {
    this.pair = { from: site.pair.from.target.key, to: site.pair.to.target.key };
  }

  async run(): Promise<PairResult> {
    const { failures, signal } = this.options;
    signal.throwIfAborted();
    const obstacles = new Map(failures.map((failure) => [failure, obstacle(failure, this.site.pair)]));
    const possible = failures.filter((failure) => obstacles.get(failure) === undefined);
    const measured = new Map(possible.length > 0 ? await this.withWorkloads(possible) : []);
    const results = failures.map((failure) => ({ failure, outcomes: measured.get(failure) ?? forAll(this.options.retries, { status: "skipped", reason: obstacles.get(failure) ?? "" }) }));
    return { pair: this.pair, ...(this.failover === undefined ? {} : { failover: this.failover }), results };
  }

  private say(line: string): void {
    this.options.progress(`${this.pair.from} -> ${this.pair.to}: ${line}`);
  }

  private async withWorkloads(failures: readonly FailureName[]): Promise<[FailureName, ReadonlyMap<Retries, Outcome>][]> {
    const { run, clock, signal } = this.options;
    const results: [FailureName, ReadonlyMap<Retries, Outcome>][] = [];
    try {
      this.say("starting the drill's workloads");
      await this.parts.deploy({ pair: this.site.pair, failures, run, clock, signal });
      for (const failure of failures) {
        this.say(`${failure}: ${KINDS[failure].what(this.pair)}`);
        results.push([failure, await this.measure(failure)]);
      }
    } finally {
      await this.remove();
    }
    return results;
  }

  /** What was measured counts, also where something cannot be removed. */
  private async remove(): Promise<void> {
    const { from, to } = this.site.pair;
    this.say("removing the drill's workloads");
    const removed = await Promise.all([from, to].map((cluster) => attempt(() => this.parts.removeWorkloads(cluster, this.options.clock))));
    for (const one of removed) if (!one.ok) this.options.left(one.error);
  }

  private async measure(failure: FailureName): Promise<ReadonlyMap<Retries, Outcome>> {
    const { retries, rate, clock, signal } = this.options;
    const from = this.site.pair.from.target.kube;
    return this.parts.withClient(from, clientOf(failure), (client) => {
      const load = new Load(client.send(failure), retries, rate, clock);
      const steady = async (): Promise<void> => {
        if (this.failover !== undefined || !KINDS[failure].elsewhere) return;
        const read = await attempt(() => this.parts.readFailover(from, clientOf(failure), serviceOf(failure, "off")));
        if (read.ok) this.failover = read.value;
      };
      return measure({ failure: this.parts.failureOf(failure, this.site), sides: sidesOf(failure, this.pair), load, lost: client.lost, steady, clock, signal });
    });
  }
}
