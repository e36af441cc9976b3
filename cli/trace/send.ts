import { EXIT, MeshError } from "../../lib/errors";
import type { Kube } from "../verify/kube";
import { attempt, type Pod, slashed } from "../verify/gather/resources";
import { curlCommand, readCurl, readWget, REQUEST_ID, type Sent, wgetCommand } from "./sent";
import type { Through } from "./through";

/** The request that is followed. */
export interface Request {
  /** Unique, and not of the form in which a proxy would change a part of it. */
  readonly id: string;
  readonly url: string;
  readonly timeoutSeconds: number;
}

/** Exit codes of a container without the command, or with one that may not run. */
const NO_COMMAND = new Set([-1, 126, 127]);

const TOOLS = [
  { command: curlCommand, read: readCurl },
  { command: wgetCommand, read: readWget },
] as const;

/**
 * Sends the request from a container of the pod, so that it takes the same path as the workload's own requests.
 *
 * @throws MeshError when no container has a program for it.
 */
export async function sendFrom(kube: Kube, pod: Pod, request: Request): Promise<Sent> {
  const { name, namespace = "default" } = pod.metadata;
  const containers = pod.spec.containers.filter((container) => container.name !== "istio-proxy");
  const refusals: string[] = [];
  for (const container of containers) {
    for (const { command, read } of TOOLS) {
      const ended = await attempt(() => kube.exec(namespace, name, container.name, command(request.url, request.id, request.timeoutSeconds)));
      if (ended.ok && !NO_COMMAND.has(ended.value.code)) return read(ended.value);
      if (!ended.ok && !isMissing(ended.error)) refusals.push(ended.error);
    }
  }
  const [refusal] = refusals;
  if (refusal !== undefined) throw new MeshError("trace-cannot-send", `no command can be run in ${slashed(pod.metadata)}: ${refusal}`, "It takes the permission to create pods/exec.", EXIT.failed);
  throw new MeshError(
    "trace-cannot-send",
    `no container of ${slashed(pod.metadata)} has curl or wget, so that nothing can be sent from it`,
    `If the workload itself sends requests to the service and passes ${REQUEST_ID} on, let it: --through ${portOf(pod) ?? "<port>"}/<path>.`,
    EXIT.unusable,
  );
}

/** Whether a command could not be run because the container does not have it. */
function isMissing(error: string): boolean {
  return /not found|no such file|executable file/i.test(error);
}

function portOf(pod: Pod): number | undefined {
  return pod.spec.containers.filter(({ name }) => name !== "istio-proxy").flatMap(({ ports = [] }) => ports)[0]?.containerPort;
}

/** Asks the workload at a port of its own, behind its proxy, so that it sends the request by itself. What it answers is not looked at. */
export async function sendThrough(kube: Kube, pod: Pod, { port, path }: Through, { id, timeoutSeconds }: Request): Promise<Sent> {
  const { name, namespace = "default" } = pod.metadata;
  const asked = await attempt(() =>
    kube.forward(namespace, name, port, async (local) => {
      const response = await fetch(`http://127.0.0.1:${local}${path}`, { headers: { [REQUEST_ID]: id }, signal: AbortSignal.timeout(timeoutSeconds * 1000) });
      await response.text();
    }),
  );
  return asked.ok ? { by: "workload" } : { by: "workload", error: `the workload did not answer at port ${port}: ${asked.error}` };
}
