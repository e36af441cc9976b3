import type { StepFailed } from "./errors";
import type { Step } from "./step";

/** Shows how a build goes. */
export interface Reporter {
  /** Says something that concerns no single step. */
  say(line: string): void;
  /**
   * The build begins.
   *
   * @param steps those that will be built.
   * @param total number of all pieces, ready ones included.
   */
  begin(steps: readonly Step[], total: number): void;
  /** A step begins; `number` is its place among all pieces. `why` it is built. */
  started(step: Step, number: number, why: string): void;
  /** A running step printed a line. */
  line(step: Step, line: string): void;
  /**
   * A step ended well.
   *
   * @param seconds how long it took; `undefined` when it proved to be ready.
   * @param left seconds until the whole build ends, as far as can be said.
   */
  finished(step: Step, seconds: number | undefined, left: number): void;
  /** A step failed. The error itself is thrown by the build in the end. */
  failed(step: Step, error: StepFailed): void;
  /** How much is left, about every second. */
  tick(done: number, left: number): void;
  /** The build ended, well or not; a step that has neither finished nor failed was stopped. */
  end(): Promise<void>;
}
