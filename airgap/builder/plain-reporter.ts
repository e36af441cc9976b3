import { formatDuration } from "./forecast";
import type { Reporter } from "./reporter";

/**
 * Progress in plain lines for logs and pipes: one when a step starts and one when it ends.
 *
 * @param print called with each line.
 */
export function plainReporter(print: (line: string) => void): Reporter {
  const numbers = new Map<string, string>();
  let total = 0;
  return {
    say: print,
    begin(_steps, all) {
      total = all;
    },
    started(step, number, why) {
      numbers.set(step.name, `[${number}/${total}] ${step.name}`);
      print(`[${number}/${total}] ${step.name} ${step.version}: ${why}, takes about ${formatDuration(step.cost.seconds)} …`);
    },
    line() {
      // It is in the step's log; here it would hide the progress.
    },
    finished(step, seconds, left) {
      const took = seconds === undefined ? "was ready already" : `${Math.round(seconds)} s`;
      print(`${numbers.get(step.name)} … ${took}${left >= 1 ? `, about ${formatDuration(left)} left` : ""}`);
    },
    failed(step, error) {
      print(`${numbers.get(step.name)} … failed: ${error.cause}; see ${error.log}`);
    },
    tick() {
      // Plain lines cannot be rewritten.
    },
    async end() {
      // Nothing is left to finish.
    },
  };
}
