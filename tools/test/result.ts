/** One test that failed. */
export interface TestFailure {
  /** Full title: suites, then the test. */
  readonly title: string;
  readonly message: string;
}

/** How long the tests of a file and their hooks took, without loading it. */
export interface FileTime {
  /** Path below the repository's root. */
  readonly file: string;
  readonly seconds: number;
}

/** How long a test or a hook took. */
export interface TestTime {
  /** Full title: suites, then the test. */
  readonly title: string;
  readonly seconds: number;
}

/** How a part ended. */
export interface PartResult {
  /** Tests that passed. */
  readonly passed: number;
  /** Tests that did not run: they do not apply here, or a step before them failed. */
  readonly skipped: number;
  /** Tests that failed, and hooks that did. */
  readonly failures: readonly TestFailure[];
  /** Time of each file, the slowest first; empty for a part that is one command. */
  readonly files: readonly FileTime[];
  /** Tests and hooks that took at least a second, the slowest first; empty for a part that is one command. */
  readonly tests: readonly TestTime[];
}

/** A part that failed as a whole. */
export function failedAsAWhole(title: string, message: string): PartResult {
  return { passed: 0, skipped: 0, failures: [{ title, message }], files: [], tests: [] };
}

/**
 * A part that is one command and either passes or fails as a whole.
 *
 * @param code the command's exit code.
 * @param overLimitMinutes the part's limit, where it was ended for that.
 */
export function resultOfCommand(title: string, code: number, overLimitMinutes?: number): PartResult {
  if (overLimitMinutes !== undefined) return failedAsAWhole(title, `ended after its limit of ${overLimitMinutes} minutes`);
  return code === 0 ? { passed: 1, skipped: 0, failures: [], files: [], tests: [] } : failedAsAWhole(title, `exit code ${code}`);
}
