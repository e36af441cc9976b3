import { Command } from "commander";
import { say } from "../lib/say";

/** `./mesh env`: what to export for manual work. */
export function envCommand(): Command {
  return new Command("env")
    .summary("print the variables for using pulumi, docker, kind, kubectl, helm and istioctl yourself")
    .description(
      [
        "Prints lines for a POSIX shell. After",
        "",
        '  eval "$(./mesh env)"',
        "",
        "pulumi uses this project's state and passphrase, and docker, kind, kubectl, helm and istioctl are those that ./mesh uses;",
        "kubectl, helm and istioctl see the clusters of the stacks that are up, and no others: their administrators' kubeconfigs are",
        "written into files that only you can read, and ./mesh down removes them. Run it again after ./mesh up. It builds and starts",
        "nothing: what is missing is named on standard error. PULUMI_BACKEND_URL, PULUMI_CONFIG_PASSPHRASE and PULUMI_CONFIG_PASSPHRASE_FILE are kept",
        "if you have set them.",
      ].join("\n"),
    )
    .option("--json", "print the variables as a JSON object instead")
    .action(async (options: { readonly json?: boolean }) => {
      const [{ byHand }, { shellExports }, { openSession }, { writeThoseThatAreUp }] = await Promise.all([
        import("../lib/by-hand.js"),
        import("../lib/environment.js"),
        import("../lib/session.js"),
        import("../up/by-hand.js"),
      ]);
      const session = await openSession();
      (await writeThoseThatAreUp(session)).forEach(say);
      const { variables, missing } = byHand({ ...session, env: process.env, airgap: session.choice.airgap ? session.airgap : undefined });
      missing.forEach(say);
      process.stdout.write(options.json ? `${JSON.stringify(variables, null, 2)}\n` : `${shellExports(variables).join("\n")}\n`);
    });
}
