import * as fs from "node:fs";
import * as path from "node:path";
import type { StepContext } from "../builder/step";

/** What an image is built from. */
export interface ImageSources {
  readonly tag: string;
  /** Folder whose content is copied into the context, Dockerfile included. */
  readonly folder?: string;
  /** Text of the Dockerfile, when the folder has none. */
  readonly dockerfile?: string;
  /** Files that are put beside the Dockerfile, absolute paths; they keep their names. */
  readonly files: readonly string[];
  /** Build arguments. */
  readonly arguments?: Readonly<Record<string, string>>;
}

/** Links a file to another place, or copies it where links are not possible. */
function place(from: string, to: string): void {
  try {
    fs.linkSync(from, to);
  } catch {
    fs.copyFileSync(from, to);
  }
}

/**
 * Builds an image from local files: nothing is fetched, and its commands have no network. It uses the legacy builder, which every engine
 * has, and whose cache gives the same image for the same sources.
 *
 * @param context the step's context.
 * @param sources what the image is built from.
 */
export async function dockerBuild({ scratch, run }: StepContext, sources: ImageSources): Promise<void> {
  const folder = path.join(scratch, "context");
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder);
  if (sources.folder !== undefined) fs.cpSync(sources.folder, folder, { recursive: true });
  if (sources.dockerfile !== undefined) fs.writeFileSync(path.join(folder, "Dockerfile"), `${sources.dockerfile}\n`);
  for (const file of sources.files) place(file, path.join(folder, path.basename(file)));
  const args = Object.entries(sources.arguments ?? {}).flatMap(([name, value]) => ["--build-arg", `${name}=${value}`]);
  await run("docker", ["build", "--network", "none", "--force-rm", ...args, "--tag", sources.tag, folder], { env: { DOCKER_BUILDKIT: "0" } });
}
