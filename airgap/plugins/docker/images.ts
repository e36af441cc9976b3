/** Images: finding them, and pulling those that are not there. */
import type { DockerEngine } from "./engine";

/** An image as the engine describes it. */
export interface ImageInspect {
  Id: string;
  RepoTags: string[] | null;
  RepoDigests: string[] | null;
}

/** The image of that name or id, or undefined when the engine has none. */
export async function findImage(engine: DockerEngine, name: string, signal: AbortSignal): Promise<ImageInspect | undefined> {
  return engine.request<ImageInspect>("GET", `/images/${imagePath(name)}/json`, { accept: [404], signal });
}

/** The image of that name or id; pulled when the engine has none. */
export async function ensureImage(
  engine: DockerEngine,
  name: string,
  { platform, signal }: { platform?: string; signal: AbortSignal },
): Promise<ImageInspect> {
  const local = await findImage(engine, name, signal);
  if (local) return local;
  await engine.pull(name, platform, signal);
  const pulled = await findImage(engine, name, signal);
  if (!pulled) throw new Error(`the image ${name} was pulled, but the engine has none of that name`);
  return pulled;
}

/** An image's name in a request; the engine wants its slashes as they are. */
export function imagePath(name: string): string {
  return name.split("/").map(encodeURIComponent).join("/");
}

/**
 * The digest under which a registry has the image, or "" for one that never was in a registry. Of several the one that
 * begins with the image's name without its tag, or else the first.
 */
export function repoDigest(name: string, { RepoDigests }: ImageInspect): string {
  const digests = RepoDigests ?? [];
  const [repository = name] = name.split(":");
  return digests.find((digest) => digests.length > 1 && digest.startsWith(repository)) ?? digests[0] ?? "";
}
