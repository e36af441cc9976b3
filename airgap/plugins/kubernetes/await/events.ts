/** What the cluster's own events say about an object. */
import type { Api } from "../cluster/api";
import { type KubeObject, numberAt, stringAt } from "../objects";

/** How many warnings are worth repeating. */
const MOST = 3;

/** The latest warnings about an object, one sentence each; none if they cannot be read. */
export async function warningsAbout(api: Api, object: KubeObject): Promise<string[]> {
  const uid = stringAt(object, "metadata", "uid") ?? "";
  const namespace = stringAt(object, "metadata", "namespace") ?? "default";
  try {
    const fields = `involvedObject.uid=${uid},type=Warning`;
    const events = await api.list({ group: "", version: "v1", kind: "Event" }, namespace, { fields });
    return sentences(events);
  } catch {
    return [];
  }
}

/** Events as sentences, the latest last, each once. */
export function sentences(events: readonly KubeObject[]): string[] {
  const sorted = [...events].sort((a, b) => timeOf(a).localeCompare(timeOf(b)));
  const texts = sorted.map((event) => {
    const count = numberAt(event, "count") ?? 1;
    const times = count > 1 ? ` (${count} times)` : "";
    return `event: [${stringAt(event, "reason") ?? "?"}] ${stringAt(event, "message") ?? ""}${times}`;
  });
  return [...new Set(texts)].slice(-MOST);
}

function timeOf(event: KubeObject): string {
  return stringAt(event, "lastTimestamp") ?? stringAt(event, "eventTime") ?? "";
}
