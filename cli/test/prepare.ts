import { airgapPaths, ensureBuilt } from "../../airgap/ensure";
import { chooseHere, choiceLine } from "../lib/choice";
import { meshPaths } from "../lib/paths";
import { say } from "../lib/say";
import { piecesWithoutEngine, setUp } from "../lib/set-up";
import type { Part } from "./parts";

/**
 * Makes sure of what a part's tests stand on. Those of the air gap itself need it also where official downloads are used.
 *
 * @throws Error or MeshError when it cannot be had.
 */
export async function prepare(needs: Part["needs"], env: NodeJS.ProcessEnv = process.env): Promise<void> {
  if (needs === "nothing") return;
  if (needs === "tools") {
    await ensureBuilt({ only: piecesWithoutEngine() });
    return;
  }
  const mesh = meshPaths();
  const choice = await chooseHere(mesh.cache, airgapPaths(), env);
  say(choiceLine(choice));
  await setUp({ choice, mesh, env }, { engine: true });
}
