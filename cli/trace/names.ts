import { EXIT, MeshError } from "../../lib/errors";

/** A workload as the command line names it. */
export interface WorkloadName {
  /** Key of its cluster. */
  readonly cluster: string;
  readonly namespace: string;
  /** Name of the Deployment, StatefulSet or DaemonSet, or of one pod. */
  readonly workload: string;
}

/** A service as the command line names it. */
export interface ServiceName {
  readonly name: string;
  readonly namespace: string;
  /** Undefined: the first port of the Service. */
  readonly port?: number;
}

const NAME = "[a-z0-9]([-a-z0-9.]*[a-z0-9])?";

/** Reads `<cluster>/<namespace>/<workload>`. @throws MeshError when it is not that. */
export function parseWorkload(text: string): WorkloadName {
  const [cluster, namespace, workload, ...more] = text.split("/");
  if (more.length > 0 || !cluster || !isName(namespace) || !isName(workload)) {
    throw new MeshError("trace-names", `"${text}" is not the name of a workload`, "Write <cluster>/<namespace>/<workload>, such as west/istioinaction/webapp.", EXIT.unusable);
  }
  return { cluster, namespace, workload };
}

/** Reads `<service>[.<namespace>[.svc…]][:<port>]`. @param namespace the namespace unless one is given. @throws MeshError when it is not that. */
export function parseService(text: string, namespace: string): ServiceName {
  const [, host = "", port] = /^([^:/]+)(?::(\d{1,5}))?$/.exec(text) ?? [];
  const [name, own = namespace, svc] = host.split(".");
  if (!isName(name) || !isName(own) || (svc !== undefined && svc !== "svc") || Number(port ?? 1) < 1 || Number(port ?? 1) > 65_535) {
    throw new MeshError("trace-names", `"${text}" is not the name of a service`, "Write <service>[.<namespace>][:<port>], such as catalog or catalog.istioinaction:80.", EXIT.unusable);
  }
  return { name, namespace: own, ...(port !== undefined && { port: Number(port) }) };
}

function isName(text: string | undefined): text is string {
  return text !== undefined && text.length <= 253 && new RegExp(`^${NAME}$`).test(text);
}
