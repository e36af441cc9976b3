/** An image in the Docker engine. */
export interface StoredImage {
  /** `sha256:...`. */
  readonly id: string;
  /** Size in bytes, shared layers included. */
  readonly size: number;
}

/** The images of the Docker engine, as far as the builder needs them. */
export interface ImageStore {
  /**
   * Looks up tags.
   *
   * @returns image by tag, without those that do not exist; `undefined` when the engine does not answer.
   */
  find(tags: readonly string[]): Promise<ReadonlyMap<string, StoredImage> | undefined>;
  /** Removes images by tag or id. One that does not exist or is in use is skipped without an error. */
  remove(references: readonly string[]): Promise<void>;
}

/** Milliseconds after which an engine counts as not answering. */
const TIMEOUT_MS = 20_000;

/** Runs `docker` to its end. Not with `lib/process.ts`: Ctrl-C has to end this process too. */
async function docker(...args: readonly string[]): Promise<{ failed: boolean; stdout: string }> {
  const { execa } = await import("execa");
  return execa("docker", args, { stdin: "ignore", timeout: TIMEOUT_MS, reject: false });
}

/** The images of the engine that the `docker` command uses in the process's environment. */
export const dockerImages: ImageStore = {
  async find(tags) {
    const found = new Map<string, StoredImage>();
    if (tags.length === 0) return found;
    if ((await docker("version", "--format", "{{.Server.Version}}")).failed) return undefined;
    // An unknown tag makes the command fail although it has printed the known ones.
    const { stdout } = await docker("image", "inspect", "--format", "{{json .RepoTags}} {{.Id}} {{.Size}}", ...tags);
    for (const line of stdout.trim().split("\n")) {
      const [names, id, size] = line.split(" ");
      if (!names || !id || !size) continue;
      for (const tag of JSON.parse(names) as string[]) if (tags.includes(tag)) found.set(tag, { id, size: Number(size) });
    }
    return found;
  },
  async remove(references) {
    for (const reference of references) await docker("image", "rm", reference);
  },
};
