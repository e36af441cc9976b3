// With `import * as` this would be a copy, and the SDK would go on calling the original.
// eslint-disable-next-line @typescript-eslint/no-require-imports
import log = require("@pulumi/pulumi/log");

/** Where a debug message of the SDK goes on with everything that the engine answered. */
const ANSWER = /, resp: [^]*$/;

/**
 * Cuts what the engine answers out of the SDK's debug messages: they hold every output of every resource in plain text, secrets
 * included, and go to the terminal with `--debug` and to the log with `-v`.
 */
export function keepSecretsOutOfDebugLog(): void {
  const { debug } = log;
  Object.assign(log, { debug: withoutAnswers(debug) });
}

/** The same function for messages without answers. */
export function withoutAnswers(debug: typeof log.debug): typeof log.debug {
  return (message, ...rest) => debug(message.replace(ANSWER, ""), ...rest);
}
