// `import * as` would give a copy, and the SDK would still call the original.
// eslint-disable-next-line @typescript-eslint/no-require-imports
import log = require("@pulumi/pulumi/log");

/** The part of a debug message of the SDK that holds everything that the engine answered. */
const ANSWER = /, resp: [^]*$/;

/**
 * Removes the engine's answers from the SDK's debug messages: they hold every output of every resource in plain text, secrets
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
