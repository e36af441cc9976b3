import * as fs from "node:fs";
import * as path from "node:path";
import { z } from "zod";
import { writeAtomically } from "../builder/files";
import { bootId, startOf } from "../builder/leftovers";

/** A dockerd that this project started, with what tells it from any other process, also after a reboot. */
const recordSchema = z.object({
  /** Process id. */
  pid: z.number().int().positive(),
  /** When the process was started, in clock ticks since boot. */
  start: z.string(),
  /** The kernel's id of that boot. */
  boot: z.string(),
});

/** See {@link recordSchema}. */
export type EngineRecord = z.infer<typeof recordSchema>;

/** The file of the record in an engine's folder. */
function file(folder: string): string {
  return path.join(folder, "engine.json");
}

/**
 * Records that a dockerd was started.
 *
 * @param folder the engine's folder.
 * @param pid its process id; it must be running.
 */
export function writeRecord(folder: string, pid: number): void {
  const record: EngineRecord = { pid, start: startOf(pid) ?? "", boot: bootId() };
  writeAtomically(file(folder), `${JSON.stringify(record)}\n`);
}

/** Removes the record. */
export function removeRecord(folder: string): void {
  fs.rmSync(file(folder), { force: true });
}

/**
 * The dockerd that this project started, if it still runs.
 *
 * @param folder the engine's folder.
 * @returns its process id; undefined when none was started, it has ended, or its process id belongs to another process now.
 */
export function ownEngine(folder: string): number | undefined {
  let text: string;
  try {
    text = fs.readFileSync(file(folder), "utf8");
  } catch {
    return undefined;
  }
  const parsed = recordSchema.safeParse(parseJson(text));
  if (!parsed.success || parsed.data.boot !== bootId() || startOf(parsed.data.pid) !== parsed.data.start) return undefined;
  return parsed.data.pid;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
