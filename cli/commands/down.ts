import { Command } from "commander";
import type { DownOptions } from "../up/run";

/** `./mesh down`: removes stacks. */
export function downCommand(): Command {
  return new Command("down")
    .summary("remove the mesh")
    .description(
      [
        "Removes stacks (local by default), the one named last first: clusters, containers, networks, and the stack itself in the state.",
        "It does not ask. What the stack did not create stays: existing clusters, the Docker engine, what the air gap built, the",
        "passphrase. If it is interrupted, run the same command again: it continues where it stopped.",
        "",
        "With --engine, a Docker engine that ./mesh started is stopped afterwards.",
      ].join("\n"),
    )
    .argument("[stack...]", "stacks to remove", ["local"])
    .option("--engine", "also stop the Docker engine, if ./mesh started it")
    .action(async (names: string[], options: DownOptions) => {
      const { runDown } = await import("../up/run.js");
      await runDown(names, options);
    });
}
