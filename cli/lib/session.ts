import * as fs from "node:fs";
import { airgapPaths, type AirgapPaths } from "../../airgap/builder/paths";
import { askSecret, canAsk } from "./ask";
import { chooseHere, choiceLine, type Choice } from "./choice";
import { meshEnvironment } from "./environment";
import { ensurePassphrase } from "./passphrase";
import { meshPaths, repositoryRoot, stacksFolder, type MeshPaths } from "./paths";
import { Pulumi } from "./pulumi";
import { say } from "./say";
import { StackFiles } from "./stacks";

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
 * Finds out where everything comes from, makes sure of the state's folder and the passphrase, and says what it chose. Builds and starts nothing.
 */
export async function openSession(env: NodeJS.ProcessEnv = process.env): Promise<Session> {
  const mesh = meshPaths();
  const airgap = airgapPaths();
  const stacks = new StackFiles(repositoryRoot, stacksFolder(env));
  const choice = await chooseHere(mesh.cache, airgap, env);
  say(choiceLine(choice));
  const source = await ensurePassphrase(mesh.passphrase, env, canAsk(env) ? askForPassphrase : undefined);
  if (source.from === "file" && source.created) say(`the passphrase that protects secrets in the state is in ${source.file}; keep a copy of it`);
  fs.mkdirSync(mesh.state, { recursive: true, mode: 0o700 });
  const variables = meshEnvironment({ airgap: choice.airgap, mesh, airgapPaths: airgap, stacks: stacks.names(), env });
  return { choice, mesh, airgap, stacks, variables, env: { ...env, ...variables } };
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
