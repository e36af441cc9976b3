import { airgapHome, airgapPaths, type AirgapPaths } from "../../airgap";
import { meshHome, meshPaths, type MeshPaths } from "../../lib/paths";
import { makeFolder } from "../../lib/writable";
import { askSecret, canAsk } from "./ask";
import { backendUrl, localStacks } from "./backend";
import { chooseHere, choiceLine, type Choice } from "./choice";
import { ChoiceRecord } from "./choice-record";
import { dockerHost } from "./docker-host";
import { meshEnvironment } from "./environment";
import { requireHome } from "./home";
import { ensurePassphrase } from "./passphrase";
import { Pulumi } from "./pulumi";
import { say } from "./say";
import { stackFiles, type StackFiles } from "./stacks";

/** What every command starts from that works with stacks or clusters. */
export interface Session {
  readonly choice: Choice;
  readonly mesh: MeshPaths;
  readonly airgap: AirgapPaths;
  readonly stacks: StackFiles;
  /** What {@link meshEnvironment} adds to the user's environment. */
  readonly variables: Readonly<Record<string, string>>;
  /** The user's environment with the variables: the environment of all child processes. */
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Decides where everything comes from, makes sure that there is a folder for the state and a passphrase, and says what it chose. Builds
 * and starts nothing.
 *
 * @param names the stacks that the command works with; those that were brought up keep what they were brought up with. Default: all.
 * @param env the user's environment. Default: the process's own.
 * @throws MeshError when the folder of the state or of the stacks' files cannot be used, or when the stacks were brought up differently.
 */
export async function openSession(names?: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<Session> {
  const mesh = meshPaths(meshHome(env));
  const airgap = airgapPaths(airgapHome(env));
  const stacks = stackFiles(env);
  requireHome(mesh);
  const choice = await chooseHere(mesh.cache, airgap, env, env.MESH_AIRGAP ? undefined : new ChoiceRecord(mesh.choices, backendUrl(mesh, env)).of(names));
  say(choiceLine(choice));
  const source = await ensurePassphrase(mesh.passphrase, env, canAsk(env) ? askForPassphrase : undefined);
  if (source.from === "file" && source.created) say(`the passphrase for the secrets in the state is in ${source.file}; keep a copy of it`);
  for (const folder of [mesh.state, mesh.compiled]) makeFolder(folder, 0o700);
  const host = await dockerHost(env);
  const variables = { ...meshEnvironment({ airgap: choice.airgap, mesh, airgapPaths: airgap, stacks: stacks.names(), env }), ...(host && { DOCKER_HOST: host }) };
  return { choice, mesh, airgap, stacks, variables, env: { ...env, ...variables } };
}

/** Records what stacks are brought up with: from now on nothing but `MESH_AIRGAP` changes it. */
export function keepChoice({ choice, mesh, env }: Pick<Session, "choice" | "mesh" | "env">, names: readonly string[]): void {
  new ChoiceRecord(mesh.choices, backendUrl(mesh, env)).keep(names, choice.airgap);
}

/**
 * The stacks that the state holds, as far as that is known before there is a session: nothing is asked, chosen or set up for it.
 *
 * @returns names; undefined when only Pulumi knows.
 * @throws MeshError when the folder of the state cannot be used.
 */
export function stacksInState(stacks: StackFiles, env: NodeJS.ProcessEnv = process.env): string[] | undefined {
  const mesh = meshPaths();
  requireHome(mesh);
  return localStacks(backendUrl(mesh, env), stacks.project);
}

/**
 * Pulumi on the session's stacks.
 *
 * @param quietStdout whether standard output is for data, so that progress goes to standard error.
 */
export function pulumiOf(session: Session, quietStdout: boolean): Pulumi {
  return new Pulumi({ env: session.env, stacks: session.stacks, configFolder: session.mesh.config, quietStdout });
}

function askForPassphrase(): Promise<string> {
  return askSecret("mesh: passphrase for the secrets in Pulumi's state (Enter to generate one): ");
}
