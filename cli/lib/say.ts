/** Tells the user what happens: one line on standard error, since standard output is for data. */
export function say(line: string): void {
  process.stderr.write(`mesh: ${line}\n`);
}

/** Warns the user: one line on standard error. */
export function warn(line: string): void {
  process.stderr.write(`mesh: warning: ${line}\n`);
}
