/**
 * Does something that Ctrl-C or SIGTERM ends. A second signal ends the process at once, whatever is left behind.
 *
 * @param reason what the signal given to `work` is aborted with.
 */
export async function interruptible<T>(reason: Error, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const interrupt = new AbortController();
  const stop = (): void => {
    release();
    interrupt.abort(reason);
  };
  const release = (): void => void process.off("SIGINT", stop).off("SIGTERM", stop);
  process.once("SIGINT", stop).once("SIGTERM", stop);
  try {
    return await work(interrupt.signal);
  } finally {
    release();
  }
}
