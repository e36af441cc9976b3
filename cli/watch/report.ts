import { changeLine, duration, pairLines, totalLines } from "./lines";
import type { Pair } from "./metrics";
import { changeEvent, pairsEvent, totalsEvent, type WatchEvent } from "./schema";
import type { Change } from "./statistics";

/** Tells a user, or a program, how the pairs are. */
export interface Report {
  /** How often {@link show} is to be called, in milliseconds. */
  readonly everyMs: number;
  change(pair: Pair, change: Change): void;
  show(): void;
  end(seconds: number): void;
}

/** What a report is about, and where it goes. */
interface Wanted {
  readonly pairs: readonly Pair[];
  readonly stdout: NodeJS.WriteStream;
  /** Milliseconds of the clock that the statistics use. */
  readonly now: () => number;
}

/** The report that fits to where it goes. */
export function reportTo(wanted: Wanted, json: boolean): Report {
  if (json) return jsonReport(wanted);
  return wanted.stdout.isTTY ? terminalReport(wanted) : plainReport(wanted);
}

function jsonReport({ pairs, stdout, now }: Wanted): Report {
  const time = (): string => new Date().toISOString();
  const print = (event: WatchEvent): void => void stdout.write(`${JSON.stringify(event)}\n`);
  return {
    everyMs: 10_000,
    change: ({ from, to }, change) => print(changeEvent(time(), from, to, change)),
    show: () => print(pairsEvent(time(), pairs, now())),
    end: (seconds) => print(totalsEvent(time(), pairs, now(), seconds)),
  };
}

/** Changes as they come, and all pairs now and then. */
function plainReport({ pairs, stdout, now }: Wanted): Report {
  const print = (lines: readonly string[]): void => void stdout.write(`${lines.join("\n")}\n`);
  const time = (): string => new Date().toISOString().slice(11, 23);
  return {
    everyMs: 10_000,
    change: ({ from, to }, change) => print([`${time()} ${changeLine(from, to, change)}`]),
    show: () => print(["", ...pairLines(pairs, now()), ""]),
    end: (seconds) => print(endLines(pairs, seconds)),
  };
}

/** All pairs in a table that renews itself; changes stay above it. */
function terminalReport({ pairs, stdout, now }: Wanted): Report {
  let height = 0;
  const draw = (above: readonly string[], table: readonly string[]): void => {
    const cut = table.map((line) => [...line].slice(0, Math.max(20, stdout.columns - 1)).join(""));
    stdout.write(`${height > 0 ? `\x1b[${height}A\x1b[J` : ""}${[...above, ...cut].map((line) => `${line}\n`).join("")}`);
    height = cut.length;
  };
  const time = (): string => new Date().toTimeString().slice(0, 8);
  return {
    everyMs: 500,
    change: ({ from, to }, change) => draw([`${time()} ${changeLine(from, to, change)}`], pairLines(pairs, now())),
    show: () => draw([], pairLines(pairs, now())),
    end: (seconds) => draw(endLines(pairs, seconds), []),
  };
}

function endLines(pairs: readonly Pair[], seconds: number): string[] {
  return ["", `totals of ${duration(seconds * 1000)}`, ...totalLines(pairs)];
}
