import { capture } from "../../lib/process";

/** Where every Docker client looks when nothing else is said. */
const DEFAULT = "unix:///var/run/docker.sock";

/**
 * The engine that the docker command talks to, for what does not know its contexts: Pulumi's Docker provider takes `DOCKER_HOST` or the
 * default, and would put the client container into another engine than kind its clusters.
 *
 * @param ask runs docker; the real one unless given.
 * @returns value for `DOCKER_HOST`; undefined when it is set, when the default is right, or when there is no docker to ask.
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
