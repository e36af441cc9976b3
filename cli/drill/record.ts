import * as fs from "node:fs";
import * as path from "node:path";
import { z } from "zod";
import { MeshError } from "../../lib/errors";
import { isRunning } from "../../lib/pid-files";
import { makeFolder, replaceFile } from "../../lib/writable";

/** Something that was done to nodes, and has to be undone. */
const repair = z.strictObject({
  /** `unpause` the containers, or let the API server in them `continue`. */
  what: z.enum(["unpause", "continue"]),
  /** Names of the nodes' containers. */
  containers: z.array(z.string()),
});
export type Repair = z.infer<typeof repair>;

const record = z.strictObject({
  version: z.literal(1),
  /** Id of the run. */
  run: z.string(),
  /** Its process on this machine. */
  pid: z.int(),
  repairs: z.array(repair),
});

/** What a killed run left. */
export interface Leftovers {
  readonly run: string;
  readonly repairs: readonly Repair[];
}

/**
 * What a run has to undo, on disk: so the next run knows it when this one is killed. It also keeps two runs of one user apart.
 */
export class RunRecord {
  private repairs: Repair[] = [];

  private constructor(
    private readonly file: string,
    readonly run: string,
    /** What an earlier run left, if it was killed. */
    readonly leftovers: Leftovers | undefined,
  ) {}

  /**
   * Begins the record of a run, once no other runs. Repairs that an earlier run owes are kept in it until they are done.
   *
   * @param file its path.
   * @param isAlive whether a process with that id runs.
   * @throws MeshError when another run is still alive.
   */
  static open(file: string, run: string, isAlive: (pid: number) => boolean = isRunning): RunRecord {
    const before = readRecord(file);
    if (before !== undefined && before.pid !== process.pid && isAlive(before.pid)) {
      throw new MeshError("drill-running", `another drill is running (process ${before.pid})`, `Wait until it ends. If that process is something else, remove ${file}.`);
    }
    const opened = new RunRecord(file, run, before && { run: before.run, repairs: before.repairs });
    opened.repairs = [...(before?.repairs ?? [])];
    makeFolder(path.dirname(file), 0o700);
    opened.write(before?.run ?? run);
    return opened;
  }

  /** Call it when everything that an earlier run left is gone. */
  begin(): void {
    this.write(this.run);
  }

  /** Call it before something is done. */
  owe(owed: Repair): void {
    this.repairs.push(owed);
    this.begin();
  }

  /** Call it once it is undone. */
  paid(owed: Repair): void {
    this.repairs = this.repairs.filter((other) => JSON.stringify(other) !== JSON.stringify(owed));
    this.begin();
  }

  /** Ends the record; it is kept when something has not been undone. @param left whether something could not be removed, either. */
  close(left = false): void {
    if (this.repairs.length === 0 && !left) fs.rmSync(this.file, { force: true });
  }

  private write(run: string): void {
    replaceFile(this.file, JSON.stringify({ version: 1, run, pid: process.pid, repairs: this.repairs } satisfies z.infer<typeof record>));
  }
}

/** The record in a file; undefined where there is none, or none that can be read. */
function readRecord(file: string): z.infer<typeof record> | undefined {
  try {
    return record.parse(JSON.parse(fs.readFileSync(file, "utf8")));
  } catch {
    return undefined;
  }
}
