/** Whether a port of another cluster can be reached. */
export interface ConnectionFacts {
  /** Whether it accepts a connection. */
  readonly accepted: boolean;
  /** Why it does not. */
  readonly error?: string;
}
