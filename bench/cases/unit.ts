import * as path from "node:path";
import { repositoryRoot } from "../../lib/paths";
import type { Summary } from "../../tools/test/summary";
import type { BenchCase } from "../case";
import { execute, succeeded } from "../lib/execute";
import { ABOUT } from "./about";

/** The whole unit suite, as `./mesh test unit` runs it. */
export const unit: BenchCase = {
  name: "unit",
  ...ABOUT.unit,
  async run({ runs, signal, say }) {
    const values: number[] = [];
    let passed = 0;
    for (let index = 1; index <= runs; index += 1) {
      say(`unit: run ${index} of ${runs}`);
      const ended = await execute(path.join(repositoryRoot, "mesh"), ["test", "unit", "--json"], { cwd: repositoryRoot, env: process.env, signal });
      const summary = JSON.parse(succeeded("./mesh test unit", ended, signal).stdout) as Summary;
      passed = summary.passed;
      values.push(ended.seconds);
    }
    return { series: [{ name: "./mesh test unit", side: "usmesh", unit: "s", values }], goals: [], notes: [`${passed} tests.`] };
  },
};
