/** What the engine did, from its event log. */
import { readFile } from "node:fs/promises";

/** One thing done (or planned) to one resource. */
export interface Step {
  /** `create`, `update`, `replace`, `delete`, `same`, `create-replacement`, `delete-replaced`, ... */
  op: string;
  name: string;
  type: string;
  /** The properties that changed, by path; sorted. */
  changed: string[];
  /** What the resource's outputs are after the step; secrets show as `[secret]`, unknowns are absent. */
  outputs: Record<string, unknown>;
}

/** How a command ended. */
export interface Outcome {
  exitCode: number;
  /** All that the command printed. */
  output: string;
  /** Every step, in order, `same` included. */
  steps: Step[];
  /** Messages of severity info and above, in order. */
  diagnostics: string[];
}

interface Metadata {
  op: string;
  urn: string;
  type: string;
  detailedDiff?: Record<string, unknown> | null;
  new?: { outputs?: Record<string, unknown> } | null;
}

interface Event {
  resOutputsEvent?: { metadata: Metadata };
  diagnosticEvent?: { severity: string; message: string; ephemeral?: boolean };
}

/** Reads an event log; an engine that ended before its first event leaves none. */
export async function readEvents(file: string): Promise<Pick<Outcome, "steps" | "diagnostics">> {
  const lines = (await readFile(file, "utf8").catch(() => "")).split("\n").filter(Boolean);
  const events = lines.map((line) => JSON.parse(line) as Event);
  return {
    steps: events.flatMap(({ resOutputsEvent }) => (resOutputsEvent ? [step(resOutputsEvent.metadata)] : [])),
    diagnostics: events.flatMap(({ diagnosticEvent: d }) => (d && d.severity !== "debug" ? [d.message] : [])),
  };
}

function step({ op, urn, type, detailedDiff, new: after }: Metadata): Step {
  return {
    op,
    name: urn.slice(urn.lastIndexOf("::") + 2),
    type,
    changed: Object.keys(detailedDiff ?? {}).sort(),
    outputs: after?.outputs ?? {},
  };
}

/**
 * What was changed, as `op name` lines: without what stayed the same or was only read, and without stack, components and providers.
 *
 * @throws Error when the engine ended well, changed nothing and did not compare any resource either: then its log does not show that
 *   nothing had to be changed.
 */
export function done({ exitCode, steps }: Outcome): string[] {
  const own = steps.filter(({ type }) => !/^(pulumi|usmesh):/.test(type));
  const changes = own.filter(({ op }) => op !== "same" && op !== "read");
  if (exitCode === 0 && changes.length === 0 && !own.some(({ op }) => op === "same")) {
    throw new Error(`the engine's event log has no change and no resource that stayed the same: ${JSON.stringify(steps.map(({ op, name }) => `${op} ${name}`))}`);
  }
  return changes.map(({ op, name }) => `${op} ${name}`);
}
