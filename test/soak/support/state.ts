/** What the engine has recorded of a stack. */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Site } from "../../integration/program/support/site";

/** One resource of a state. */
export interface Recorded {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  /** The reference of its provider: URN and id. */
  readonly provider?: string;
  /** Whether it is one that still has to be deleted. */
  readonly delete?: boolean;
  readonly inputs?: Readonly<Record<string, unknown>>;
}

/** A state as `pulumi stack export` gives it. */
export interface State {
  readonly resources: readonly Recorded[];
  /** Operations that were cut off. */
  readonly pending: readonly unknown[];
}

/** Reads a stack's state through the engine, so that it has to be readable. */
export async function readState(site: Site, stack: string): Promise<State> {
  const { deployment } = JSON.parse(await site.state(stack)) as { deployment: { resources?: Recorded[]; pending_operations?: unknown[] } | null };
  return { resources: deployment?.resources ?? [], pending: deployment?.pending_operations ?? [] };
}

/** How many resources the file of a stack's state holds right now; 0 while there is none that can be read. */
export function recorded(site: Site, stack: string): number {
  try {
    const text = readFileSync(join(site.home, "state", ".pulumi", "stacks", "usmesh", `${stack}.json`), "utf8");
    return (JSON.parse(text) as { checkpoint: { latest?: { resources?: unknown[] } } }).checkpoint.latest?.resources?.length ?? 0;
  } catch {
    return 0;
  }
}

/** The process that holds a stack's lock: the engine. Undefined while there is none. */
export function engineOf(site: Site, stack: string): number | undefined {
  const folder = join(site.home, "state", ".pulumi", "locks", "organization", "usmesh", stack);
  try {
    const file = readdirSync(folder).find((name) => name.endsWith(".json"));
    return file === undefined ? undefined : (JSON.parse(readFileSync(join(folder, file), "utf8")) as { pid: number }).pid;
  } catch {
    return undefined;
  }
}
