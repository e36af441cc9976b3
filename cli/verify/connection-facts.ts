/** Whether a port of another cluster can be reached. */
export interface ConnectionFacts {
  /** Whether it accepts a connection. */
  readonly accepted: boolean;
  /** Why it does not. */
  readonly error?: string;
}

/** Whether a workload accepts what it should refuse. */
export interface Admission {
  /** Whether it does. */
  readonly accepted: boolean;
  /** How it was refused. */
  readonly refusal?: string;
}
