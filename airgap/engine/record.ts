import * as fs from "node:fs";
import * as path from "node:path";
import { z } from "zod";
import { writeAtomically } from "../builder/files";
import { startOf } from "../builder/leftovers";

/** A dockerd that was started by us: what tells it from any other process, on any later day. */
const recordSchema = z.object({
  /** Process id. */
  pid: z.number().int().positive(),
  /** When the process began, in clock ticks since the machine's start. */
  start: z.string(),
  /** The machine's start. */
  boot: z.string(),
});

/** See {@link recordSchema}. */
export type EngineRecord = z.infer<typeof recordSchema>;

/** What tells this start of the machine from others. */
function bootId(): string {
  return fs.readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
}

/** The record's file in an engine folder. */
function file(folder: string): string {
  return path.join(folder, "engine.json");
}

/**
 * Writes down that a dockerd was started.
 *
 * @param folder the engine's folder.
 * @param pid the process, which must be running.
 */
export function writeRecord(folder: string, pid: number): void {
  const record: EngineRecord = { pid, start: startOf(pid) ?? "", boot: bootId() };
  writeAtomically(file(folder), `${JSON.stringify(record)}\n`);
}

/** Forgets the dockerd that was written down. */
export function removeRecord(folder: string): void {
  fs.rmSync(file(folder), { force: true });
}

/**
 * The dockerd that we started, if it still runs.
 *
 * @param folder the engine's folder.
 * @returns its process id; undefined when none was started, it has ended, or another process has its number now.
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
