import { expect } from "chai";
import * as os from "node:os";
import { Machine, type Ended } from "./machine";

/** A row of a table: a command on a machine in some state, and how it has to end. */
export interface Row {
  /** What the test shows, to be read after the suite's own title. */
  readonly title: string;
  /** Arguments of `./mesh`. */
  readonly mesh: readonly string[];
  /** Brings the machine, on which nothing was built, into another state. */
  readonly state?: (machine: Machine) => void;
  readonly exitCode: number;
  /** What has to be said on standard error. */
  readonly says?: readonly RegExp[];
  /** What must not be said on standard error. */
  readonly neverSays?: readonly RegExp[];
  /** What standard output is; nothing unless given. */
  readonly prints?: RegExp;
  /** What else has to hold. */
  readonly then?: (machine: Machine, ended: Ended) => void;
}

/** What no command may say in any state. */
const NEVER = [/This is not expected/, /^\s+at \S+ \(/m];

/** Makes each row a test. The commands run before the first test, as many at a time as there are cores, each on a machine of its own. */
export function testRows(rows: readonly Row[]): void {
  const outcomes = new Map<Row, { readonly machine: Machine; readonly ended: Promise<Ended> }>();

  before(async () => {
    const waiting = [...rows];
    const work = async (): Promise<void> => {
      for (let row = waiting.shift(); row; row = waiting.shift()) {
        const machine = new Machine();
        const ended = start(row, machine);
        outcomes.set(row, { machine, ended });
        // A failure is that of the row's own test.
        await ended.catch(() => undefined);
      }
    };
    await Promise.all(os.cpus().map(work));
  });

  after(() => {
    for (const { machine } of outcomes.values()) machine.remove();
  });

  for (const row of rows) {
    it(row.title, async () => {
      const outcome = outcomes.get(row);
      if (!outcome) throw new Error("it was not run");
      const ended = await outcome.ended;
      check(row, ended);
      row.then?.(outcome.machine, ended);
    });
  }
}

async function start(row: Row, machine: Machine): Promise<Ended> {
  row.state?.(machine);
  return machine.does(...row.mesh);
}

function check({ exitCode, says = [], neverSays = [], prints }: Row, { code, stdout, stderr }: Ended): void {
  const all = `exit code ${code}\n${stdout}\n${stderr}`;
  expect(code, all).to.equal(exitCode);
  for (const pattern of says) expect(stderr).to.match(pattern);
  for (const pattern of [...NEVER, ...neverSays]) expect(stderr).not.to.match(pattern);
  if (prints === undefined) expect(stdout, "standard output").to.equal("");
  else expect(stdout).to.match(prints);
}
