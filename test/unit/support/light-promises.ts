/**
 * Imported for its effect: Pulumi notes where each of its promises was made, to tell which one leaked. Under tsx each of these
 * stack traces is mapped back to the sources, which took two thirds of the time of the tests that run the program. Errors keep theirs.
 */

/** What Pulumi itself calls; its types leave it out. */
interface Debuggable {
  debuggablePromise: (promise: Promise<unknown>, context?: unknown) => Promise<unknown>;
}

// An import would be a copy: the module's own object is to be changed.
// eslint-disable-next-line @typescript-eslint/no-require-imports
const debuggable = require("@pulumi/pulumi/runtime/debuggable") as Debuggable;
const { debuggablePromise } = debuggable;

debuggable.debuggablePromise = (promise, context) => {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return debuggablePromise(promise, context);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
};

export {};
