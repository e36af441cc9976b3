/** Real Kubernetes API servers without Docker: etcd, API server, controllers and scheduler, with simulated nodes and pods. */
import { rmSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ApiServer as Client } from "../../../lib/api-server";
import { KwokCluster } from "./kwok";

/** Which server to start. */
export interface ApiServerOptions {
  /** Name of the cluster, also of its kubeconfig's context, cluster and user; `test` if not given. */
  name?: string;
  /** How many simulated nodes it has from the start; 1 if not given. Without a node pods stay pending. */
  nodes?: number;
}

/** Ends servers that a failed test left behind when the test process ends. */
const leftovers = new Map<string, () => void>();
process.once("exit", () => leftovers.forEach((end) => end()));

/**
 * Starts a server in a temporary folder of its own; takes about three seconds and 500 MiB. Any number can run side by
 * side, started from any number of processes.
 */
export async function startApiServer({ name = "test", nodes = 1 }: ApiServerOptions = {}): Promise<ApiServer> {
  const folder = await mkdtemp(join(tmpdir(), "usmesh-api-server-"));
  const cluster = new KwokCluster(folder, name);
  leftovers.set(folder, () => {
    cluster.kill();
    rmSync(folder, { recursive: true, force: true });
  });
  await cluster.create();
  const kubeconfig = cluster.kubeconfig();
  const kubeconfigPath = join(folder, "kubeconfig");
  await writeFile(kubeconfigPath, kubeconfig, { mode: 0o600 });
  const server = new ApiServer(name, folder, kubeconfig, kubeconfigPath, await clientOf(kubeconfig), cluster);
  for (let i = 0; i < nodes; i++) await server.addNode(`node-${i}`);
  return server;
}

/** Starts servers side by side. @returns them by name. */
export async function startApiServers(names: readonly string[]): Promise<ReadonlyMap<string, ApiServer>> {
  const servers = await Promise.all(names.map((name) => startApiServer({ name })));
  return new Map(servers.map((server) => [server.name, server]));
}

/** A client with what a kubeconfig's current context holds. */
export function clientOf(kubeconfig: string): Promise<Client> {
  return Client.of(kubeconfig, 30_000);
}

/** A running API server with everything it has in one folder. Made by {@link startApiServer}; `stop` it in the end. */
export class ApiServer {
  constructor(
    readonly name: string,
    private readonly folder: string,
    /** Text of an administrator's kubeconfig, certificates inside. */
    readonly kubeconfig: string,
    /** Path of a file with that text. */
    readonly kubeconfigPath: string,
    /** Client of an administrator. */
    readonly client: Client,
    private readonly cluster: KwokCluster,
  ) {}

  /** URL of the API server. */
  get url(): string {
    return this.client.server;
  }

  /** Adds a simulated node that is ready at once and runs any pod. */
  async addNode(name: string): Promise<void> {
    const resources = { cpu: "64", memory: "256Gi", pods: "500" };
    const node = {
      apiVersion: "v1",
      kind: "Node",
      metadata: { name, labels: { "kubernetes.io/hostname": name, "kubernetes.io/os": "linux" } },
      status: { allocatable: resources, capacity: resources },
    };
    await this.client.request("POST", "/api/v1/nodes", node);
  }

  /** Ends all its processes and keeps its data: the cluster becomes unreachable. */
  async halt(): Promise<void> {
    await this.cluster.stop();
  }

  /** Starts it again after `halt`, at the same address. */
  async resume(): Promise<void> {
    await this.cluster.start();
  }

  /** Ends it and removes all it had. May be called twice. */
  async stop(): Promise<void> {
    await this.cluster.destroy();
    await rm(this.folder, { recursive: true, force: true });
    leftovers.delete(this.folder);
  }
}
