import { MeshError } from "../../lib/errors";
import { meshPaths } from "../../lib/paths";
import { processName } from "../../lib/pid-files";
import { ownEngine, removeRecord } from "./record";

/** Milliseconds that dockerd is given to stop its containers, which it does one and all within fifteen seconds, and itself. */
const PATIENCE_MS = 60_000;

/**
 * Ends the Docker engine with all its containers, if it was started by {@link ensureEngine}; any other is left alone.
 *
 * @param folder folder with its record; below `MESH_HOME` unless given.
 * @returns whether one was running.
 * @throws MeshError when it does not end.
 */
export async function stopEngine(folder: string = meshPaths().engine): Promise<boolean> {
  const pid = ownEngine(folder);
  if (pid !== undefined) {
    process.kill(pid, "SIGTERM");
    const until = Date.now() + PATIENCE_MS;
    while (ownEngine(folder) !== undefined && processName(pid) !== undefined) {
      if (Date.now() > until) throw new MeshError(`the Docker engine (process ${pid}) does not end`, `Look at dockerd.log in ${folder}.`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  removeRecord(folder);
  return pid !== undefined;
}
