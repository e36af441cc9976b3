import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { build, type BuildOptions } from "../../../../../airgap/builder/build";
import type { ImageStore, StoredImage } from "../../../../../airgap/builder/image-store";
import type { State } from "../../../../../airgap/builder/inspect";
import { look } from "../../../../../airgap/builder/look";
import { airgapPaths, type AirgapPaths } from "../../../../../airgap/builder/paths";
import { plainReporter } from "../../../../../airgap/builder/plain-reporter";
import type { Step } from "../../../../../airgap/builder/step";

/** A Docker engine that holds images in memory. */
export class FakeImages implements ImageStore {
  /** Whether it answers. */
  up = true;
  readonly images = new Map<string, StoredImage>();
  readonly removed: string[] = [];

  async find(tags: readonly string[]): Promise<ReadonlyMap<string, StoredImage> | undefined> {
    return this.up ? new Map([...this.images].filter(([tag]) => tags.includes(tag))) : undefined;
  }

  async remove(references: readonly string[]): Promise<void> {
    this.removed.push(...references);
  }
}

/** A step that writes a file with its recipe; `parts` replaces parts of the step. */
export function fileStep(name: string, parts: Partial<Step> = {}): Step {
  const output = parts.outputs?.[0] ?? `bin/${name}`;
  return {
    name,
    kind: "binary",
    version: "1.0.0",
    source: "a test",
    needs: [],
    inputs: [],
    recipe: name,
    outputs: [output],
    cost: { seconds: 1, diskMiB: 1, memoryMiB: 1 },
    lane: "processor",
    async build({ scratch, publish }) {
      const file = path.join(scratch, "file");
      fs.writeFileSync(file, JSON.stringify(parts.recipe ?? name));
      await publish(file, output);
    },
    ...parts,
  };
}

/** A home and a repository in a temporary folder, and the lines that a build printed. */
export class World {
  readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), "usmesh-airgap-"));
  readonly paths: AirgapPaths = airgapPaths(path.join(this.folder, "home"));
  readonly repository = path.join(this.folder, "repository");
  readonly images = new FakeImages();
  readonly said: string[] = [];

  constructor() {
    fs.mkdirSync(this.repository);
  }

  /** Writes a file of the repository. */
  write(name: string, content: string): void {
    const file = path.join(this.repository, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, content);
  }

  private site(steps: readonly Step[]): Pick<BuildOptions, "steps" | "repository" | "paths" | "images"> {
    return { steps, repository: this.repository, paths: this.paths, images: this.images };
  }

  /** Builds steps. @returns the names of those that were built. */
  async build(steps: readonly Step[], options: Partial<BuildOptions> = {}): Promise<string[]> {
    return build({
      ...this.site(steps),
      reporter: plainReporter((line) => this.said.push(line)),
      signal: new AbortController().signal,
      machine: () => ({ diskMiB: 1024, memoryMiB: 1024, lacks: () => undefined }),
      ...options,
    });
  }

  /** The states of steps, by name. */
  async states(steps: readonly Step[]): Promise<Record<string, State>> {
    const inspected = await look(this.site(steps));
    return Object.fromEntries(inspected.map(({ step, state }) => [step.name, state]));
  }

  /** A file of the home. */
  read(name: string): string {
    return fs.readFileSync(path.join(this.paths.home, name), "utf8");
  }

  remove(): void {
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The error that a promise is rejected with. */
export async function failure(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error("expected a failure, and there was none");
}

/** Makes it look as if the holder of a lock had given its last sign of life so many seconds ago, instead of waiting for that. */
export function holderSilentFor({ home }: Pick<AirgapPaths, "home">, seconds: number): void {
  const then = Date.now() / 1000 - seconds;
  fs.utimesSync(path.join(home, "lock"), then, then);
}

/** Whether a process still runs; a zombie does not. */
export function runs(pid: number): boolean {
  const file = `/proc/${pid}/stat`;
  return fs.existsSync(file) && !/\) [ZX] /.test(fs.readFileSync(file, "utf8"));
}
