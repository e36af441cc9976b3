// `import * as` would give a copy, and the SDK would still call the original.
// eslint-disable-next-line @typescript-eslint/no-require-imports
import log = require("@pulumi/pulumi/log");

/** The part of a debug message of the SDK that holds everything that the engine answered. */
const ANSWER = /, resp: [^]*$/;

/** Milliseconds for which debug messages wait for further ones. */
const PAUSE_MS = 100;

/** Runs a function later, but before the program ends. */
export type Later = (send: () => void) => void;

/**
 * Removes the engine's answers from the SDK's debug messages: they hold every output of every resource in plain text, secrets
 * included, and go to the terminal with `--debug` and to the log with `-v`. The SDK sends some four messages for each resource,
 * one request each, whether anybody wants them or not: those of a moment are sent together.
 */
export function keepSecretsOutOfDebugLog(): void {
  const { debug } = log;
  Object.assign(log, { debug: withoutAnswers(together(debug, afterPause)) });
}

/** The same function for messages without answers. */
export function withoutAnswers(debug: typeof log.debug): typeof log.debug {
  return (message, ...rest) => debug(message.replace(ANSWER, ""), ...rest);
}

/** The same function, which sends as one message, line by line, what comes until `later` sends it. What comes with more than its text goes alone. */
export function together(debug: typeof log.debug, later: Later): typeof log.debug {
  let waiting: { readonly messages: string[]; readonly sent: Promise<void> } | undefined;
  const start = (): NonNullable<typeof waiting> => {
    const messages: string[] = [];
    const sent = new Promise<void>((resolve) => {
      later(() => {
        waiting = undefined;
        resolve(debug(messages.join("\n")));
      });
    });
    return { messages, sent };
  };
  return (message, ...rest) => {
    if (rest.some((value) => value !== undefined)) return debug(message, ...rest);
    waiting ??= start();
    waiting.messages.push(message);
    return waiting.sent;
  };
}

/** After a pause, which the end of the program does not wait for. */
function afterPause(send: () => void): void {
  const timer = setTimeout(run, PAUSE_MS).unref();
  // The SDK stays connected until no handler of this event has anything left to do.
  process.on("beforeExit", run);
  function run(): void {
    clearTimeout(timer);
    process.off("beforeExit", run);
    send();
  }
}
