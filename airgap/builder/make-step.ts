import * as fs from "node:fs";
import * as path from "node:path";
import { StepFailed } from "./errors";
import { filesOf, publish } from "./files";
import type { ImageStore } from "./image-store";
import { removeScratch } from "./leftovers";
import type { AirgapPaths } from "./paths";
import { runCommand } from "./run-command";
import { readStamp, removeStamp, writeStamp, type Stamp } from "./stamp";
import type { Step, StepContext } from "./step";
import { StepLog } from "./step-log";

/** What a build passes to each of its steps. */
export interface BuildContext {
  readonly paths: AirgapPaths;
  /** The repository's root. */
  readonly repository: string;
  readonly images: ImageStore;
  /** Aborting it ends running commands. */
  readonly signal: AbortSignal;
}

/** An error's message, with its hint if it has one. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return "hint" in error && typeof error.hint === "string" ? `${error.message}\n${error.hint}` : error.message;
}

/** Does a part of a step with a scratch folder and a log, both called `name`. */
async function withScratch<T>(
  name: string,
  step: Step,
  { paths, repository, signal }: BuildContext,
  onLine: (line: string) => void,
  work: (context: StepContext) => Promise<T>,
): Promise<T> {
  const scratch = path.join(paths.scratch, name);
  await removeScratch(scratch);
  fs.mkdirSync(scratch, { recursive: true });
  const log = new StepLog(paths, name, onLine);
  try {
    return await work({
      paths,
      repository,
      scratch,
      signal,
      log: (line) => log.write(`${line}\n`),
      run: (command, args, options = {}) =>
        runCommand(command, args, options, { paths, cwd: scratch, signal, output: (text) => log.write(text) }),
      async publish(from, to) {
        if (!step.outputs.includes(to)) throw new Error(`${to} is not among the outputs of step ${step.name}`);
        await publish(from, path.join(paths.home, to), scratch);
      },
    });
  } catch (error) {
    throw new StepFailed(name, describe(error), log.file, log.tail());
  } finally {
    log.close();
    await removeScratch(scratch);
  }
}

/** The images that a step made, for its stamp. */
async function imagesOf(step: Step, store: ImageStore): Promise<Stamp["images"]> {
  const tags = step.images ?? [];
  if (tags.length === 0) return [];
  const found = await store.find(tags);
  if (!found) throw new Error("the Docker engine no longer answers");
  return tags.map((tag) => {
    const image = found.get(tag);
    if (!image) throw new Error(`the image ${tag} was not built`);
    return { tag, ...image };
  });
}

/**
 * Builds a step: removes its old stamp, builds it, checks that all its outputs and images exist, and writes its stamp last.
 *
 * @param step the step.
 * @param hash its content hash, for the stamp.
 * @param context what the build passes to its steps.
 * @param onLine called with each line that it prints.
 * @returns the stamp.
 * @throws StepFailed
 */
export async function makeStep(step: Step, hash: string, context: BuildContext, onLine: (line: string) => void): Promise<Stamp> {
  const { paths, images: store } = context;
  const old = readStamp(paths, step.name);
  const begun = Date.now();
  const stamp = await withScratch(step.name, step, context, onLine, async (stepContext): Promise<Stamp> => {
    removeStamp(paths, step.name);
    await step.build(stepContext);
    const files = step.outputs.flatMap((output) => filesOf(paths.home, output));
    const images = await imagesOf(step, store);
    const { name, version, source } = step;
    const seconds = Math.round((Date.now() - begun) / 100) / 10;
    return { schema: 1, name, hash, version, source, finished: new Date().toISOString(), seconds, files, images };
  });
  writeStamp(paths, stamp);
  const kept = new Set(stamp.images.map(({ id }) => id));
  await store.remove((old?.images ?? []).map(({ id }) => id).filter((id) => !kept.has(id)));
  return stamp;
}

/**
 * Fetches what a step will need. Failures are ignored: the build itself reports them.
 *
 * @param step the step.
 * @param context what the build passes to its steps.
 */
export async function prefetchStep(step: Step, context: BuildContext): Promise<void> {
  if (!step.prefetch) return;
  const fetch = step.prefetch.bind(step);
  await withScratch(`${step.name}.fetch`, step, context, () => undefined, fetch).catch(() => undefined);
}
