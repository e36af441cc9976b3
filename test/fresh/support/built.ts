/** What this machine's own air gap has ready, for homes that need something that was really built. */
import * as fs from "node:fs";
import * as path from "node:path";
import { select } from "../../../airgap/builder/graph";
import type { InspectedStep } from "../../../airgap/builder/inspect";
import { inspectAirgap } from "../../../airgap/ensure";
import { airgapPaths, type AirgapPaths } from "../../../airgap/builder/paths";
import { allSteps } from "../../../airgap/steps";

/** Pieces that are ready, by name. */
export class Built {
  private constructor(
    readonly paths: AirgapPaths,
    private readonly inspected: readonly InspectedStep[],
  ) {}

  static async find(): Promise<Built> {
    return new Built(airgapPaths(), await inspectAirgap());
  }

  /** Which of some pieces, with all that they are made of, are not ready. */
  missing(names: readonly string[]): string[] {
    const wanted = new Set(select(allSteps, names).map(({ name }) => name));
    return this.inspected.filter(({ step, state }) => wanted.has(step.name) && state !== "ready").map(({ step }) => step.name);
  }

  /** Puts pieces, with all that they are made of, into another home as if they had been built there: hard links where that is possible. */
  link(names: readonly string[], home: AirgapPaths): void {
    const wanted = new Set(select(allSteps, names).map(({ name }) => name));
    for (const { step, stamp } of this.inspected.filter(({ step: { name } }) => wanted.has(name))) {
      for (const file of stamp?.files ?? []) linkOrCopy(path.join(this.paths.home, file.path), path.join(home.home, file.path));
      linkOrCopy(path.join(this.paths.steps, `${step.name}.json`), path.join(home.steps, `${step.name}.json`));
    }
  }
}

function linkOrCopy(from: string, to: string): void {
  fs.mkdirSync(path.dirname(to), { recursive: true });
  try {
    fs.linkSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EXDEV") throw error;
    fs.copyFileSync(from, to);
  }
}

/** Puts another content in the place of a file. Never written into: it may be a link to what the machine itself uses. */
export function replaceFile(file: string, content: string): void {
  fs.rmSync(file, { force: true });
  fs.writeFileSync(file, content);
}

/** Changes a stamp's hash to that of some older version. */
export function makeOlder(home: AirgapPaths, piece: string): void {
  const file = path.join(home.steps, `${piece}.json`);
  const stamp = JSON.parse(fs.readFileSync(file, "utf8")) as object;
  replaceFile(file, JSON.stringify({ ...stamp, hash: "0".repeat(64) }));
}

/** Takes pieces away as if they had never been built. */
export function takeAway(home: AirgapPaths, ...pieces: string[]): void {
  for (const piece of pieces) {
    const stamp = path.join(home.steps, `${piece}.json`);
    for (const { path: file } of (JSON.parse(fs.readFileSync(stamp, "utf8")) as { files: { path: string }[] }).files) fs.rmSync(path.join(home.home, file));
    fs.rmSync(stamp);
  }
}

/** Names of the pieces that a home has stamps of, sorted. */
export function stamped(home: AirgapPaths): string[] {
  return fs.readdirSync(home.steps).map((file) => path.basename(file, ".json")).sort();
}
