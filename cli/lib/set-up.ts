import { ensureBuilt, ensureEngine, requireBuildable } from "../../airgap";
import { piecesFor, type Needs } from "./needs";
import { say, warn } from "./say";
import type { Session } from "./session";
import { requireTools } from "./tools";
import { ensureWatches } from "./watches";

/**
 * Makes sure of what a command needs: looks for the official programs or builds what the air gap lacks, and sees to the Docker
 * engine. What cannot end well is refused before anything is installed or built. Where all is there, nothing is said.
 *
 * @throws MeshError when something is missing and cannot be had.
 */
export async function setUp(session: Pick<Session, "choice" | "mesh" | "env">, needs: Needs): Promise<void> {
  const pieces = session.choice.airgap ? piecesFor(needs) : [];
  if (!session.choice.airgap) requireTools(needs.programs, session.env);
  const incomplete = pieces.length > 0 && (await requireBuildable(pieces));
  if (needs.engine) {
    ensureWatches(say, warn);
    await ensureEngine({ say, env: session.env, folder: session.mesh.engine });
  }
  if (incomplete) await ensureBuilt({ only: pieces });
}
