/**
 * A build of fake steps in a process of its own, which kills itself at a named point, as a power cut would.
 *
 * Usage: killable.ts FOLDER STEP:POINT, where POINT is before, running, published-one, published-all or stamped.
 */
import * as fs from "node:fs";
import * as path from "node:path";
import { build } from "../../../airgap/builder/build";
import { airgapPaths } from "../../../airgap/builder/paths";
import { plainReporter } from "../../../airgap/builder/plain-reporter";
import type { Step } from "../../../airgap/builder/step";
import { FakeImages, fileStep } from "../../unit/airgap/builder/support/world";

/** Content of the files that the steps make: long enough that half of it can be told from all of it. */
export const CONTENT = "whole\n".repeat(1000);

/** Milliseconds after which a holder of the lock counts as dead: the shortest time that the lock allows. */
export const STALE_MS = 2000;

/** Three steps, each made of the one before, each with a file and a folder; `kill` is called at every point of each. */
export function killableSteps(folder: string, kill: (point: string) => void): Step[] {
  return ["one", "two", "three"].map((name, index, names) =>
    fileStep(name, {
      needs: index > 0 ? [names[index - 1] ?? ""] : [],
      outputs: [`bin/${name}`, `charts/${name}`],
      async build({ scratch, publish, run }) {
        fs.appendFileSync(path.join(folder, "journal"), `${name}\n`);
        kill(`${name}:before`);
        fs.writeFileSync(path.join(scratch, "file"), CONTENT);
        fs.mkdirSync(path.join(scratch, "chart"));
        fs.writeFileSync(path.join(scratch, "chart", "values.yaml"), CONTENT);
        const command = run("sh", ["-c", `echo $$ > ${path.join(folder, "pid")}; exec sleep 0.1`]);
        kill(`${name}:running`);
        await command;
        await publish(path.join(scratch, "file"), `bin/${name}`);
        kill(`${name}:published-one`);
        await publish(path.join(scratch, "chart"), `charts/${name}`);
        kill(`${name}:published-all`);
      },
    }),
  );
}

async function main([folder = "", killAt]: string[]): Promise<void> {
  const kill = (point: string): void => {
    if (point === killAt) process.kill(process.pid, "SIGKILL");
  };
  const reporter = plainReporter((line) => process.stdout.write(`${line}\n`));
  const finished = reporter.finished.bind(reporter);
  await build({
    steps: killableSteps(folder, kill),
    repository: folder,
    paths: airgapPaths(path.join(folder, "home")),
    images: new FakeImages(),
    reporter: {
      ...reporter,
      finished(step, seconds, left) {
        finished(step, seconds, left);
        kill(`${step.name}:stamped`);
      },
    },
    signal: new AbortController().signal,
    staleMs: STALE_MS,
  });
}

if (require.main === module) void main(process.argv.slice(2));
