import type { Host } from "./host";

/** What is known about the engine before anything is done. */
export interface Sight {
  /** The engine's version; undefined when none answers. */
  readonly version?: string;
  /** What the `docker` command said instead of a version. */
  readonly said: string;
  /** The engine that was named on purpose (`DOCKER_HOST`, a docker context), which is not ours to start. */
  readonly named?: string;
}

/** What is to be done so that an engine answers: nothing, start the one that is installed, install one first, or give up. */
export type Decision =
  | { readonly action: "use" | "start" | "install" }
  | { readonly action: "refuse"; readonly problem: string; readonly hint: string };

/** Decides how to get to an engine that answers. */
export function decide(sight: Sight, host: Host): Decision {
  if (sight.version !== undefined) return { action: "use" };
  const refuse = (problem: string, hint: string): Decision => ({ action: "refuse", problem, hint });
  if (sight.named !== undefined) {
    return refuse(
      `the Docker engine at ${sight.named} does not answer: ${sight.said}`,
      "Start it, or unset DOCKER_HOST and DOCKER_CONTEXT (docker context use default) to use this machine's own.",
    );
  }
  if (/permission denied/i.test(sight.said)) {
    return refuse(
      `this user may not talk to the Docker engine: ${sight.said}`,
      "Add the user to the group docker (usermod -aG docker NAME, then log in again), or run this as root.",
    );
  }
  const installed = host.has("dockerd") && host.has("docker");
  if (host.root && installed) return { action: "start" };
  if (host.root && host.debian) return { action: "install" };
  if (installed) return refuse("the Docker engine is not running", "Start it (systemctl start docker), or run this as root.");
  return refuse(
    "there is no Docker engine on this machine",
    host.debian
      ? "Run this as root, which installs and starts one, or install the package docker.io."
      : `On Debian as root it would be installed; on ${host.system} please install and start Docker 20.10 or later yourself.`,
  );
}
