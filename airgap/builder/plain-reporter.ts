import { spoken } from "./forecast";
import type { Reporter } from "./reporter";

/**
 * Progress in plain lines, one when a step begins and one when it ends, for logs and pipes.
 *
 * @param print takes each line.
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
      print(`[${number}/${total}] ${step.name} ${step.version}: ${why}, takes about ${spoken(step.cost.seconds)} …`);
    },
    line() {
      // The step's log has it; here it would drown the progress.
    },
    finished(step, seconds, left) {
      const took = seconds === undefined ? "is ready after all" : `${Math.round(seconds)} s`;
      print(`${numbers.get(step.name)} … ${took}${left >= 1 ? `, about ${spoken(left)} left` : ""}`);
    },
    failed(step, error) {
      print(`${numbers.get(step.name)} … failed: ${error.cause}; see ${error.log}`);
    },
    tick() {
      // Plain lines cannot be rewritten.
    },
    async end() {
      // Nothing is left on the screen that would have to be finished.
    },
  };
}
