import { Command } from "commander";
import type { UpOptions } from "../up/run";

/** `./mesh up`: installs what is missing and brings stacks up. */
export function upCommand(): Command {
  return new Command("up")
    .summary("bring the mesh up, with everything it needs")
    .description(
      [
        "Brings stacks up (local by default: both clusters on this machine). What is missing is set up first: tools, the Docker engine,",
        "the state and its passphrase. It does not ask; --preview shows what it would do. If it is interrupted, run the same command",
        "again: it continues where it stopped. Several stacks are brought up in passes until every pair of their clusters is wired:",
        "",
        "  ./mesh up west east",
      ].join("\n"),
    )
    .argument("[stack...]", "stacks to bring up, each a file Pulumi.<stack>.yaml", ["local"])
    .option("--preview", "only show what would be done")
    .option("--json", "print the clusters' addresses as JSON on standard output, progress on standard error")
    .action(async (names: string[], options: UpOptions) => {
      const { runUp } = await import("../up/run.js");
      await runUp(names, options);
    });
}
