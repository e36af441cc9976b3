import type { Section } from "../../lib/troubleshooting";
import type { Host } from "./host";

/** What is known about the engine before anything is done. */
export interface EngineFacts {
  /** The engine's version; undefined when none answers. */
  readonly version?: string;
  /** What the `docker` command printed instead of a version. */
  readonly said: string;
  /** The engine that the user chose (`DOCKER_HOST`, a docker context), which is not started here. */
  readonly named?: string;
}

/** What to do so that an engine answers: use the one that does, start the one that is installed, install one first, or give up. */
export type Decision =
  | { readonly action: "use" | "start" | "install" }
  | { readonly action: "refuse"; readonly section: Section; readonly problem: string; readonly hint: string };

/** Decides how to get an engine that answers. */
export function decide(facts: EngineFacts, host: Host): Decision {
  if (facts.version !== undefined) return { action: "use" };
  const refuse = (section: Section, problem: string, hint: string): Decision => ({ action: "refuse", section, problem, hint });
  if (facts.named !== undefined) {
    return refuse(
      "docker-host-not-answering",
      `the Docker engine at ${facts.named} does not answer: ${facts.said}`,
      "Start it, or unset DOCKER_HOST and DOCKER_CONTEXT (docker context use default) to use this machine's own.",
    );
  }
  if (/permission denied/i.test(facts.said)) {
    return refuse(
      "docker-not-permitted",
      `this user may not use the Docker engine: ${facts.said}`,
      "Add the user to the group docker (usermod -aG docker NAME, then log in again), or run this as root.",
    );
  }
  const installed = host.has("dockerd") && host.has("docker");
  if (host.root && installed) return { action: "start" };
  if (host.root && host.debian) return { action: "install" };
  if (installed) return refuse("docker-not-running", "the Docker engine is not running", "Start it (systemctl start docker), or run this as root.");
  return refuse(
    "docker-not-installed",
    "there is no Docker engine on this machine",
    host.debian
      ? "Run this as root, which installs and starts one, or install the package docker.io."
      : `It is installed automatically only on Debian as root; on ${host.system}, install and start Docker 20.10 or later yourself.`,
  );
}
