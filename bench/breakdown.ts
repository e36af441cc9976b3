/** Where the time of an operation goes that changes nothing. */
import { z } from "zod";
import type { StampedEvent } from "./lib/event-log";

/** Seconds of the parts of an operation, one after another. */
export interface Phases {
  /** From the start of the process to the engine's first event. */
  readonly engine: number;
  /** From there to the program's first resource: the language host, Node.js, the SDKs, the program's checks before its first resource. */
  readonly program: number;
  /** From there to the end of the last resource: registrations, reads, the plugins' start. */
  readonly resources: number;
  /** From there to the end of the process. */
  readonly end: number;
}

/** The root of a state, which the language host registers before the program is loaded. */
const ROOT = "pulumi:pulumi:Stack";

/**
 * The parts of an operation.
 *
 * @param seconds of the whole process
 * @throws Error when the log has no event, or no resource of the program
 */
export function phases(events: readonly StampedEvent[], seconds: number): Phases {
  const first = events[0];
  const begun = events.find(({ event }) => event.resourcePreEvent !== undefined && event.resourcePreEvent.metadata.type !== ROOT);
  const last = events.findLast(({ event }) => event.resOutputsEvent !== undefined || event.resourcePreEvent !== undefined);
  if (first === undefined || begun === undefined || last === undefined) throw new Error("the engine's event log has no resource of the program");
  return { engine: first.at, program: begun.at - first.at, resources: last.at - begun.at, end: seconds - last.at };
}

/** What bench/lib/loading.cjs prints: milliseconds. */
export const loading = z.object({
  /** Node.js itself. */
  node: z.number(),
  /** `@pulumi/pulumi`. */
  sdk: z.number(),
  /** What compiles TypeScript, types unchecked. */
  loader: z.number(),
  /** What the program uses of `@pulumi/kubernetes`. */
  kubernetes: z.number(),
  /** The same of the SDKs of the other providers. */
  others: z.number(),
  /** The program's own files, and all other packages. */
  program: z.number(),
});
export type Loading = z.infer<typeof loading>;
