import { ensureEngine } from "../../airgap/engine/ensure-engine";
import { ensureBuilt } from "../../airgap/ensure";
import { allSteps } from "../../airgap/steps";
import { say, warn } from "./say";
import type { Session } from "./session";
import { NEEDED_TOOLS, requireTools } from "./tools";
import { ensureWatches } from "./watches";

/** What a command needs beyond the tools. */
export interface Needs {
  /** Whether it needs the Docker engine and, in the air gap, the images. */
  readonly engine: boolean;
}

/** Makes sure of the Docker engine and of the official tools, or builds what the air gap lacks. Where all is there, nothing is said. */
export async function setUp(session: Pick<Session, "choice" | "mesh" | "env">, needs: Needs): Promise<void> {
  if (!session.choice.airgap) requireTools(NEEDED_TOOLS, session.env);
  if (needs.engine) {
    ensureWatches(say, warn);
    await ensureEngine({ say, env: session.env, folder: session.mesh.engine });
  }
  if (session.choice.airgap) await ensureBuilt(needs.engine ? {} : { only: piecesWithoutEngine() });
}

/** Names of the pieces that are built and used without the Docker engine. */
export function piecesWithoutEngine(): string[] {
  return allSteps.filter((step) => step.kind !== "engine" && step.kind !== "image").map((step) => step.name);
}
