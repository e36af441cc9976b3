import { Command } from "commander";
import { EXIT, MeshError } from "../../lib/errors";
import { collect } from "../live/options";

interface Options {
  readonly to?: string;
  readonly charts?: string;
  readonly tag?: string;
  readonly cluster: string[];
  readonly first: string[];
  readonly rollback?: boolean;
  readonly json?: boolean;
}

/** `./mesh upgrade`: upgrades Istio, one cluster after another. */
export function upgradeCommand(): Command {
  return new Command("upgrade")
    .summary("upgrade Istio, one cluster after another")
    .description(
      [
        "Upgrades Istio in the clusters of the stacks named (local by default), one after another: a second istiod beside the first, the",
        "east-west gateway, the ingress gateway, new pods, the workloads namespace by namespace, and finally the old istiod is removed. After",
        "each step it checks the mesh, with requests between the clusters, and stops when something is wrong.",
        "",
        "Each step is a change of usmesh:clusters.KEY.istio in the stack's file and an ordinary `up`. If it is interrupted or stops, run the",
        "same command again: it continues where it stopped. Until the old istiod is removed, --rollback undoes everything.",
        "",
        "Exit codes: 0 done; 1 a step failed, or something is wrong after it; 2 refused, and nothing was changed.",
        "docs/upgrades.md describes each step, and how to do it by hand.",
      ].join("\n"),
    )
    .argument("[stack...]", "stacks whose clusters are upgraded")
    .option("--to <version>", "the version of Istio; by default istio.version of the stack, or that of an upgrade that is under way")
    .option("--charts <folder>", "folder with the charts of that version; by default those of the stack")
    .option("--tag <tag>", "tag of the images of that version; by default that of the stack")
    .option("--cluster <key>", "this cluster alone; may be repeated", collect, [])
    .option("--first <namespace>", "a namespace whose workloads restart before all others; may be repeated", collect, [])
    .option("--rollback", "go back to the version from which the upgrade started")
    .option("--json", "print the report as JSON on standard output (its schema is in cli/upgrade/report.ts)")
    .action(async (stacks: string[], options: Options) => {
      await upgradeAndReport(stacks.length > 0 ? stacks : ["local"], options);
    });
}

async function upgradeAndReport(stacks: readonly string[], { to, charts, tag, cluster, first, rollback = false, json }: Options): Promise<void> {
  if (rollback && (to ?? charts ?? tag) !== undefined) {
    throw new MeshError("wrong-usage", "--rollback was given with another version", "A rollback always goes to the version from which the upgrade started.", EXIT.unusable);
  }
  const { requireUp } = await import("../verify/up-stacks.js");
  requireUp(stacks);
  const [{ runUpgrade }, { upgradeText }, { interruptible }] = await Promise.all([import("../upgrade/run.js"), import("../upgrade/report.js"), import("../live/interrupt.js")]);
  const wanted = { ...(to === undefined ? {} : { version: to }), ...(charts === undefined ? {} : { charts }), ...(tag === undefined ? {} : { tag }) };
  const interrupted = new MeshError("upgrade-interrupted", "interrupted; run the same command to continue", undefined, EXIT.interrupted);
  const report = await interruptible(interrupted, (signal) => runUpgrade(stacks, { to: wanted, clusters: cluster, first, rollback, signal }));
  process.stdout.write(`${json ? JSON.stringify(report, null, 2) : upgradeText(report)}\n`);
}
