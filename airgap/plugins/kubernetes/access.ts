import { type Api, openApi } from "./cluster/api";
import { UnreachableError } from "./cluster/errors";
import { type Kubeconfig, activeContext, loadKubeconfig } from "./cluster/kubeconfig";
import { type Transport, openTransport } from "./cluster/transport";
import type { JsonObject } from "./objects";
import type { Flags, ProviderSettings } from "./settings";

/** The one cluster that a provider resource stands for, and how to talk to it. Made once, when the provider is configured. */
export interface ClusterAccess {
  readonly flags: Flags;
  /** `helmReleaseSettings` of the provider, as given; empty if not. */
  readonly helmSettings: JsonObject;
  /** Text of the kubeconfig; secret; undefined if the provider was given none that can be read. */
  readonly kubeconfig: string | undefined;
  /** Folder that relative file names in it are relative to; undefined if it was given as text. */
  readonly kubeconfigFolder: string | undefined;
  /** Context to use in it; undefined means its current one. */
  readonly context: string | undefined;
  /** Cluster that replaces the context's; undefined means the context's. */
  readonly cluster: string | undefined;
  /** Namespace for what names none: the provider's, else the context's, else `default`. */
  readonly namespace: string;
  /** Why the cluster cannot be reached; undefined if it can. */
  readonly unreachable: string | undefined;
  /** What the server says its version is, such as `v1.34.4`; empty if it cannot be reached. */
  readonly serverVersion: string;
  /** Dynamic client. Using it on an unreachable cluster throws `UnreachableError`. */
  readonly api: Api;
  /** Closes connections. */
  close(): void;
}

/** Seconds to wait for a cluster's first answer before it counts as unreachable. */
const probeSeconds = 30;

/**
 * Opens the access for a provider's settings. Never throws for a kubeconfig that is missing, wrong or leads nowhere:
 * previews, refresh and destroy must still run then, so the reason is kept in `unreachable`.
 */
export async function openAccess(settings: ProviderSettings): Promise<ClusterAccess> {
  const overrides = {
    ...(settings.context === undefined ? {} : { context: settings.context }),
    ...(settings.cluster === undefined ? {} : { cluster: settings.cluster }),
  };
  let config: Kubeconfig | undefined;
  let transport: Transport | undefined;
  let api: Api | undefined;
  let namespace = settings.namespace;
  let unreachable: string | undefined;
  let serverVersion = "";
  try {
    config = readKubeconfig(settings.kubeconfig);
    namespace ??= activeContext(config, overrides).namespace;
    transport = openTransport(config, overrides);
    api = openApi(transport);
    serverVersion = await probe(api, settings.clientTimeoutSeconds ?? probeSeconds);
  } catch (error) {
    unreachable = (error as Error).message;
  }
  return {
    flags: settings.flags,
    helmSettings: settings.helm,
    kubeconfig: config?.text,
    kubeconfigFolder: config?.folder,
    context: settings.context,
    cluster: settings.cluster,
    namespace: namespace ?? "default",
    unreachable,
    serverVersion,
    api: api === undefined || unreachable !== undefined ? refuse(unreachable) : api,
    close: () => transport?.close(),
  };
}

function readKubeconfig(textOrPath: string | undefined): Kubeconfig {
  if (textOrPath === undefined) {
    // The official provider would take the ambient kubeconfig here, and act on whatever cluster that is.
    throw new Error("the provider was given no kubeconfig, and the air-gap plugin never takes the ambient one");
  }
  return loadKubeconfig(textOrPath);
}

/** The server's version. Also asks what only a user may ask: a cluster that lets nobody in is as good as not there. */
async function probe(api: Api, seconds: number): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${seconds} s`)), seconds * 1000);
  });
  try {
    const asked = (async () => {
      const version = await api.version();
      await api.discovery.find({ group: "", version: "v1", kind: "Namespace" });
      return version;
    })();
    return await Promise.race([asked, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** An Api whose every use throws: nothing may be asked of a cluster that cannot be reached. */
function refuse(reason: string | undefined): Api {
  const fail = () => {
    throw new UnreachableError(`configured Kubernetes cluster is unreachable: ${reason ?? "unknown reason"}`);
  };
  return new Proxy({} as Api, { get: fail });
}
