/** Keeps up with one object of the cluster. */
import type { Api, ObjectRef } from "../cluster/api";
import { isNotFound } from "../cluster/errors";
import { type KubeObject, stringAt } from "../objects";

/** Milliseconds between a watch's end and the next one. */
const PAUSE = 1000;

/**
 * Watches one object, starting anew when the server ends the watch. Always `close` it.
 */
export class Follower {
  private readonly stopped = new AbortController();
  private wake: () => void = () => undefined;
  private changed = false;
  private current: KubeObject | undefined;

  /**
   * @param start the object as it is known; what comes after its resourceVersion is not missed
   */
  constructor(
    private readonly api: Api,
    private readonly ref: ObjectRef,
    start: KubeObject,
  ) {
    this.current = start;
    void this.run(stringAt(start, "metadata", "resourceVersion") ?? "");
  }

  /** The object as it was last seen; undefined when it is gone. */
  get latest(): KubeObject | undefined {
    return this.current;
  }

  /** Resolves at the next change, at once if there was one since the last call, and after `ms` at the latest. */
  async next(ms: number): Promise<void> {
    if (!this.changed) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.changed = false;
  }

  /** Ends the watch. */
  close(): void {
    this.stopped.abort();
    this.wake();
  }

  private async run(start: string): Promise<void> {
    const signal = this.stopped.signal;
    let version = start;
    while (!signal.aborted) {
      try {
        for await (const { type, object } of this.api.watch(this.ref, version, signal)) {
          // An error ends the watch: most often the version is too old to start from.
          if (type === "ERROR") break;
          version = stringAt(object, "metadata", "resourceVersion") ?? version;
          if (type !== "BOOKMARK") this.see(type === "DELETED" ? undefined : object);
        }
        await pause(signal);
        if (!signal.aborted) version = await this.look(signal);
      } catch {
        // Not reachable just now, or not allowed: whoever waits for the object has a deadline.
        await pause(signal);
      }
    }
  }

  private async look(signal: AbortSignal): Promise<string> {
    try {
      const object = await this.api.get(this.ref, signal);
      this.see(object);
      return stringAt(object, "metadata", "resourceVersion") ?? "";
    } catch (error) {
      if (!isNotFound(error)) throw error;
      this.see(undefined);
      return "";
    }
  }

  private see(object: KubeObject | undefined): void {
    this.current = object;
    this.changed = true;
    this.wake();
  }
}

async function pause(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(done, PAUSE);
    function done() {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    }
    signal.addEventListener("abort", done);
  });
}
