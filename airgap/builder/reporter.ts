import type { StepFailed } from "./errors";
import type { Step } from "./step";

/** Shows the progress of a build. */
export interface Reporter {
  /** Shows a line that is not about a single step. */
  say(line: string): void;
  /**
   * The build starts.
   *
   * @param steps those that will be built.
   * @param total number of all pieces, including those that are ready.
   */
  begin(steps: readonly Step[], total: number): void;
  /** A step starts. `number` is its position among all pieces, `why` the reason why it is built. */
  started(step: Step, number: number, why: string): void;
  /** A running step printed a line. */
  line(step: Step, line: string): void;
  /**
   * A step succeeded.
   *
   * @param seconds how long it took; `undefined` when it turned out to be ready.
   * @param left estimated seconds until the whole build ends.
   */
  finished(step: Step, seconds: number | undefined, left: number): void;
  /** A step failed. The build throws the error itself at its end. */
  failed(step: Step, error: StepFailed): void;
  /** Called about every second with the number of ready pieces and the estimated seconds left. */
  tick(done: number, left: number): void;
  /** The build ended, whether it succeeded or not. A step that neither finished nor failed was stopped. */
  end(): Promise<void>;
}
