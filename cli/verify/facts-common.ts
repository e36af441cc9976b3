/** What was read, or why it could not be read. */
export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: string };

export interface ConnectionFacts {
  /** Whether port 15443 accepts a connection. */
  readonly accepted: boolean;
  /** Why it does not. */
  readonly error?: string;
}
