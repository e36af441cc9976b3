/** A third cluster that joins the standing mesh, and the client that waits for its first answer. */
import type { Tree } from "../../lib/merge";
import { BACKEND_HOST } from "../../topology/names";
import type { Series } from "../case";
import { CLUSTERS, PREFIX, type Cluster } from "../lib/names";

/** The third cluster's key, and its name for kind. */
export const NORTH = { key: "north", kind: `${PREFIX}-north` } as const;

/** The settings with which the stack has it, beside its own. */
export const NORTH_SETTINGS: Tree = { clusters: { [NORTH.key]: { region: "northus", addressIndex: 3, kindName: NORTH.kind } } };

/** What one joining took, in seconds from the start of `./mesh up`: to the first answer that each of the others got, and to its own end. */
export type Joined = Readonly<Record<Cluster | "up", number>>;

/** The series of a run. */
export function joinSeries(joined: readonly Joined[]): Series[] {
  const series = (name: string, key: keyof Joined): Series => ({ name, side: "usmesh", unit: "s", values: joined.map((one) => one[key]) });
  return [...CLUSTERS.map((cluster) => series(`up of a third cluster, its first answer to ${cluster}`, cluster)), series("up of a third cluster, to its end", "up")];
}

/** Seconds after which the client gives up: the `up` itself may take minutes; and after which requests should have stopped. */
const [ANSWER_SECONDS, SILENCE_SECONDS] = [900, 120];

/** Exit code of the client when it has given up. */
export const GAVE_UP = 3;

/** A file in the client container that lets clients give up at once: what runs in a container outlives the command that started it. */
export const STOP_FILE = "/tmp/usmesh-bench-stop";

/** Seconds that one request may take, and that pass from one to the next: a client takes some of the machine that `up` runs on. */
const [TIMEOUT_SECONDS, STEP_SECONDS] = [2, 0.25];

/** The answer of the demo's simple-backend in a cluster, as it is in the body. */
export function answerOf(key: string): string {
  return `"Hello from ${key.toUpperCase()}"`;
}

/** A shell's program that asks simple-backend at a cluster's ingress gateway until a cluster has answered. @param address the gateway's IP. */
export function untilAnswered(address: string, key: string): string {
  return untilLoop(ANSWER_SECONDS, `${curl(address)} | grep -qF '${answerOf(key)}'`, `[ ! -e ${STOP_FILE} ]`);
}

/** The same until no cluster answers any more. */
export function untilSilent(address: string): string {
  return untilLoop(SILENCE_SECONDS, `! ${curl(address)} -o /dev/null`, "true");
}

/** `-f`: the body of an unsuccessful answer is not printed. */
function curl(address: string): string {
  return `curl -sf -m ${TIMEOUT_SECONDS} -H 'Host: ${BACKEND_HOST}' http://${address}/`;
}

function untilLoop(seconds: number, condition: string, goOn: string): string {
  return `end=$(($(date +%s) + ${seconds})); until ${condition}; do [ "$(date +%s)" -lt "$end" ] && ${goOn} || exit ${GAVE_UP}; sleep ${STEP_SECONDS}; done`;
}
