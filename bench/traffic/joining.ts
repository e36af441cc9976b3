import * as fs from "node:fs";
import * as path from "node:path";
import { stringify } from "yaml";
import { repositoryRoot } from "../../lib/paths";
import { DEMO_NAMESPACE } from "../../topology/names";
import type { BenchContext } from "../case";
import { STACK } from "../lib/bench-mesh";
import { execute, succeeded } from "../lib/execute";
import { CLUSTERS, MESH, type Cluster } from "../lib/names";
import type { StandingMesh } from "../standing-mesh";
import { type Joined, NORTH, NORTH_SETTINGS, STOP_FILE, untilAnswered, untilSilent } from "./join";

/** What a joining is made of; tests replace it. */
const PARTS = { execute };
export type JoiningParts = typeof PARTS;

/** The standing mesh, which a third cluster joins and leaves. */
export class Joining {
  /** Laid over the mesh's own settings. */
  private readonly settings: string;

  constructor(
    private readonly mesh: Pick<StandingMesh, "env" | "kubeconfig" | "mesh" | "outputs">,
    private readonly context: Pick<BenchContext, "folder" | "signal" | "say">,
    private readonly parts: JoiningParts = PARTS,
  ) {
    this.settings = path.join(context.folder, "north.yaml");
    fs.writeFileSync(this.settings, stringify(NORTH_SETTINGS));
  }

  /** Does something while neither west nor east has a backend, so that the third cluster's is the only one. */
  async alone<T>(work: () => Promise<T>): Promise<T> {
    try {
      await this.scale(0);
      await this.silent();
      return await work();
    } finally {
      await this.scale(1);
    }
  }

  /** Lets the third cluster join, and leave whatever came of it. */
  async once(): Promise<Joined> {
    try {
      return await this.join();
    } finally {
      await this.leave();
    }
  }

  private async join(): Promise<Joined> {
    const { clusters } = await this.mesh.outputs();
    await this.client(`rm -f ${STOP_FILE}`);
    const started = performance.now();
    const answer = async (cluster: Cluster): Promise<number> => {
      await this.client(untilAnswered(clusters[cluster]?.ingressAddress ?? "", NORTH.key));
      return (performance.now() - started) / 1000;
    };
    const up = this.up().catch(async (error: unknown) => {
      // Nobody will answer.
      await this.client(`touch ${STOP_FILE}`);
      throw error;
    });
    // All of them end before the cluster is removed, whatever becomes of one.
    const [ended, west, east] = await Promise.allSettled([up, answer("west"), answer("east")]);
    return { up: valueOf(ended), west: valueOf(west), east: valueOf(east) };
  }

  /** `./mesh up` with the third cluster. @returns seconds. */
  private async up(): Promise<number> {
    const { signal } = this.context;
    const env = { ...this.mesh.env, CI: "true", USMESH_SETTINGS: [this.mesh.env["USMESH_SETTINGS"], this.settings].join(path.delimiter) };
    const ended = await this.parts.execute(path.join(repositoryRoot, "mesh"), ["up", STACK], { cwd: repositoryRoot, env, signal });
    return succeeded(`./mesh up ${STACK} with ${NORTH.key}`, ended, signal).seconds;
  }

  /** `./mesh up` without it. */
  private async leave(): Promise<void> {
    const { signal, say } = this.context;
    say("join: remove the third cluster");
    succeeded(`./mesh up ${STACK} without ${NORTH.key}`, await this.mesh.mesh("up", STACK), signal);
    await this.silent();
  }

  private async silent(): Promise<void> {
    const { clusters } = await this.mesh.outputs();
    for (const cluster of CLUSTERS) await this.client(untilSilent(clusters[cluster]?.ingressAddress ?? ""));
  }

  /** Runs a shell's program in the client container, inside the clusters' own network. */
  private async client(program: string): Promise<void> {
    const { signal } = this.context;
    succeeded("the client", await this.parts.execute("docker", ["exec", MESH.client, "sh", "-c", program], { env: this.mesh.env, signal }), signal);
  }

  private async scale(replicas: number): Promise<void> {
    for (const cluster of CLUSTERS) {
      const args = ["--kubeconfig", await this.mesh.kubeconfig(cluster), "--namespace", DEMO_NAMESPACE, "scale", "deployment", "simple-backend", "--replicas", String(replicas)];
      succeeded(`kubectl ${args.slice(2).join(" ")}`, await this.parts.execute("kubectl", args, { env: this.mesh.env }));
    }
  }
}

function valueOf(settled: PromiseSettledResult<number>): number {
  if (settled.status === "rejected") throw settled.reason;
  return settled.value;
}
