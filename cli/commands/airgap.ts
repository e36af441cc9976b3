import { Command } from "commander";
import { EXIT } from "../../lib/errors";

/** `./mesh airgap`: builds what a closed network cannot download, says how it stands, frees its space. */
export function airgapCommand(): Command {
  return new Command("airgap")
    .summary("build what a closed network cannot download")
    .description(
      "Builds Pulumi, Kubernetes, Istio and all else that the mesh needs from package registries alone, into the folder that\n" +
        "MESH_AIRGAP_HOME names (default: usmesh/airgap in the user's cache folder). `./mesh up` does so by itself where official\n" +
        "downloads cannot be reached.",
    )
    .addCommand(buildCommand())
    .addCommand(statusCommand())
    .addCommand(cleanCommand());
}

function buildCommand(): Command {
  return new Command("build")
    .summary("build what is not ready")
    .description("Builds every piece that is missing or whose pin, sources or recipe changed. Interrupted, it goes on where it was.")
    .argument("[piece...]", "only these pieces and what they are made of; `status` lists them")
    .option("--force", "build though disk or memory look too small")
    .action(async (pieces: string[], options: { force?: boolean }) => {
      const { ensureBuilt } = await import("../../airgap/index.js");
      const started = performance.now();
      const { built, paths } = await ensureBuilt({ only: pieces.length > 0 ? pieces : undefined, force: options.force });
      const seconds = Math.round((performance.now() - started) / 1000);
      const what = built.length === 0 ? "Everything is ready" : `Built ${built.length} ${built.length === 1 ? "piece" : "pieces"} in ${seconds} s`;
      process.stdout.write(`${what}; it is in ${paths.home}\n`);
    });
}

function statusCommand(): Command {
  return new Command("status")
    .summary("say how each piece stands")
    .description("Lists every piece: whether it is ready, its version, size, build time and source. Exit code 1 when one is not ready.")
    .option("--json", "print JSON (its schema is in airgap/README.md)")
    .action(async (options: { json?: boolean }) => {
      const { airgapStatus } = await import("../../airgap/index.js");
      const { status, table } = await airgapStatus();
      process.stdout.write(`${options.json ? JSON.stringify(status, undefined, 2) : table}\n`);
      process.exitCode = status.ready ? EXIT.ok : EXIT.failed;
    });
}

function cleanCommand(): Command {
  return new Command("clean")
    .summary("free space")
    .description("Removes Go's caches, logs and leftovers; every piece stays usable. With --all, every piece and image goes too.")
    .option("--all", "remove every piece, and the images from the Docker engine")
    .action(async (options: { all?: boolean }) => {
      const { cleanAirgap } = await import("../../airgap/index.js");
      await cleanAirgap(options.all ?? false, (line) => process.stdout.write(`${line}\n`));
    });
}
