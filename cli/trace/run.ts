import { EXIT } from "../../lib/errors";
import { readPlace } from "../live/places";
import { attempt } from "../verify/gather/resources";
import type { Target } from "../verify/targets";
import { placeOf, podOf, serviceIn } from "./find";
import { follow } from "./follow";
import { parseService, parseWorkload } from "./names";
import { observe } from "./observe";
import type { Trace } from "./schema";
import { sendFrom, sendThrough } from "./send";
import type { Through } from "./through";

export interface TraceOptions {
  readonly path: string;
  /** How the workload is asked to send the request by itself; a container of its pod sends it unless given. */
  readonly through?: Through;
  /** Seconds that the request may take. */
  readonly timeoutSeconds: number;
  /** Told what is being done. */
  readonly progress: (line: string) => void;
}

/** Follows one request. @throws MeshError when the names are wrong, or when nothing can be sent. */
export async function trace(targets: readonly Target[], from: string, to: string, options: TraceOptions): Promise<Trace> {
  const { path, through, timeoutSeconds, progress } = options;
  const name = parseWorkload(from);
  const wanted = parseService(to, name.namespace);
  progress(`reading ${targets.length} clusters`);
  const read = await Promise.all(targets.map(async (target) => ({ target, place: await attempt(() => readPlace(target)) })));
  const places = read.flatMap(({ place }) => (place.ok ? [place.value] : []));
  const unread = new Map(read.flatMap(({ target, place }) => (place.ok ? [] : [[target.key, place.error] as const])));
  const place = placeOf(name, places, unread);
  const pod = podOf(name, place);
  const service = serviceIn(places, wanted);
  const url = `http://${service.name}:${service.port}${path}`;
  const { kube } = place.target;
  const send = async (id: string): ReturnType<typeof sendFrom> => {
    const request = { id, url, timeoutSeconds };
    return through === undefined ? sendFrom(kube, pod, request) : sendThrough(kube, pod, through, request);
  };
  return follow(await observe({ name, place, pod, service, places, unread, url, send, progress }));
}

/** The exit code: 0 when the workload behind the service was seen to answer, else 1. */
export function exitCodeOf({ end }: Trace): number {
  return end.outcome === "answered" && end.at === "workload" ? EXIT.ok : EXIT.failed;
}
