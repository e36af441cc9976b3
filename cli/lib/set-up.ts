import { ensureBuilt } from "../../airgap/ensure";
import { allSteps } from "../../airgap/steps";
import { EXIT, MeshError } from "./errors";
import { capture } from "./process";
import type { Session } from "./session";
import { NEEDED_TOOLS, requireTools } from "./tools";

/** What a command needs beyond the tools. */
export interface Needs {
  /** Whether it needs the Docker engine and, in the air gap, the images. */
  readonly engine: boolean;
}

/** Builds what the air gap lacks, or makes sure that the official tools are there; then makes sure of the Docker engine. */
export async function setUp(session: Session, needs: Needs): Promise<void> {
  if (session.choice.airgap) await ensureBuilt(needs.engine ? {} : { only: piecesWithoutEngine() });
  else requireTools(NEEDED_TOOLS, session.env);
  if (needs.engine) await requireEngine(session.env);
}

/** Names of the pieces that are built and used without the Docker engine. */
export function piecesWithoutEngine(): string[] {
  return allSteps.filter((step) => step.kind !== "engine" && step.kind !== "image").map((step) => step.name);
}

async function requireEngine(env: NodeJS.ProcessEnv): Promise<void> {
  const { code, stderr } = await capture("docker", ["version", "--format", "{{.Server.Version}}"], { env, timeout: 20_000 });
  if (code !== 0) throw new MeshError("the Docker engine does not answer", `Start it, then run this again. It says: ${stderr.trim()}`, EXIT.unusable);
}
