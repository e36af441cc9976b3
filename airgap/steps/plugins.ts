import * as path from "node:path";
import packageJson from "../../package.json";
import type { Step } from "../builder/step";
import { bundleAndInstall } from "../plugins/install";

/** The plugins, with the version of the SDK that each serves: the engine asks for exactly that one. */
const PLUGINS = (["command", "docker", "kubernetes", "tls"] as const).map((name) => ({
  name,
  version: packageJson.dependencies[`@pulumi/${name}`],
}));

/** Where a plugin is installed, relative to the home. */
const output = ({ name, version }: (typeof PLUGINS)[number]): string => `pulumi/plugins/resource-${name}-v${version}`;

/** Bundles the project's own resource plugins and puts them where the engine looks for plugins. */
export const pluginsStep: Step = {
  name: "pulumi-plugins",
  kind: "plugin",
  version: PLUGINS.map(({ name, version }) => `${name} ${version}`).join(", "),
  source: "airgap/plugins of this repository",
  needs: [],
  inputs: ["airgap/plugins", "package-lock.json"],
  recipe: null,
  outputs: PLUGINS.map(output),
  cost: { seconds: 5, diskMiB: 60, memoryMiB: 500 },
  lane: "light",
  async build({ scratch, publish, log }) {
    for (const { name, version, folder } of await bundleAndInstall(scratch)) {
      log(`${name} ${version}`);
      await publish(folder, path.join("pulumi", path.relative(scratch, folder)));
    }
  },
};
