import { airgapPaths, type AirgapPaths } from "../../airgap";
import { makeFolder } from "../../lib/writable";
import { askSecret, canAsk } from "./ask";
import { backendUrl, localStacks } from "./backend";
import { chooseHere, choiceLine, type Choice } from "./choice";
import { dockerHost } from "./docker-host";
import { meshEnvironment } from "./environment";
import { requireHome } from "./home";
import { ensurePassphrase } from "./passphrase";
import { meshPaths, type MeshPaths } from "../../lib/paths";
import { Pulumi } from "./pulumi";
import { say } from "./say";
import { stackFiles, type StackFiles } from "./stacks";

/** What every command that touches stacks or clusters starts from. */
export interface Session {
  readonly choice: Choice;
  readonly mesh: MeshPaths;
  readonly airgap: AirgapPaths;
  readonly stacks: StackFiles;
  /** What {@link meshEnvironment} adds to the user's environment. */
  readonly variables: Readonly<Record<string, string>>;
  /** The user's environment with the variables: what children get. */
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Finds out where everything comes from, makes sure of the state's folder and the passphrase, and says what it chose. Builds and
 * starts nothing.
 *
 * @throws MeshError when the folder of the state or of the stacks' files cannot be used.
 */
export async function openSession(env: NodeJS.ProcessEnv = process.env): Promise<Session> {
  const mesh = meshPaths();
  const airgap = airgapPaths();
  const stacks = stackFiles(env);
  requireHome(mesh);
  const choice = await chooseHere(mesh.cache, airgap, env);
  say(choiceLine(choice));
  const source = await ensurePassphrase(mesh.passphrase, env, canAsk(env) ? askForPassphrase : undefined);
  if (source.from === "file" && source.created) say(`the passphrase that protects secrets in the state is in ${source.file}; keep a copy of it`);
  makeFolder(mesh.state, 0o700);
  const host = await dockerHost(env);
  const variables = { ...meshEnvironment({ airgap: choice.airgap, mesh, airgapPaths: airgap, stacks: stacks.names(), env }), ...(host && { DOCKER_HOST: host }) };
  return { choice, mesh, airgap, stacks, variables, env: { ...env, ...variables } };
}

/**
 * The stacks that stand, as far as that can be told before there is a session: nothing is asked, chosen or set up for it.
 *
 * @returns names; undefined when only Pulumi can tell.
 * @throws MeshError when the folder of the state cannot be used.
 */
export function standingStacks(stacks: StackFiles, env: NodeJS.ProcessEnv = process.env): string[] | undefined {
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
  return askSecret("mesh: a passphrase to protect secrets in Pulumi's state (Enter: one is generated): ");
}
