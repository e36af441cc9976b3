import { type ConfigDump, readConfigDump } from "../verify/gather/proxy-pages";
import type { Pod } from "../verify/gather/resources";
import type { Kube } from "../verify/kube";

/** What a proxy is configured to do for one service and port. */
export interface ServiceConfig {
  /** The name for which it asks by TLS; undefined where it has none. */
  readonly sni?: string;
  /** The identities that it accepts behind that. */
  readonly identities: readonly string[];
}

type Dump = ConfigDump<{ readonly cluster?: unknown; readonly name?: string; readonly active_state?: unknown }>;

/** Reads it from the proxy of a pod, for the cluster of exactly this name. Undefined when the proxy has no such cluster. */
export async function readServiceConfig(kube: Kube, pod: Pod, cluster: string): Promise<ServiceConfig | undefined> {
  return serviceConfigOf(await readConfigDump(kube, pod, "dynamic_active_clusters", cluster.replace(/[.|]/g, "\\$&")));
}

/** Whether the proxy of a pod writes an access log; undefined when it does not tell. */
export async function readsLogs(kube: Kube, pod: Pod): Promise<boolean | undefined> {
  return hasAccessLog(await readConfigDump(kube, pod, "dynamic_listeners"));
}

/** What a dump of one cluster says of TLS. */
export function serviceConfigOf({ configs = [] }: Dump): ServiceConfig | undefined {
  if (configs.length === 0) return undefined;
  const [sni] = valuesOf(configs, "sni").filter((value) => typeof value === "string");
  const matches = ["match_subject_alt_names", "match_typed_subject_alt_names"].flatMap((key) => valuesOf(configs, key));
  const identities = valuesOf(matches, "exact").filter((value) => typeof value === "string");
  return { ...(sni !== undefined && { sni }), identities: [...new Set(identities)] };
}

/** Whether a dump of listeners has a logger of requests that writes to a file, as standard output is. */
export function hasAccessLog({ configs = [] }: Dump): boolean | undefined {
  if (configs.length === 0) return undefined;
  return valuesOf(configs, "access_log").some((log) => JSON.stringify(log).includes("envoy.access_loggers.file"));
}

/** Every value that a key has, at any depth. */
function valuesOf(tree: unknown, key: string): unknown[] {
  if (typeof tree !== "object" || tree === null) return [];
  return Object.entries(tree).flatMap(([name, value]) => [...(name === key ? [value as unknown] : []), ...valuesOf(value, key)]);
}
