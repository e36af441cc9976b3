import * as fs from "node:fs";
import { z } from "zod";
import { EXIT, MeshError } from "../../lib/errors";
import { replaceFile } from "../../lib/writable";

/** What stacks were brought up with. */
export interface Recorded {
  /** Whether with the air gap, and not with official downloads. */
  readonly airgap: boolean;
  /** Their names. */
  readonly stacks: readonly string[];
}

/** By backend and stack: whether the stack was brought up with the air gap. */
const shape = z.record(z.string(), z.record(z.string(), z.boolean()));

/** Where it is recorded what the stacks of one backend were brought up with. */
export class ChoiceRecord {
  /**
   * @param file its path; its folder exists.
   * @param backend URL of the backend.
   */
  constructor(
    private readonly file: string,
    private readonly backend: string,
  ) {}

  /**
   * What stacks were brought up with; undefined when none of them is recorded.
   *
   * @param names Default: all that are recorded; undefined when they differ.
   * @throws MeshError when the stacks named differ.
   */
  of(names?: readonly string[]): Recorded | undefined {
    const known = Object.entries(this.read()[this.backend] ?? {}).filter(([stack]) => names === undefined || names.includes(stack));
    const [first] = known;
    if (first === undefined) return undefined;
    const others = known.filter(([, airgap]) => airgap !== first[1]).map(([stack]) => stack);
    if (others.length === 0) return { airgap: first[1], stacks: known.map(([stack]) => stack) };
    if (names === undefined) return undefined;
    const [inAirgap, official] = first[1] ? [[first[0]], others] : [others, [first[0]]];
    throw new MeshError(
      "choices-differ",
      `stack ${inAirgap.join(", ")} was brought up with the air gap, stack ${official.join(", ")} with official downloads`,
      "Work with them one after another, or decide for all of them: MESH_AIRGAP=1 or MESH_AIRGAP=0.",
      EXIT.unusable,
    );
  }

  /** Records what stacks are brought up with. */
  keep(names: readonly string[], airgap: boolean): void {
    const all = this.read();
    const stacks = { ...all[this.backend], ...Object.fromEntries(names.map((name) => [name, airgap])) };
    this.write({ ...all, [this.backend]: stacks });
  }

  /** Forgets a stack that was removed. */
  forget(stack: string): void {
    const all = this.read();
    const { [stack]: known, ...stacks } = all[this.backend] ?? {};
    if (known !== undefined) this.write({ ...all, [this.backend]: stacks });
  }

  private write(record: z.infer<typeof shape>): void {
    replaceFile(this.file, `${JSON.stringify(record, null, 2)}\n`);
  }

  /** A file that is broken says nothing: it is decided as for a new stack. */
  private read(): z.infer<typeof shape> {
    try {
      return shape.parse(JSON.parse(fs.readFileSync(this.file, "utf8")));
    } catch {
      return {};
    }
  }
}
