import * as fs from "node:fs";

/** What is known of a process. */
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
 * The language hosts, and the programs that they run, that a killed engine left behind: they notice within minutes that it is gone,
 * and until then hold memory. Plugins notice at once.
 *
 * @param backendUrl only those that worked for this backend.
 */
export function orphans(all: readonly ProcessFacts[], backendUrl: string): number[] {
  const ours = all.filter(({ env }) => env.includes(`PULUMI_BACKEND_URL=${backendUrl}`));
  const lost = ours.filter(({ parentName }) => !parentName.startsWith("pulumi"));
  const hosts = lost.filter(({ name }) => name.startsWith("pulumi-language")).map(({ pid }) => pid);
  const isProgram = ({ args }: ProcessFacts): boolean => args.some((arg) => arg.includes("@pulumi/pulumi/cmd/run"));
  const programs = ours.filter((one) => isProgram(one) && (lost.includes(one) || hosts.includes(one.parent))).map(({ pid }) => pid);
  return [...hosts, ...programs];
}

/** Ends what {@link orphans} finds on this machine; where there is no /proc to look at, nothing. */
export function endOrphans(backendUrl: string): void {
  for (const pid of orphans(processes(), backendUrl)) {
    try {
      process.kill(pid);
    } catch {
      // It has just ended by itself.
    }
  }
}

function processes(): ProcessFacts[] {
  if (!fs.existsSync("/proc/self/stat")) return [];
  const pids = fs.readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.map((pid) => {
    // After the name, which may hold anything in its brackets: the state and the parent.
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
