/** What the istiod of a kind cluster takes and knows, by plain docker and kubectl. */
import { setTimeout as pause } from "node:timers/promises";
import { ISTIO_NAMESPACE, kindNode, REMOTE_SECRET_LABEL, remoteSecretName } from "../../topology/names";
import { execute, succeeded } from "./execute";

/** How a cluster is reached. */
export interface KindCluster {
  readonly kindName: string;
  readonly kubeconfig: string;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}

/** Milliseconds between two attempts, and until the last one. */
const [LOOK_MS, LIMIT_MS] = [100, 120_000];

/** Prints the status of each process of that name: the kernel cuts names after 15 characters, of which this one has as many. */
const STATUS = 'for process in /proc/[0-9]*; do if [ "$(cat "$process/comm" 2>/dev/null)" = pilot-discovery ]; then cat "$process/status"; fi; done';

/** Resident memory in MiB of all processes of istiod on the node. @throws Error when there is none */
export async function istiodMiB({ kindName, env, signal }: KindCluster): Promise<number> {
  const { stdout } = succeeded("docker exec", await execute("docker", ["exec", kindNode(kindName), "sh", "-c", STATUS], { env, signal }), signal);
  const kibibytes = [...stdout.matchAll(/^VmRSS:\s+(\d+) kB$/gm)].map(([, value]) => Number(value));
  if (kibibytes.length === 0) throw new Error(`no istiod runs on ${kindNode(kindName)}`);
  return kibibytes.reduce((a, b) => a + b, 0) / 1024;
}

/** How many other clusters istiod has read, from its page `/debug/clusterz`. */
export function syncedRemotes(page: string): number {
  const clusters = JSON.parse(page) as readonly { readonly secretName?: string; readonly syncStatus?: string }[];
  // Its own cluster comes from no Secret.
  return clusters.filter(({ secretName = "", syncStatus }) => secretName !== "" && syncStatus === "synced").length;
}

/**
 * Seconds from the moment at which istiod gets to know all other clusters to the one at which it has read them: its remote Secret loses
 * the label by which istiod finds it, and gets it back.
 *
 * @param remotes how many there are
 */
export async function secondsToSync(cluster: KindCluster, mesh: string, remotes: number): Promise<number> {
  const label = (value: string): Promise<unknown> => kubectl(cluster, "label", "secret", remoteSecretName(mesh), value);
  await label(`${REMOTE_SECRET_LABEL}-`);
  try {
    await until(cluster, 0);
  } finally {
    // Without a signal: the mesh must not stay apart.
    await kubectl({ ...cluster, signal: AbortSignal.timeout(LIMIT_MS) }, "label", "secret", remoteSecretName(mesh), `${REMOTE_SECRET_LABEL}=true`, "--overwrite");
  }
  const started = performance.now();
  await until(cluster, remotes);
  return (performance.now() - started) / 1000;
}

async function until(cluster: KindCluster, remotes: number): Promise<void> {
  const deadline = Date.now() + LIMIT_MS;
  for (;;) {
    const page = await kubectl(cluster, "exec", "deployment/istiod", "--container", "discovery", "--", "/usr/local/bin/pilot-discovery", "request", "GET", "/debug/clusterz");
    const synced = syncedRemotes(page);
    if (synced === remotes) return;
    if (Date.now() > deadline) throw new Error(`istiod of ${cluster.kindName} has read ${synced} clusters, and not ${remotes}`);
    await pause(LOOK_MS, undefined, { signal: cluster.signal });
  }
}

async function kubectl({ kubeconfig, env, signal }: KindCluster, ...args: readonly string[]): Promise<string> {
  const ended = await execute("kubectl", ["--kubeconfig", kubeconfig, "--namespace", ISTIO_NAMESPACE, ...args], { env, signal });
  return succeeded(`kubectl ${args[0]}`, ended, signal).stdout;
}
