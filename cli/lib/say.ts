/** Tells the user what is going on: one line on standard error, so that standard output stays data. */
export function say(line: string): void {
  process.stderr.write(`mesh: ${line}\n`);
}

/** Warns the user: one line on standard error. */
export function warn(line: string): void {
  process.stderr.write(`mesh: warning: ${line}\n`);
}
