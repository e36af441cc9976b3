import { MeshError } from "../../lib/errors";
import { runner, type Finished, type Runner } from "../../lib/process";
import type { Repair, RunRecord } from "./record";

/** How often something is tried to be undone. */
const REPAIR_ATTEMPTS = 3;

/** Exit code of {@link signalApiServer} where there is no API server. */
const NONE = 3;

/** A shell's program that sends a signal to the API server in a node. It needs no `pkill`, which not every node image has. */
function signalApiServer(signal: "STOP" | "CONT"): string[] {
  const script =
    `code=${NONE}; for file in /proc/[0-9]*/comm; do name=; { read -r name < "$file"; } 2>/dev/null; ` +
    `if [ "$name" = kube-apiserver ]; then pid=\${file%/comm}; kill -s ${signal} "\${pid#/proc/}" && code=0; fi; done; exit $code`;
  return ["sh", "-c", script];
}

/** The nodes of kind clusters on this machine's Docker engine. What is done to them is recorded first, and undone by `repair`. */
export class Nodes {
  /** @param env the environment in which `docker` works. */
  constructor(
    private readonly env: NodeJS.ProcessEnv,
    private readonly record: Pick<RunRecord, "owe" | "paid">,
    private readonly programs: Runner = runner,
  ) {}

  /** Names of the containers that are the nodes of a kind cluster. @throws MeshError when docker is missing or does not answer. */
  async of(kind: string): Promise<string[]> {
    const args = ["container", "ls", "--filter", `label=io.x-k8s.kind.cluster=${kind}`, "--format", "{{.Names}}"];
    return (await this.programs.run("docker", args, { env: this.env })).split("\n").filter((name) => name !== "").sort();
  }

  /** Pauses containers with everything in them. @returns undoes it. */
  async pause(containers: readonly string[]): Promise<() => Promise<void>> {
    return this.owing({ what: "unpause", containers: [...containers] }, async () => {
      await this.programs.run("docker", ["container", "pause", ...containers], { env: this.env });
    });
  }

  /** Stops the API servers of control planes. @returns undoes it. @throws MeshError when there is none. */
  async freezeApiServer(containers: readonly string[]): Promise<() => Promise<void>> {
    return this.owing({ what: "continue", containers: [...containers] }, async () => {
      const ended = await Promise.all(containers.map((container) => this.docker("container", "exec", container, ...signalApiServer("STOP"))));
      if (!ended.some(({ code }) => code === 0)) throw new MeshError("drill-not-started", `no API server was found in ${containers.join(", ") || "the cluster's nodes"}`);
    });
  }

  /** Records what will have to be undone, then does it. What was done in part is undone at once. */
  private async owing(owed: Repair, act: () => Promise<void>): Promise<() => Promise<void>> {
    this.record.owe(owed);
    try {
      await act();
    } catch (error) {
      await this.repair(owed);
      throw error;
    }
    return () => this.repair(owed);
  }

  /**
   * Undoes what was done. What is undone already, or whose container is gone, is not an error.
   *
   * @throws MeshError when it cannot be undone; it stays recorded.
   */
  async repair(owed: Repair): Promise<void> {
    for (const container of owed.containers) await this.repairOne(owed.what, container);
    this.record.paid(owed);
  }

  /** Tries it more than once: Ctrl-C ends the docker command that runs, too. */
  private async repairOne(what: Repair["what"], container: string): Promise<void> {
    for (let attempt = 0; attempt < REPAIR_ATTEMPTS; attempt += 1) {
      if (await this.isRepaired(what, container)) return;
    }
    const [command, state] = what === "unpause" ? ["container unpause", "paused"] : ["container restart", "without its API server"];
    throw new MeshError("drill-not-repaired", `${container} is still ${state}`, `Repair it with: docker ${command} ${container}`);
  }

  private async isRepaired(what: Repair["what"], container: string): Promise<boolean> {
    const { code, stdout, stderr } = await this.docker("container", "inspect", "--format", "{{.State.Paused}}", container);
    if (code !== 0) return /no such container/i.test(stderr);
    if (what === "continue") return [0, NONE].includes((await this.docker("container", "exec", container, ...signalApiServer("CONT"))).code);
    return stdout.trim() === "false" || (await this.docker("container", "unpause", container)).code === 0;
  }

  private docker(...args: string[]): Promise<Finished> {
    return this.programs.capture("docker", args, { env: this.env });
  }
}
