import type { LogGroup, Result } from "../facts";
import type { Kube } from "../kube";
import { attempt, dotted, type Pod } from "./resources";

/** Lines that say nothing about the mesh: probes during a start, closed streams at a reload, and the like. */
const HARMLESS = [
  /context canceled/i,
  /transport is closing/i,
  /the object has been modified/i,
  /leader election|leaderelection|lost lease|became leader/i,
  /grpc config stream (to .* )?closed: (0|13|14)\b/i,
  /Envoy proxy is NOT ready/i,
  /readiness probe failed/i,
  // istiod's own, while it starts.
  /webhook is not ready, retry/i,
];

/** The errors of the last `minutes` in the logs of these pods, grouped; undefined without a pod. */
export async function gatherLogs(kube: Kube, pods: readonly Pod[], minutes: number): Promise<Result<LogGroup[] | undefined>> {
  return attempt(async () => {
    if (pods.length === 0) return undefined;
    const pages = await Promise.all(
      pods.flatMap((pod) =>
        pod.spec.containers
          .filter((c) => c.name === "discovery" || c.name === "istio-proxy")
          .map(async (container) => {
            const path = `/api/v1/namespaces/${pod.metadata.namespace}/pods/${pod.metadata.name}/log`;
            const text = await kube.text("GET", `${path}?container=${container.name}&sinceSeconds=${minutes * 60}&tailLines=2000`);
            return groupLog(dotted(pod.metadata), text.body);
          }),
      ),
    );
    return pages.flat();
  });
}

/** Groups the error lines of one log by message without its variable parts, most frequent first. */
export function groupLog(source: string, text: string): LogGroup[] {
  const groups = new Map<string, LogGroup>();
  for (const line of text.split("\n")) {
    const message = errorOf(line);
    if (message === undefined || HARMLESS.some((pattern) => pattern.test(message))) continue;
    const key = normalize(message);
    const before = groups.get(key);
    groups.set(key, { source, message: key, count: (before?.count ?? 0) + 1, example: before?.example ?? redact(message) });
  }
  return [...groups.values()].sort((a, b) => b.count - a.count);
}

/** The message of a line of level error or fatal as Istio's components and Envoy write it, or of klog's level E. */
function errorOf(line: string): string | undefined {
  const tabbed = /^\S+\t(error|fatal)\t(?:(?:envoy )?[\w ./-]+\t)?(.*)$/.exec(line);
  if (tabbed) return tabbed[2];
  return /^E\d{4} [\d:.]+\s+\d+ \S+\] (.*)$/.exec(line)?.[1];
}

function normalize(message: string): string {
  return redact(message)
    .replace(/\b[0-9a-f]{8}-[0-9a-f-]{27}\b/gi, "<id>")
    .replace(/\b\d{1,3}(\.\d{1,3}){3}(:\d+)?\b/g, "<address>")
    .replace(/\d+(\.\d+)?(ms|µs|s|m)\b/g, "<time>")
    .replace(/\b\d+\b/g, "<n>");
}

function redact(message: string): string {
  return message.replace(/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, "<token>").slice(0, 300);
}
