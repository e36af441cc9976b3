import { readFileSync } from "node:fs";

/** Resident memory of a process in MiB; 0 when it has ended. What processes share counts for each. */
export function residentMiB(pid: number): number {
  try {
    return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

/**
 * The most memory that some processes took together while something was done.
 *
 * @param pids the processes at the moment
 * @param lookMs milliseconds between two looks
 * @returns MiB
 */
export async function peakDuring(pids: () => readonly number[], work: () => Promise<unknown>, lookMs = 500): Promise<number> {
  let peak = 0;
  const look = (): void => {
    const sum = pids().reduce((total, pid) => total + residentMiB(pid), 0);
    peak = Math.max(peak, sum);
  };
  const timer = setInterval(look, lookMs);
  try {
    await work();
    return peak;
  } finally {
    clearInterval(timer);
  }
}
