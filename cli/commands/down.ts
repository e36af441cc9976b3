import { Command } from "commander";
import type { DownOptions } from "../up/run";

/** `./mesh down`: removes stacks. */
export function downCommand(): Command {
  return new Command("down")
    .summary("remove the mesh")
    .description(
      [
        "Removes stacks (local by default), the one named last first: clusters, containers, networks, and the stack itself in the state.",
        "What the stack did not create stays: existing clusters, the Docker engine, what the air gap built, the passphrase. If it is",
        "interrupted, run the same command again: it continues where it stopped.",
        "",
        "It asks before it removes the roots of a mesh, whose keys cannot be restored; where nobody can be asked, --yes is needed. It",
        "refuses to remove a stack that signs for another one which is up, and a stack with a cluster of yours that does not answer.",
        "",
        "With --engine, a Docker engine that ./mesh started is stopped afterwards.",
      ].join("\n"),
    )
    .argument("[stack...]", "stacks to remove", ["local"])
    .option("--yes", "remove the roots of a mesh without asking")
    .option("--forget", "remove what is recorded in a cluster that does not answer, and is gone for good, from the state")
    .option("--engine", "also stop the Docker engine, if ./mesh started it")
    .action(async (names: string[], options: DownOptions) => {
      const { runDown } = await import("../up/run.js");
      await runDown(names, options);
    });
}
