import * as path from "node:path";
import packageJson from "../../package.json";
import type { Step } from "../builder/step";

/** The plugins, each with the version of its SDK: the engine asks for exactly that version. */
const PLUGINS = (["command", "docker", "tls"] as const).map((name) => ({
  name,
  version: packageJson.dependencies[`@pulumi/${name}`],
}));

/** Where a plugin is installed, relative to the home. */
const output = ({ name, version }: (typeof PLUGINS)[number]): string => `pulumi/plugins/resource-${name}-v${version}`;

/** Bundles this project's resource plugins and puts them into the engine's plugin folder. */
export const pluginsStep: Step = {
  name: "pulumi-plugins",
  kind: "plugin",
  version: PLUGINS.map(({ name, version }) => `${name} ${version}`).join(", "),
  source: "airgap/plugins of this repository",
  needs: [],
  inputs: ["airgap/plugins", "lib/troubleshooting.ts", "package-lock.json"],
  recipe: PLUGINS,
  outputs: PLUGINS.map(output),
  cost: { seconds: 5, diskMiB: 10, memoryMiB: 500 },
  lane: "light",
  tools: ["node"],
  async build({ run, repository, scratch, publish }) {
    const install = path.join(repository, "airgap", "plugins", "install.ts");
    await run("node", ["--require", require.resolve("tsx/cjs"), install, path.join(scratch, "pulumi")], { cwd: repository });
    for (const plugin of PLUGINS) await publish(path.join(scratch, output(plugin)), output(plugin));
  },
};
