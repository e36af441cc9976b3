import { Command, InvalidArgumentError, Option } from "commander";
import { EXIT, MeshError } from "../../lib/errors";
import { DANGERS, type DangerName } from "../plan/danger-names";
import type { PlanOptions } from "../plan/run";

/** `./mesh plan`: what `up` would do, in terms of the mesh. */
export function planCommand(): Command {
  return new Command("plan")
    .summary("say what up would do: clusters, trust, pairs, and what is dangerous")
    .description(
      [
        "Previews stacks (local by default) and says what `up` would do to the mesh: clusters that join, leave or are replaced, changes of",
        "trust, pairs that are wired, tokens, workloads, Istio, and how many resources change. It changes nothing. A stack that the backend does",
        "not know yet is not created there.",
        "",
        "Dangerous, and refused unless allowed: a cluster that is replaced or leaves (replaced-clusters); a root that is removed or",
        "replaced, or another root that signs (changed-root); a pair that is no longer wired (unwired-pairs); another version, or other",
        "images or charts, of istiod in place (istio-in-place), or an istiod that is removed (removed-istiod); a change that may be",
        "dangerous, but that the plan does not know (unknown).",
        "",
        "Exit codes: 0 nothing is dangerous, or all of it is allowed; 1 something dangerous is not allowed; 2 a stack could not be planned.",
      ].join("\n"),
    )
    .argument("[stack...]", "stacks to plan")
    .option("--all", "plan every stack that has a file Pulumi.<stack>.yaml")
    .addOption(new Option("--allow <danger>", "a danger that is intended; may be repeated").default([], "none").argParser(danger))
    .addOption(new Option("--json", "print the plan as JSON on standard output (its schema is in cli/plan/report.ts)").conflicts("markdown"))
    .option("--markdown", "print the plan as a comment for a pull request")
    .action(async (names: string[], options: PlanOptions) => {
      if (options.all && names.length > 0) throw new MeshError("wrong-usage", "stacks and --all were both given", "Name the stacks, or give --all alone.", EXIT.unusable);
      const { runPlan, unplanned } = await import("../plan/run.js");
      process.exitCode = await runPlan(names, options).catch((failure: unknown) => {
        throw unplanned(failure);
      });
    });
}

function danger(value: string, before: readonly DangerName[]): DangerName[] {
  const known = DANGERS.find((name) => name === value);
  if (known === undefined) throw new InvalidArgumentError(`What can be allowed is ${DANGERS.join(", ")}.`);
  return [...before, known];
}
