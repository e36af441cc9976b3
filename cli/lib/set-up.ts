import { ensureBuilt, ensureEngine, requireBuildable } from "../../airgap";
import { ensureInotifyLimits } from "./inotify-limits";
import { piecesFor, type Needs } from "./needs";
import { say, warn } from "./say";
import type { Session } from "./session";
import { requireTools } from "./tools";

/** What the set-up is made of; tests replace it. */
const PARTS = { requireTools, requireBuildable, ensureInotifyLimits, ensureEngine, ensureBuilt };

/**
 * Makes sure of what a command needs: looks for the official programs or builds what the air gap lacks, and starts the Docker engine
 * where that is possible. What cannot succeed is refused before anything is installed or built. When nothing is missing, nothing is said.
 *
 * @throws MeshError when something is missing and cannot be provided.
 */
export async function setUp(session: Pick<Session, "choice" | "mesh" | "env">, needs: Needs, parts: typeof PARTS = PARTS): Promise<void> {
  const pieces = session.choice.airgap ? piecesFor(needs) : [];
  if (!session.choice.airgap) parts.requireTools(needs.programs, session.env);
  const incomplete = pieces.length > 0 && (await parts.requireBuildable(pieces));
  if (needs.engine) {
    parts.ensureInotifyLimits(say, warn);
    await parts.ensureEngine({ say, env: session.env, folder: session.mesh.engine });
  }
  if (incomplete) await parts.ensureBuilt({ only: pieces });
}
