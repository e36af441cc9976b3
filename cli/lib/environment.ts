import * as path from "node:path";
import type { AirgapPaths } from "../../airgap";
import { backendUrl } from "./backend";
import type { MeshPaths } from "../../lib/paths";

/** What the environment depends on. */
export interface EnvironmentInput {
  readonly airgap: boolean;
  readonly mesh: MeshPaths;
  readonly airgapPaths: AirgapPaths;
  /** Stacks whose clusters `kubectl` can use. */
  readonly stacks: readonly string[];
  /** The user's environment: what is set there deliberately is kept. */
  readonly env: NodeJS.ProcessEnv;
}

/**
 * The variables with which plain `pulumi`, `docker`, `kind`, `kubectl`, `helm` and `istioctl` work on the project's stacks and
 * clusters: what `./mesh` sets for its child processes, and what `./mesh env` prints. Applying it twice is the same as once.
 */
export function meshEnvironment({ airgap, mesh, airgapPaths, stacks, env }: EnvironmentInput): Record<string, string> {
  const variables: Record<string, string> = {
    PULUMI_BACKEND_URL: backendUrl(mesh, env),
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // For language hosts that ignore `tsconfig` in Pulumi.yaml: the program's types are checked by the tests, not by each run.
    PULUMI_NODEJS_TRANSPILE_ONLY: "true",
    // By default it runs what it finds compiled in a folder of the temp folder, under a name that anybody can work out.
    TS_NODE_CACHE_DIRECTORY: mesh.compiled,
    // Then a stack's salt is read from its state, whatever is in the stack's file.
    PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER: "true",
    // Files that do not exist yet are not an error. The user's own kubeconfig is never among them, and an empty list would mean it.
    KUBECONFIG: (stacks.length > 0 ? stacks : ["none"]).map((stack) => kubeconfigFile(mesh, stack)).join(path.delimiter),
  };
  if (env.PULUMI_CONFIG_PASSPHRASE === undefined) variables.PULUMI_CONFIG_PASSPHRASE_FILE = env.PULUMI_CONFIG_PASSPHRASE_FILE || mesh.passphrase;
  if (airgap) {
    variables.PATH = first(airgapPaths.bin, env.PATH ?? "");
    variables.PULUMI_HOME = airgapPaths.pulumiHome;
    variables.PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION = "true";
    variables.USMESH_SETTINGS = first(airgapPaths.settings, env.USMESH_SETTINGS ?? "");
  }
  return variables;
}

/** The file with the kubeconfig of a stack's own clusters, once the stack is up. */
export function kubeconfigFile(mesh: MeshPaths, stack: string): string {
  return path.join(mesh.kubeconfigs, `${stack}.yaml`);
}

/** Lines that set the variables when a POSIX shell evaluates them, whatever is in the values. */
export function shellExports(variables: Readonly<Record<string, string>>): string[] {
  return Object.entries(variables).map(([name, value]) => `export ${name}='${value.replaceAll("'", "'\\''")}'`);
}

/** A list like `PATH` with an entry in front, once. */
function first(entry: string, list: string): string {
  return [entry, ...list.split(path.delimiter).filter((other) => other !== "" && other !== entry)].join(path.delimiter);
}
