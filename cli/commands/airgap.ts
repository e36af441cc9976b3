import { Command } from "commander";
import { EXIT } from "../../lib/errors";

/** `./mesh airgap`: builds what a closed network cannot download, reports the state of the pieces, frees disk space. */
export function airgapCommand(): Command {
  return new Command("airgap")
    .summary("build what a closed network cannot download")
    .description(
      "Builds Pulumi, Kubernetes, Istio and everything else that the mesh needs from package registries alone, into the folder\n" +
        "MESH_AIRGAP_HOME (default: usmesh/airgap in the user's cache folder). `./mesh up` does this automatically when official\n" +
        "downloads cannot be reached.",
    )
    .addCommand(buildCommand())
    .addCommand(statusCommand())
    .addCommand(cleanCommand());
}

function buildCommand(): Command {
  return new Command("build")
    .summary("build what is not ready")
    .description("Builds every piece that is missing or whose pin, sources or recipe changed. After an interruption it continues where it was.")
    .argument("[piece...]", "only these pieces and what they are made from; `status` lists them")
    .option("--force", "build although disk or memory seem too small")
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
    .summary("show the state of each piece")
    .description("Lists every piece with its state, version, size, build time and source. The exit code is 1 when one is not ready.")
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
    .summary("free disk space")
    .description("Removes Go's caches, logs and leftovers; every piece stays usable. With --all, also removes every piece and image.")
    .option("--all", "remove every piece, and the images from the Docker engine")
    .action(async (options: { all?: boolean }) => {
      const { cleanAirgap } = await import("../../airgap/index.js");
      await cleanAirgap(options.all ?? false, (line) => process.stdout.write(`${line}\n`));
    });
}
