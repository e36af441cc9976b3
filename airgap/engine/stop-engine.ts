import { MeshError } from "../../lib/errors";
import { meshPaths } from "../../lib/paths";
import { processName } from "../../lib/pid-files";
import { ownEngine, removeRecord } from "./record";

/** Milliseconds that dockerd is given to end; it stops all its containers within fifteen seconds. */
const TIMEOUT_MS = 60_000;

/**
 * Stops the Docker engine with all its containers, if `ensureEngine` started it; any other is left alone.
 *
 * @param folder folder with its record; below `MESH_HOME` unless given.
 * @returns whether one was running.
 * @throws MeshError when it does not end.
 */
export async function stopEngine(folder: string = meshPaths().engine): Promise<boolean> {
  const pid = ownEngine(folder);
  if (pid !== undefined) {
    process.kill(pid, "SIGTERM");
    const until = Date.now() + TIMEOUT_MS;
    while (ownEngine(folder) !== undefined && processName(pid) !== undefined) {
      if (Date.now() > until) throw new MeshError("docker-does-not-stop", `the Docker engine (process ${pid}) does not end`, `Its log is dockerd.log in ${folder}.`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  removeRecord(folder);
  return pid !== undefined;
}
