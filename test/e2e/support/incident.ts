import { until } from "../../support/wait";
import { type Answered, type Asked, counted, failures, Load } from "./load";

/** What requests saw of a service that failed in one cluster, and was healed. */
export interface Seen {
  /** Answers by cluster, or by status where that is not 200. */
  readonly counts: Readonly<Record<string, number>>;
  readonly failed: number;
  /** Seconds until the first answer from elsewhere: from the first request of any stream that failed, else from the beginning of the fault. */
  readonly secondsAway: number;
  /** Seconds from the repair until the first answer from home. */
  readonly secondsBack: number;
}

/** A fault, and its repair. */
export interface Incident {
  /** Cluster that answers as long as nothing is wrong, as it names itself. */
  readonly home: string;
  readonly inject: () => Promise<unknown>;
  readonly heal: () => Promise<unknown>;
}

/** So many answers in a row from one cluster mean that requests have moved there. */
const MOVED = 50;

/** Lets a service fail and heals it again while each stream asks it 50 times a second, and waits until requests have gone away and come back. */
export async function during({ home, inject, heal }: Incident, streams: Readonly<Record<string, Asked>>): Promise<Record<string, Seen>> {
  const loads = Object.entries(streams).map(([name, asked]) => ({ name, load: new Load(asked) }));
  const all = (holds: (answers: readonly Answered[]) => boolean) => () => loads.every(({ load }) => holds(load.answers.slice(-MOVED)));
  const isAt = (answers: readonly Answered[]): boolean => answers.length === MOVED && answers.every(({ code, from }) => code === 200 && from === home);
  const isAway = (answers: readonly Answered[]): boolean => answers.length === MOVED && answers.every(({ code, from }) => code === 200 && from !== home);
  const seen = (): unknown => loads.map(({ name, load }) => [name, counted(load.answers.slice(-MOVED))]);
  try {
    await until(`requests to be answered by ${home}`, all(isAt), { seen });
    const broken = Date.now();
    await inject();
    await until("requests to be answered from elsewhere", all(isAway), { seen });
    const healed = Date.now();
    await heal();
    await until(`requests to come back to ${home}`, all(isAt), { timeoutMs: 120_000, seen });
    const failed = loads.flatMap(({ load }) => load.answers.filter(({ code, sentAt }) => code !== 200 && sentAt >= broken).map(({ sentAt }) => sentAt));
    const since = failed.length > 0 ? Math.min(...failed) : broken;
    return Object.fromEntries(loads.map(({ name, load }) => [name, look(load.answers, home, since, healed)]));
  } finally {
    await Promise.all(loads.map(({ load }) => load.stop()));
  }
}

function look(answers: readonly Answered[], home: string, broken: number, healed: number): Seen {
  const seconds = (since: number, found: Answered | undefined): number => (found === undefined ? NaN : Math.round((found.at - since) / 100) / 10);
  const away = answers.find(({ at, code, from }) => at >= broken && code === 200 && from !== home);
  const back = answers.find(({ at, code, from }) => at >= healed && code === 200 && from === home);
  return { counts: counted(answers), failed: failures(answers), secondsAway: seconds(broken, away), secondsBack: seconds(healed, back) };
}

/** A line about what a stream saw. */
export function lineOf(name: string, { counts, failed, secondsAway, secondsBack }: Seen): string {
  const sent = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const of = Object.entries(counts).map(([whose, count]) => `${count} ${whose}`);
  return `${name}: ${failed} of ${sent} failed (${of.join(", ")}); ${secondsAway} s to the first answer from elsewhere, ${secondsBack} s until back`;
}
