import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { z } from "zod";
import type { AirgapPaths } from "../../airgap";
import { EXIT, MeshError } from "../../lib/errors";
import { makeFolder, replaceFile } from "../../lib/writable";
import type { Recorded } from "./choice-record";
import { OFFICIAL_SITES, outOfReach } from "./reach";
import { findOnPath } from "./tools";

/** Where tools, plugins, images and charts come from. */
export interface Choice {
  /** True: from the air gap, built here from package registries; false: official downloads. */
  readonly airgap: boolean;
  /** Why, as the end of a sentence. */
  readonly why: string;
}

/** What the choice depends on. */
export interface ChoiceFacts {
  /** Value of `MESH_AIRGAP`. */
  readonly forced: string | undefined;
  /** What the stacks were brought up with; undefined when that is not recorded. */
  readonly recorded?: Recorded | undefined;
  /** Whether Pulumi and all its plugins are installed from official downloads. */
  readonly installed: boolean;
  /** Names of what cannot be reached; called only when nothing else decides. */
  readonly outOfReach: () => Promise<readonly string[]>;
}

/**
 * What the stacks were brought up with; for new ones official downloads wherever they work, the air gap elsewhere. A site that does not
 * answer for a while must not replace every image and chart of a mesh.
 *
 * @throws MeshError when `MESH_AIRGAP` is neither 1 nor 0.
 */
export async function choose(facts: ChoiceFacts): Promise<Choice> {
  if (facts.forced === "1") return { airgap: true, why: "MESH_AIRGAP=1 says so" };
  if (facts.forced === "0") return { airgap: false, why: "MESH_AIRGAP=0 says so" };
  if (facts.forced) {
    throw new MeshError("mesh-airgap-value", `MESH_AIRGAP is "${facts.forced}"`, "Set it to 1 (air gap) or 0 (official downloads), or leave it unset.", EXIT.unusable);
  }
  if (facts.recorded) return { airgap: facts.recorded.airgap, why: `${facts.recorded.stacks.join(", ")} ${facts.recorded.stacks.length > 1 ? "were" : "was"} brought up with it` };
  if (facts.installed) return { airgap: false, why: "Pulumi and its plugins are installed" };
  const missing = await facts.outOfReach();
  if (missing.length === 0) return { airgap: false, why: "every official download can be reached" };
  return { airgap: true, why: `out of reach: ${missing.join(", ")}` };
}

/** What is cached: when it was found out, in seconds since 1970, and what could not be reached. */
const record = z.object({ at: z.number(), missing: z.array(z.string()) });

/** How long the cached answer is used. */
const MAX_AGE_SECONDS = 3600;

/**
 * The choice for this machine and user.
 *
 * @param cache folder in which it is cached for an hour what can be reached.
 * @param airgap the air gap's folders: what is in them does not count as installed.
 * @param recorded what the stacks were brought up with. Default: nothing is recorded.
 */
export async function chooseHere(cache: string, airgap: AirgapPaths, env: NodeJS.ProcessEnv = process.env, recorded?: Recorded): Promise<Choice> {
  return choose({
    forced: env.MESH_AIRGAP || undefined,
    recorded,
    installed: findOnPath("pulumi", env, [airgap.bin]) !== undefined && officialPluginsInstalled(env, airgap.pulumiHome),
    outOfReach: () => cached(path.join(cache, "out-of-reach.json"), async () => (await outOfReach(OFFICIAL_SITES, env)).map((site) => site.what)),
  });
}

/** The line that says which one, why, and how to choose the other one. */
export function choiceLine(choice: Choice): string {
  return choice.airgap
    ? `air gap: what it needs is built from package registries (${choice.why}; MESH_AIRGAP=0 forces official downloads)`
    : `official downloads (${choice.why}; MESH_AIRGAP=1 forces the air gap)`;
}

function officialPluginsInstalled(env: NodeJS.ProcessEnv, airgapPulumiHome: string): boolean {
  const home = path.resolve(env.PULUMI_HOME || path.join(os.homedir(), ".pulumi"));
  if (home === airgapPulumiHome) return false;
  const plugins = path.join(home, "plugins");
  return ["kubernetes", "tls", "command", "docker"].every((name) => {
    const file = require.resolve(`@pulumi/${name}/package.json`);
    const { version } = JSON.parse(fs.readFileSync(file, "utf8")) as { version: string };
    return fs.existsSync(path.join(plugins, `resource-${name}-v${version}`, `pulumi-resource-${name}`));
  });
}

async function cached(file: string, find: () => Promise<string[]>): Promise<string[]> {
  try {
    const known = record.parse(JSON.parse(fs.readFileSync(file, "utf8")));
    const age = Date.now() / 1000 - known.at;
    if (age >= 0 && age < MAX_AGE_SECONDS) return known.missing;
  } catch {
    // There is no such file, or it is broken: the choice is made again.
  }
  const missing = await find();
  makeFolder(path.dirname(file), 0o700);
  replaceFile(file, JSON.stringify({ at: Math.floor(Date.now() / 1000), missing }));
  return missing;
}
