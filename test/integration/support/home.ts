/** Where the air gap's binaries are, and a PULUMI_HOME with this tree's plugins. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { bundleAndInstall, type PluginName } from "../../../airgap/plugins/install";

/** The folder of the air gap's binaries; throws when the one asked for is not built. */
export function airgapBinary(name: string): string {
  const cache = process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache");
  const home = process.env["MESH_AIRGAP_HOME"] || join(cache, "usmesh", "airgap");
  const file = join(home, "bin", name);
  if (!existsSync(file)) throw new Error(`${file} is missing: run ./mesh airgap build first`);
  return file;
}

let folder: string | undefined;
const installed = new Map<PluginName, Promise<unknown>>();

/**
 * A PULUMI_HOME of this test process that holds the named plugins, bundled from the sources as they are now. Each plugin
 * is bundled once a process; the folder goes when the process ends.
 */
export async function pulumiHome(plugins: readonly PluginName[]): Promise<string> {
  folder ??= temporaryFolder();
  for (const name of plugins) {
    if (!installed.has(name)) installed.set(name, bundleAndInstall(folder, [name]));
    await installed.get(name);
  }
  return folder;
}

function temporaryFolder(): string {
  const made = mkdtempSync(join(tmpdir(), "usmesh-pulumi-home-"));
  process.once("exit", () => rmSync(made, { recursive: true, force: true }));
  return made;
}
