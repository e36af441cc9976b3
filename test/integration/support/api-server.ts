/** Real Kubernetes API servers without Docker: etcd, API server, controllers and scheduler, with simulated nodes and pods. */
import { execa } from "execa";
import { existsSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lock } from "proper-lockfile";
import { stringify } from "yaml";
import { type Api, openApi } from "../../../airgap/plugins/kubernetes/cluster/api";
import { loadKubeconfig } from "../../../airgap/plugins/kubernetes/cluster/kubeconfig";
import { openTransport } from "../../../airgap/plugins/kubernetes/cluster/transport";
import type { KubeObject } from "../../../airgap/plugins/kubernetes/objects";
import { airgapBinary } from "./home";

/** Which server to start. */
export interface ApiServerOptions {
  /** Name of the cluster, of its kubeconfig context, cluster and user; `test` if not given. */
  name?: string;
  /** How many simulated nodes it has from the start; 1 if not given. Pods stay pending without one. */
  nodes?: number;
}

/** A running API server of its own, with everything it has in one temporary folder. Stop it in the end. */
export interface ApiServer {
  readonly name: string;
  /** Text of an administrator's kubeconfig, certificates inside. */
  readonly kubeconfig: string;
  /** Path of a file with that text. */
  readonly kubeconfigPath: string;
  /** URL of the API server. */
  readonly url: string;
  /** Client of an administrator. */
  readonly api: Api;
  /** Adds a simulated node that is ready at once and runs any pod. */
  addNode(name: string): Promise<void>;
  /** Does what a load balancer controller would: gives a Service an address. Waits until the Service is there. */
  assignLoadBalancerAddress(namespace: string, service: string, ip: string): Promise<void>;
  /** Stops all its processes and keeps its data: the cluster becomes unreachable. */
  halt(): Promise<void>;
  /** Starts it again after `halt`. */
  resume(): Promise<void>;
  /** Stops it and removes all it had. Safe to call twice. */
  stop(): Promise<void>;
}

/** Runs at the end of the process for servers that a failed test left behind. */
const leftovers = new Map<string, () => void>();
process.once("exit", () => leftovers.forEach((end) => end()));

/**
 * Starts a server; takes about three seconds and 500 MiB. Any number can run side by side, from any number of processes:
 * only their start is one after another, since the tool that starts them picks its ports without reserving them.
 */
export async function startApiServer({ name = "test", nodes = 1 }: ApiServerOptions = {}): Promise<ApiServer> {
  const folder = await mkdtemp(join(tmpdir(), "usmesh-api-server-"));
  const kwokctl = (args: string[]) => execa(airgapBinary("kwokctl"), [...args, "--name", name], { env: environment(folder) });
  leftovers.set(folder, () => killAll(folder, name));
  const release = await lock(tmpdir(), { lockfilePath: join(tmpdir(), "usmesh-api-server.lock"), retries: { retries: 1200, factor: 1, minTimeout: 250 } });
  try {
    await kwokctl(["create", "cluster", "--runtime", "binary", "--wait", "60s", "--kubeconfig", join(folder, "unused"), ...binaries(), ...speed]);
  } catch (error) {
    killAll(folder, name);
    throw new Error(`no API server: ${(error as Error).message}\n${lastLines(folder, name)}`);
  } finally {
    await release();
  }
  const kubeconfig = inlined(join(folder, "clusters", name, "kubeconfig.yaml"), name);
  const kubeconfigPath = join(folder, "kubeconfig.yaml");
  await writePrivate(kubeconfigPath, kubeconfig);
  const transport = openTransport(loadKubeconfig(kubeconfig), {});
  const server = new Server(name, kubeconfig, kubeconfigPath, transport.server, openApi(transport), {
    kwokctl,
    async end() {
      transport.close();
      await kwokctl(["delete", "cluster"]).catch(() => undefined);
      killAll(folder, name);
      leftovers.delete(folder);
      await rm(folder, { recursive: true, force: true });
    },
  });
  for (let i = 0; i < nodes; i++) await server.addNode(`node-${i}`);
  return server;
}
