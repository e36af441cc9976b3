import { Command } from "commander";
import type { DownOptions } from "../up/run";

/** `./mesh down`: takes stacks away. */
export function downCommand(): Command {
  return new Command("down")
    .summary("take the mesh away")
    .description(
      [
        "Takes stacks away (local by default), the one named last first: clusters, containers, networks, and the stack itself in the",
        "state. It does not ask. What was there before stays: clusters that the stack did not create, the Docker engine, what the air",
        "gap built, the passphrase. Interrupted at any moment, the same command goes on where it was.",
        "",
        "With --engine, a Docker engine that ./mesh started is stopped afterwards.",
      ].join("\n"),
    )
    .argument("[stack...]", "stacks to take away", ["local"])
    .option("--engine", "also stop the Docker engine, if ./mesh started it")
    .action(async (names: string[], options: DownOptions) => {
      const { runDown } = await import("../up/run.js");
      await runDown(names, options);
    });
}
