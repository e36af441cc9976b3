import { Listr, type ListrTaskWrapper } from "listr2";
import { formatDuration } from "./forecast";
import type { Reporter } from "./reporter";
import type { Step } from "./step";

/** The parts of a running row that are changed. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- listr2 does not export the renderers' types for this
type Row = Pick<ListrTaskWrapper<unknown, any, any>, "title" | "output">;

/** A row of the list, and the promise whose end is that of the row. */
interface Entry {
  row?: Row;
  label: string;
  startedAt: number;
  done: () => void;
  fail: (error: Error) => void;
  readonly ended: Promise<void>;
}

/** A row that has not started. */
function waiting(): Entry {
  const entry = { label: "", startedAt: 0 } as Omit<Entry, "ended"> & { ended?: Promise<void> };
  entry.ended = new Promise<void>((resolve, reject) => {
    entry.done = resolve;
    entry.fail = reject;
  });
  return entry as Entry;
}

/**
 * Progress on a terminal: a row for each step that has started, with its elapsed time and its last line of output, and one row that
 * says how much is left. A row without a title is not shown, which hides steps until they start.
 */
export function terminalReporter(): Reporter {
  const entries = new Map<string, Entry>();
  const summary = waiting();
  let total = 0;
  let ready = 0;
  let list: Promise<unknown> | undefined;
  const entryOf = (step: Step): Entry => entries.get(step.name) ?? summary;
  const setTitle = (entry: Entry, title: string): void => {
    if (entry.row) entry.row.title = title;
  };
  return {
    say(line) {
      process.stderr.write(`${line}\n`);
    },
    begin(steps, all) {
      total = all;
      ready = all - steps.length;
      for (const step of steps) entries.set(step.name, waiting());
      const rows = [...entries.values(), summary].map((entry) => ({
        task: (_context: unknown, row: Row): Promise<void> => {
          entry.row = row;
          return entry.ended;
        },
      }));
      const options = { concurrent: true, exitOnError: false, registerSignalListeners: false, rendererOptions: { collapseErrors: false } };
      list = new Listr(rows, options).run();
    },
    started(step, number) {
      const entry = entryOf(step);
      entry.label = `[${number}/${total}] ${step.name} ${step.version}`;
      entry.startedAt = Date.now();
      setTitle(entry, entry.label);
    },
    line(step, line) {
      const row = entryOf(step).row;
      if (row) row.output = line.slice(0, (process.stderr.columns ?? 80) - 8);
    },
    finished(step, seconds) {
      const entry = entryOf(step);
      setTitle(entry, `${entry.label} … ${seconds === undefined ? "was ready already" : formatDuration(seconds)}`);
      entry.startedAt = 0;
      ready += 1;
      entry.done();
    },
    failed(step, error) {
      const entry = entryOf(step);
      entry.startedAt = 0;
      entry.fail(new Error(`${entry.label}: ${error.cause}; see ${error.log}`));
    },
    tick(done, left) {
      setTitle(summary, `${done} of ${total} done, about ${formatDuration(left)} left`);
      for (const entry of entries.values()) {
        if (entry.startedAt > 0) setTitle(entry, `${entry.label} … ${formatDuration((Date.now() - entry.startedAt) / 1000)}`);
      }
    },
    async end() {
      // Rows of steps that never started have no title: they leave nothing on the screen.
      setTitle(summary, `${ready} of ${total} done`);
      for (const entry of [...entries.values(), summary]) {
        if (entry.startedAt > 0) entry.fail(new Error(`${entry.label}: stopped`));
        else entry.done();
      }
      await list?.catch(() => undefined);
    },
  };
}
