import { airgapPaths, ensureBuilt, ensureNpmPackages } from "../../airgap";
import { chooseHere, choiceLine } from "../../cli/lib/choice";
import { requireHome } from "../../cli/lib/home";
import { NEEDS, piecesFor } from "../../cli/lib/needs";
import { meshHome, meshPaths } from "../../lib/paths";
import { say } from "../../cli/lib/say";
import { setUp } from "../../cli/lib/set-up";
import type { Part } from "./parts";

/**
 * Makes sure of what a part's tests stand on. Those of the air gap itself need it also where official downloads are used.
 *
 * @param env the environment that the tests will have.
 * @throws Error or MeshError when it cannot be had.
 */
export async function prepare(needs: Part["needs"], env: NodeJS.ProcessEnv): Promise<void> {
  // The air gap's sources are linted, compiled and tested with its own packages.
  await ensureNpmPackages();
  if (needs === "nothing") return;
  if (needs === "tools") {
    await ensureBuilt({ only: piecesFor(NEEDS.tests) });
    return;
  }
  const mesh = meshPaths(meshHome(env));
  requireHome(mesh);
  const choice = await chooseHere(mesh.cache, airgapPaths(), env);
  say(choiceLine(choice));
  await setUp({ choice, mesh, env }, NEEDS.testsInDocker);
}
