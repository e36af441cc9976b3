import { capture } from "../../lib/process";

/** What every Docker client uses by default. */
const DEFAULT = "unix:///var/run/docker.sock";

/**
 * The engine that the docker command uses, for programs that do not know Docker's contexts: Pulumi's Docker provider uses `DOCKER_HOST` or
 * the default, and would create the client container in another engine than kind its clusters.
 *
 * @param ask runs docker. Default: the real one.
 * @returns value for `DOCKER_HOST`; undefined when it is set, when the default is right, or when docker is missing.
 */
export async function dockerHost(env: NodeJS.ProcessEnv, ask: typeof capture = capture): Promise<string | undefined> {
  if (env.DOCKER_HOST) return undefined;
  try {
    const { code, stdout } = await ask("docker", ["context", "inspect", "--format", "{{.Endpoints.docker.Host}}"], { env, timeoutMs: 5000 });
    const host = stdout.trim();
    return code === 0 && host !== "" && host !== DEFAULT ? host : undefined;
  } catch {
    return undefined;
  }
}
