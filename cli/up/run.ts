import type { MeshModel } from "../../model/model";
import { stopEngine } from "../../airgap/engine/stop-engine";
import { say } from "../lib/say";
import { openSession, pulumiOf } from "../lib/session";
import { setUp } from "../lib/set-up";
import { takeDown, usesEngine } from "./down";
import { upLines, upReport } from "./report";
import { bringUp, initStacks, readStacks } from "./up";

/** Options of `./mesh up`. */
export interface UpOptions {
  /** Whether only to show what would be done. */
  readonly preview?: boolean;
  /** Whether standard output is JSON. */
  readonly json?: boolean;
}

/** Options of `./mesh down`. */
export interface DownOptions {
  /** Whether a Docker engine that `./mesh` started is to be stopped. */
  readonly engine?: boolean;
}

/** What `./mesh up` does. */
export async function runUp(names: readonly string[], options: UpOptions): Promise<void> {
  const session = await openSession();
  const stacks = readStacks(session, names);
  await setUp(session, { engine: stacks.some(({ model }) => needsEngine(model)) });
  const pulumi = pulumiOf(session, options.json === true);
  await initStacks(pulumi, stacks);
  if (options.preview) {
    for (const { stack } of stacks) await pulumi.preview(stack);
    return;
  }
  const standing = await bringUp(session, pulumi, stacks);
  const text = options.json ? JSON.stringify(upReport(standing), null, 2) : upLines(standing).join("\n");
  process.stdout.write(`${text}\n`);
}

/** What `./mesh down` does. */
export async function runDown(names: readonly string[], options: DownOptions): Promise<void> {
  const session = await openSession();
  session.stacks.require(names);
  await setUp(session, { engine: false });
  const pulumi = pulumiOf(session, false);
  if (await usesEngine(pulumi, names)) await setUp(session, { engine: true });
  await takeDown(session, pulumi, names);
  if (options.engine) say((await stopEngine(session.mesh.engine)) ? "stopped the Docker engine" : "the Docker engine is not one that ./mesh started");
}

/** Whether a stack runs something in Docker: a kind cluster or the client. */
function needsEngine(model: MeshModel): boolean {
  return model.client.enabled || model.clusters.some((cluster) => cluster.driver.type === "kind");
}
