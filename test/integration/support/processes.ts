/** What runs on this machine. */
import { readFile, readdir, readlink } from "node:fs/promises";

export interface RunningProcess {
  pid: number;
  /** Arguments, each ended by a null character. */
  command: string;
  /** Its working folder. */
  folder: string;
}

/** The processes whose working folder is the given one: engine, program, plugins and their children. */
export async function processesIn(folder: string): Promise<RunningProcess[]> {
  return (await processes()).filter(({ folder: own }) => own === folder);
}

/** All processes that can be looked at. */
export async function processes(): Promise<RunningProcess[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const found = pids.map(async (pid) => {
    const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
    return { pid: Number(pid), command, folder: await readlink(`/proc/${pid}/cwd`).catch(() => "") };
  });
  return Promise.all(found);
}

/** Collects every command line that is seen until it is stopped. */
export function watchCommandLines(): { stop(): Promise<string[]> } {
  const seen = new Set<string>();
  let stopped = false;
  const watching = (async () => {
    while (!stopped) {
      for (const { command } of await processes()) seen.add(command);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  })();
  return {
    async stop() {
      stopped = true;
      await watching;
      return [...seen];
    },
  };
}
