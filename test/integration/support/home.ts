/** Where the air gap's binaries are, and a PULUMI_HOME with the plugins that a test needs. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { airgapHome } from "../../../airgap/builder/paths";
import { bundleAndInstall, type PluginName } from "../../../airgap/plugins/install";
import { kubernetesProvider } from "../../../airgap/steps/kubernetes-provider";

/** A plugin that a program may need. */
export type Plugin = PluginName | "kubernetes";

/** The path of one of the air gap's binaries; throws when it is not built. */
export function airgapBinary(name: string): string {
  return built(join("bin", name));
}

/** An absolute path below the air gap's folder; throws when there is nothing. */
function built(file: string): string {
  const absolute = join(airgapHome(), file);
  if (!existsSync(absolute)) throw new Error(`${absolute} is missing: run ./mesh airgap build first`);
  return absolute;
}

let folder: string | undefined;
const installed = new Map<Plugin, Promise<unknown>>();

/**
 * A PULUMI_HOME of this test process that holds the named plugins: the project's own, bundled from the sources as they are now, and
 * the Kubernetes provider as the air gap has built it. Each is put there once a process; the folder goes when the process ends.
 */
export async function pulumiHome(plugins: readonly Plugin[]): Promise<string> {
  folder ??= temporaryFolder();
  for (const name of plugins) {
    if (!installed.has(name)) installed.set(name, name === "kubernetes" ? linkKubernetes(folder) : bundleAndInstall(folder, [name]));
    await installed.get(name);
  }
  return folder;
}

/** The engine follows no links to a plugin's folder, but it does to the plugin. */
async function linkKubernetes(home: string): Promise<void> {
  // Below the air gap's folder the provider lies in `pulumi`, which is a PULUMI_HOME.
  const link = join(home, kubernetesProvider.output.replace(/^pulumi\//, ""));
  mkdirSync(join(link, ".."), { recursive: true });
  symlinkSync(built(kubernetesProvider.output), link);
}

function temporaryFolder(): string {
  const made = mkdtempSync(join(tmpdir(), "usmesh-pulumi-home-"));
  process.once("exit", () => rmSync(made, { recursive: true, force: true }));
  return made;
}
