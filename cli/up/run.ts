import type { MeshModel } from "../../settings/model";
import { stopEngine } from "../../airgap";
import { NEEDS } from "../lib/needs";
import type { PulumiCommands } from "../lib/pulumi";
import { say } from "../lib/say";
import { keepChoice, openSession, pulumiOf, stacksInState, type Session } from "../lib/session";
import { setUp } from "../lib/set-up";
import { stackFiles } from "../lib/stacks";
import { nothingToRemove, takeDown, usesEngine } from "./down";
import { guardDown, type DownConsent } from "./down-guard";
import type { StackModel } from "./order";
import { upLines, upReport, type UpReport, type UpStack } from "./report";
import { bringUp, initStacks, readStacks } from "./up";

/** Options of `./mesh up`. */
export interface UpOptions {
  /** Whether only to show what would be done. */
  readonly preview?: boolean;
  /** Whether standard output is JSON. */
  readonly json?: boolean;
}

/** Options of `./mesh down`. */
export interface DownOptions extends DownConsent {
  /** Whether a Docker engine that `./mesh` started is to be stopped. */
  readonly engine?: boolean;
}

/** What `up` and `down` are made of; tests replace some of it. */
const PARTS = { stackFiles, openSession, stacksInState, setUp, pulumiOf, readStacks, initStacks, keepChoice, bringUp, usesEngine, guardDown, takeDown, stopEngine, say, print };

/** See {@link PARTS}. */
export type Parts = Omit<typeof PARTS, "pulumiOf"> & { readonly pulumiOf: (session: Session, quietStdout: boolean) => PulumiCommands };

/** What `./mesh up` does. Wrong settings end it before anything is built, installed or changed. */
export async function runUp(names: readonly string[], options: UpOptions, parts: Parts = PARTS): Promise<void> {
  if (options.preview) {
    const { pulumi, stacks } = await prepareStacks(names, options, parts);
    for (const { stack } of stacks) await pulumi.preview(stack);
    return;
  }
  const up = await upOnly(names, options, parts);
  parts.print(options.json ? JSON.stringify(upReport(up), null, 2) : upLines(up).join("\n"));
}

/**
 * The same for a program: prints nothing, and all progress goes to standard error.
 *
 * @param env the user's environment.
 */
export async function upStacks(names: readonly string[], env: NodeJS.ProcessEnv, parts: Parts = PARTS): Promise<UpReport> {
  return upReport(await upOnly(names, { json: true }, parts, env));
}

async function upOnly(names: readonly string[], options: UpOptions, parts: Parts, env?: NodeJS.ProcessEnv): Promise<UpStack[]> {
  const { session, pulumi, stacks } = await prepareStacks(names, options, parts, env);
  parts.keepChoice(session, names);
  return parts.bringUp(session, pulumi, stacks);
}

/** Reads the settings, sets up what is missing, and makes sure that the stacks exist. */
async function prepareStacks(names: readonly string[], { preview, json }: UpOptions, parts: Parts, env: NodeJS.ProcessEnv = process.env): Promise<{ readonly session: Session; readonly pulumi: PulumiCommands; readonly stacks: StackModel[] }> {
  parts.stackFiles(env).require(names);
  const session = await parts.openSession(names, env);
  const stacks = parts.readStacks(session, names);
  await parts.setUp(session, preview ? NEEDS.preview : upNeeds(stacks));
  const pulumi = parts.pulumiOf(session, json === true);
  await parts.initStacks(pulumi, stacks);
  return { session, pulumi, stacks };
}

/** What `./mesh down` does. When no stack exists, nothing is set up to find that out. */
export async function runDown(names: readonly string[], options: DownOptions, parts: Parts = PARTS): Promise<void> {
  const files = parts.stackFiles();
  files.require(names);
  const inState = parts.stacksInState(files);
  if (inState !== undefined && !names.some((name) => inState.includes(name))) parts.say(nothingToRemove(names, inState, files.names()));
  else await removeStacks(names, options, parts);
  if (options.engine) parts.say((await parts.stopEngine()) ? "stopped the Docker engine" : "the Docker engine is not one that ./mesh started");
}

async function removeStacks(names: readonly string[], consent: DownConsent, parts: Parts): Promise<void> {
  const session = await parts.openSession(names);
  await parts.setUp(session, NEEDS.state);
  const pulumi = parts.pulumiOf(session, false);
  const known = await pulumi.list();
  const existing = [...new Set(names)].filter((name) => known.includes(name));
  if (existing.length === 0) return parts.say(nothingToRemove(names, known, session.stacks.names()));
  const stacks = await parts.guardDown(pulumi, existing, consent);
  await parts.setUp(session, (await parts.usesEngine(pulumi, existing)) ? NEEDS.downInDocker : NEEDS.down);
  await parts.takeDown(session, pulumi, stacks);
}

/** What bringing these stacks up needs. */
export function upNeeds(stacks: readonly StackModel[]): (typeof NEEDS)["up" | "upInDocker" | "upObserved"] {
  if (stacks.some(({ model }) => loadsObservers(model))) return NEEDS.upObserved;
  return stacks.some(({ model }) => runsInDocker(model)) ? NEEDS.upInDocker : NEEDS.up;
}

/** Whether a stack runs something in Docker: a kind cluster or the client. */
function runsInDocker(model: MeshModel): boolean {
  return model.client.enabled || model.clusters.some((cluster) => cluster.driver.type === "kind");
}

/** Whether a stack gives nodes the images of Prometheus and Jaeger. */
function loadsObservers({ observability, clusters }: MeshModel): boolean {
  return observability.enabled && observability.images.load && clusters.some(({ driver }) => driver.type === "kind");
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
