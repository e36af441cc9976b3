import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { run } from "../../lib/process";
import { Pulumi } from "../lib/pulumi";
import type { Session } from "../lib/session";
import { inTemporaryFolder, removeLeftFolders } from "../lib/temporary-folder";

/**
 * Does something with a stack on an empty state that is removed afterwards: for a stack that the backend does not know, and that must
 * not be created there.
 */
export async function inEmptyState<T>(session: Pick<Session, "stacks" | "env">, stack: string, work: (pulumi: Pulumi) => Promise<T>): Promise<T> {
  removeLeftFolders("plan");
  return inTemporaryFolder("plan", async (folder) => {
    const [state, config] = [path.join(folder, "state"), path.join(folder, "config")];
    fs.mkdirSync(state);
    const env = { ...session.env, PULUMI_BACKEND_URL: `file://${state}`, PULUMI_CONFIG_PASSPHRASE: randomBytes(16).toString("hex") };
    session.stacks.copyTo(config, stack);
    await run("pulumi", ["stack", "init", "--cwd", config, "--stack", stack, "--no-select", "--non-interactive"], { env });
    return work(new Pulumi({ env, stacks: session.stacks, configFolder: config, quietStdout: true }));
  });
}
