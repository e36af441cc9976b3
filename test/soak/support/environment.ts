/** Environments under plain pulumi, each a stack with a file of its own, of which the project has only some. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { run } from "../../support/run";
import type { Site } from "../../integration/program/support/site";
import { airgapBinary } from "../../integration/support/home";
import { inventory, nameOf, versions, type Found } from "./inventory";

const REPOSITORY = resolve(__dirname, "../../..");

/** The file that the project has for a stack. */
export function stackFile(stack: string): string {
  return readFileSync(join(REPOSITORY, `Pulumi.${stack}.yaml`), "utf8");
}

/** Makes a stack known to the site's backend. @param file what stands in its `Pulumi.<stack>.yaml`. */
export async function initStack(site: Site, stack: string, file: string): Promise<void> {
  const folder = join(site.home, "config");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "Pulumi.yaml"), "name: usmesh\nruntime: nodejs\n");
  writeFileSync(join(folder, `Pulumi.${stack}.yaml`), file);
  const env = await site.workingEnv();
  await run(airgapBinary("pulumi"), ["stack", "init", "--stack", stack, "--no-select", "--non-interactive"], { cwd: folder, env, extendEnv: false });
}

/** What somebody other than Kubernetes itself has put into a cluster, compared with what was there before. */
export async function own(site: Site, key: string, before: readonly Found[]): Promise<Found[]> {
  const known = new Set(before.map(nameOf));
  return (await inventory(site.server(key))).filter((object) => !known.has(nameOf(object)));
}

/** {@link versions} of all objects but the remote Secrets. */
export function versionsWithoutRemotes(objects: readonly Found[]): Record<string, string> {
  return versions(objects.filter((object) => object.metadata.labels?.["istio/multiCluster"] !== "true"));
}
