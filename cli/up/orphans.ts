import * as fs from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** What is known about a process. */
export interface ProcessFacts {
  readonly pid: number;
  readonly parent: number;
  /** Name of its program, at most 15 characters long. */
  readonly name: string;
  readonly parentName: string;
  readonly args: readonly string[];
  readonly env: readonly string[];
}

/**
 * The language hosts with the programs that they run, and the plugins, that a killed engine left. They take minutes to notice that it is
 * gone, and until then a plugin continues its work, such as an installation by Helm.
 *
 * @param backendUrl only those that were working with this backend.
 */
export function orphans(all: readonly ProcessFacts[], backendUrl: string): number[] {
  const ours = all.filter(({ env }) => env.includes(`PULUMI_BACKEND_URL=${backendUrl}`));
  const lost = ours.filter(({ parentName }) => !parentName.startsWith("pulumi"));
  const hosts = lost.filter(({ name }) => name.startsWith("pulumi-language") || name.startsWith("pulumi-resource")).map(({ pid }) => pid);
  const isProgram = ({ args }: ProcessFacts): boolean => args.some((arg) => arg.includes("@pulumi/pulumi/cmd/run"));
  const programs = ours.filter((one) => isProgram(one) && (lost.includes(one) || hosts.includes(one.parent))).map(({ pid }) => pid);
  return [...hosts, ...programs];
}

/** How long a process may take to end before it is killed. */
const END_TIMEOUT_MS = 5_000;

/** Ends what {@link orphans} finds on this machine, and waits until it has ended. Without /proc it finds nothing. */
export async function endOrphans(backendUrl: string): Promise<void> {
  const lost = orphans(processes(), backendUrl);
  for (const pid of lost) signal(pid, "SIGTERM");
  const deadline = Date.now() + END_TIMEOUT_MS;
  while (lost.some(isRunning) && Date.now() < deadline) await sleep(50);
  for (const pid of lost.filter(isRunning)) signal(pid, "SIGKILL");
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended by itself in the meantime.
  }
}

/** A zombie counts as ended. */
function isRunning(pid: number): boolean {
  const state = /.*\) (\S)/s.exec(read(`/proc/${pid}/stat`))?.[1];
  return state !== undefined && state !== "Z" && state !== "X";
}

function processes(): ProcessFacts[] {
  if (!fs.existsSync("/proc/self/stat")) return [];
  const pids = fs.readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.map((pid) => {
    // The state and the parent come after the name, which is in brackets and may contain anything.
    const parent = /.*\) \S (\d+) /s.exec(read(`/proc/${pid}/stat`))?.[1] ?? "0";
    const args = read(`/proc/${pid}/cmdline`).split("\0");
    return { pid: Number(pid), parent: Number(parent), args, name: read(`/proc/${pid}/comm`), parentName: read(`/proc/${parent}/comm`), env: read(`/proc/${pid}/environ`).split("\0") };
  });
}

function read(file: string): string {
  try {
    return fs.readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
