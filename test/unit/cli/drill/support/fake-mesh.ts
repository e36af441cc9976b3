import type { Failure } from "../../../../../cli/drill/failure";
import type { FailureName } from "../../../../../cli/drill/kinds";
import type { Answer, Send } from "../../../../../cli/drill/load";
import type { FakeClock } from "./fake-clock";

/** A mesh of west and east in which west answers, and east when west is left out. */
export class FakeMesh {
  /** Status of west's answers while it is failed; 0 for none. */
  failingStatus = 500;
  /** Failed requests after which west is left out; never when infinite. */
  threshold = 5;
  /** Milliseconds after the repair until west is used again. */
  backMs = 3000;
  /** Whether both answer as long as nobody fails. */
  mixed = false;
  /** What was done, in order. */
  readonly done: string[] = [];
  private failed = false;
  private failures = 0;
  private backAt = 0;
  private turn = 0;

  constructor(private readonly clock: FakeClock) {}

  readonly send: Send = async () => {
    const answer = this.answer();
    await this.clock.sleep(3);
    return answer;
  };

  private answer(): Answer {
    this.turn += 1;
    if (this.mixed && this.turn % 2 === 0) return { status: 200, servedBy: "east" };
    if (this.failures >= this.threshold && (this.failed || this.clock.now() < this.backAt)) return { status: 200, servedBy: "east" };
    if (!this.failed) return { status: 200, servedBy: "west" };
    this.failures += 1;
    return { status: this.failingStatus, ...(this.failingStatus === 0 ? {} : { servedBy: "west" }) };
  }

  failure(name: FailureName = "errors", change: Partial<Failure> = {}): Failure {
    return {
      name,
      make: async () => {
        this.done.push("made");
        this.failed = true;
      },
      repair: async () => {
        this.done.push("repaired");
        this.failed = false;
        this.backAt = this.clock.now() + this.backMs;
      },
      ...change,
    };
  }
}
