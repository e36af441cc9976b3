/** Bundles the air gap's plugins and installs them into the engine's plugin folder. */
import { build } from "esbuild";
import { chmod, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";

/** The plugins of the air gap. */
export const PLUGIN_NAMES = ["command", "docker", "tls"] as const;
export type PluginName = (typeof PLUGIN_NAMES)[number];

/** One plugin as installed. */
export interface InstalledPlugin {
  name: PluginName;
  /** The version of the SDK package it serves, without `v`. */
  version: string;
  /** The plugin's folder. */
  folder: string;
}

const SOURCES = __dirname;
const BUNDLE = "plugin.js";

/** The engine starts this with its own arguments. `node` is the one on the engine's `PATH`, as for the program itself. */
const LAUNCHER = `#!/bin/sh
exec node "\${0%/*}/${BUNDLE}" "$@"
`;

/** The version of the installed `@pulumi/NAME` package: the engine asks for exactly that version of the plugin. */
export async function sdkVersion(name: PluginName): Promise<string> {
  const file = createRequire(__filename).resolve(`@pulumi/${name}/package.json`);
  return (JSON.parse(await readFile(file, "utf8")) as { version: string }).version;
}

/**
 * Bundles plugins into one JavaScript file each and installs them as
 * `PULUMI_HOME/plugins/resource-NAME-vVERSION/pulumi-resource-NAME`. The same sources give the same bytes. An installed
 * plugin of that version is replaced.
 *
 * @param pulumiHome the folder that PULUMI_HOME will name; created when missing
 * @param names names of the plugins; all unless given
 * @returns the installed plugins, in the order of the names
 */
export async function bundleAndInstall(
  pulumiHome: string,
  names: readonly PluginName[] = PLUGIN_NAMES,
): Promise<InstalledPlugin[]> {
  return Promise.all(names.map((name) => install(pulumiHome, name)));
}

async function install(pulumiHome: string, name: PluginName): Promise<InstalledPlugin> {
  const version = await sdkVersion(name);
  const folder = join(pulumiHome, "plugins", `resource-${name}-v${version}`);
  const fresh = `${folder}.new-${process.pid}`;
  await rm(fresh, { recursive: true, force: true });
  await mkdir(fresh, { recursive: true });
  await build({
    entryPoints: [join(SOURCES, name, "main.ts")],
    outfile: join(fresh, BUNDLE),
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    legalComments: "none",
    logLevel: "error",
  });
  const launcher = join(fresh, `pulumi-resource-${name}`);
  await writeFile(launcher, LAUNCHER);
  await chmod(launcher, 0o755);
  await rm(folder, { recursive: true, force: true });
  await rename(fresh, folder);
  return { name, version, folder };
}

/** `tsx airgap/plugins/install.ts PULUMI_HOME [NAME...]`: installs plugins and prints what was installed. */
async function main([pulumiHome, ...names]: string[]): Promise<void> {
  if (!pulumiHome) throw new Error("PULUMI_HOME is missing. Usage: install.ts PULUMI_HOME [PLUGIN...]");
  const unknown = names.filter((name) => !(PLUGIN_NAMES as readonly string[]).includes(name));
  if (unknown.length) throw new Error(`unknown plugins: ${unknown.join(", ")}; the plugins are ${PLUGIN_NAMES.join(", ")}`);
  const installed = await bundleAndInstall(pulumiHome, names.length ? (names as PluginName[]) : PLUGIN_NAMES);
  for (const { name, version, folder } of installed) process.stdout.write(`${name} ${version} ${folder}\n`);
}

if (require.main === module) {
  main(process.argv.slice(2)).catch((error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  });
}
