import type { EventEmitter } from "node:events";

/**
 * Ends the program when nobody reads what it writes: the engine that started it has ended. The SDK's handler for uncaught errors would
 * write that error to the same pipe, which fails again, and so on for ever at full load.
 *
 * @param streams where the program writes. Default: standard output and standard error.
 * @param exit ends the process.
 */
export function exitOnBrokenPipe(
  streams: readonly Pick<EventEmitter, "on">[] = [process.stdout, process.stderr],
  exit: (code: number) => void = (code) => process.exit(code),
): void {
  for (const stream of streams) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
      exit(1);
    });
  }
}
