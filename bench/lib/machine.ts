import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { readModel } from "../../cli/lib/model";
import type { Session } from "../../cli/lib/session";
import { repositoryRoot } from "../../lib/paths";
import type { BenchReport } from "../report/schema";
import { STACK } from "./bench-mesh";
import { execute } from "./execute";

/** The machine that a run is on. */
export function machine(): BenchReport["machine"] {
  return {
    cores: os.availableParallelism(),
    processor: os.cpus()[0]?.model.trim() ?? "unknown",
    memoryMiB: Math.round(os.totalmem() / 2 ** 20),
    // Without what a distributor or a host adds to it.
    kernel: `${os.type()} ${os.release().replace(/-.*$/, "")}`,
    load: os.loadavg()[0] ?? 0,
  };
}

/**
 * What is measured.
 *
 * @param session where the programs come from; undefined where no case needs any.
 */
export async function versions(env: NodeJS.ProcessEnv, session: Session | undefined): Promise<BenchReport["versions"]> {
  const node = process.versions.node;
  const usmesh = await commit(env);
  if (session === undefined) return { usmesh, node };
  const { istio, kind } = readModel(session, STACK);
  return {
    usmesh,
    node,
    pulumi: await said(["pulumi", "version"], session.env),
    kubernetesProvider: installedVersion("@pulumi/kubernetes"),
    istio: istio.tag === undefined ? istio.version : `${istio.version} (${istio.hub ?? "hub of the charts"}, tag ${istio.tag})`,
    kind: await said(["kind", "version"], session.env),
    kubernetes: kind.image.split("@")[0],
    downloads: session.choice.airgap ? "air gap" : "official downloads",
  };
}

/** The commit, with `+` where tracked files differ from it. */
async function commit(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const head = await said(["git", "-C", repositoryRoot, "rev-parse", "--short=12", "HEAD"], env);
  if (head === undefined) return undefined;
  return (await said(["git", "-C", repositoryRoot, "status", "--porcelain", "--untracked-files=no"], env)) === undefined ? head : `${head}+`;
}

/** The first line that a command prints; undefined when it prints none or cannot be run. */
async function said([command = "", ...args]: readonly string[], env: NodeJS.ProcessEnv): Promise<string | undefined> {
  try {
    const { code, stdout } = await execute(command, args, { env });
    return code === 0 ? stdout.split("\n")[0]?.trim() || undefined : undefined;
  } catch {
    return undefined;
  }
}

/** The provider is that of the SDK, whose release is pinned. */
function installedVersion(name: string): string {
  return (JSON.parse(fs.readFileSync(path.join(repositoryRoot, "node_modules", name, "package.json"), "utf8")) as { version: string }).version;
}
