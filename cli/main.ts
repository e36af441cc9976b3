import { Command, CommanderError } from "commander";
import { airgapCommand } from "./commands/airgap";
import { benchCommand } from "./commands/bench";
import { downCommand } from "./commands/down";
import { drillCommand } from "./commands/drill";
import { envCommand } from "./commands/env";
import { planCommand } from "./commands/plan";
import { testCommand } from "./commands/test";
import { topologyCommand } from "./commands/topology";
import { traceCommand } from "./commands/trace";
import { upCommand } from "./commands/up";
import { upgradeCommand } from "./commands/upgrade";
import { verifyCommand } from "./commands/verify";
import { watchCommand } from "./commands/watch";
import { describeFailure, EXIT } from "../lib/errors";
import { documentOf, seeLine } from "../lib/troubleshooting";

/** The whole command line. Commands load what they need when they run, so that help stays fast. */
export function program(): Command {
  const mesh = new Command("./mesh")
    .description("One Istio mesh over several Kubernetes clusters: brought up, verified and removed with one command each.")
    .addHelpText(
      "after",
      [
        "",
        "Start with:  ./mesh up      and remove everything with:  ./mesh down",
        "",
        "Exit codes:  0 done; 1 failed, or something was found wrong; 2 wrong usage, or something needed is missing.",
        "Variables:   MESH_HOME (state, passphrase), MESH_STACKS (folder of the stacks' files), MESH_AIRGAP_HOME (what was built),",
        "             MESH_AIRGAP=1|0 (force the air gap or official downloads), MESH_DEBUG=1 (stack traces).",
      ].join("\n"),
    )
    .addCommand(upCommand())
    .addCommand(downCommand())
    .addCommand(planCommand())
    .addCommand(upgradeCommand())
    .addCommand(verifyCommand())
    .addCommand(topologyCommand())
    .addCommand(traceCommand())
    .addCommand(watchCommand())
    .addCommand(drillCommand())
    .addCommand(envCommand())
    .addCommand(airgapCommand())
    .addCommand(testCommand())
    .addCommand(benchCommand())
    .showHelpAfterError(`Run it with --help to see its arguments and options.\n${seeLine([documentOf("wrong-usage")])}`)
    .exitOverride();
  inheritSettings(mesh);
  return mesh;
}

/** Commands that are added, and not made by their parent, inherit nothing by themselves. */
function inheritSettings(parent: Command): void {
  for (const command of parent.commands) inheritSettings(command.copyInheritedSettings(parent));
}

async function main(): Promise<void> {
  try {
    const command = program();
    if (process.argv.length <= 2) command.outputHelp();
    else await command.parseAsync();
  } catch (failure) {
    process.exitCode = report(failure);
  }
}

function report(failure: unknown): number {
  // Commander has printed its message already.
  if (failure instanceof CommanderError) return failure.exitCode === 0 ? EXIT.ok : EXIT.unusable;
  const { text, exitCode } = describeFailure(failure, Boolean(process.env.MESH_DEBUG));
  process.stderr.write(`${text}\n`);
  return exitCode;
}

if (require.main === module) void main();
