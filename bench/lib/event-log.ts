import * as fs from "node:fs";
import { StringDecoder } from "node:string_decoder";

/** What is used of one of the engine's events. */
export interface EngineEvent {
  readonly preludeEvent?: unknown;
  readonly summaryEvent?: unknown;
  readonly resourcePreEvent?: { readonly metadata: EventMetadata };
  readonly resOutputsEvent?: { readonly metadata: EventMetadata };
  readonly resOpFailedEvent?: { readonly metadata: EventMetadata };
}

/** The resource of an event, and what is done to it. */
export interface EventMetadata {
  readonly op: string;
  readonly urn: string;
  readonly type: string;
}

/** An event, and when it was written: seconds since the operation was started. */
export interface StampedEvent {
  readonly at: number;
  readonly event: EngineEvent;
}

/** Milliseconds between two looks at the log. */
const LOOK_MS = 20;

/** Reads an event log while the engine writes it: its own times are whole seconds. */
export class EventLog {
  private readonly events: StampedEvent[] = [];
  private readonly timer: NodeJS.Timeout;
  private readonly start = performance.now();
  private readonly decoder = new StringDecoder("utf8");
  private offset = 0;
  private rest = "";

  /** @param file the log, which need not be there yet; times count from now */
  constructor(private readonly file: string) {
    this.timer = setInterval(() => this.look(), LOOK_MS);
  }

  /** Ends reading. @returns all events, in order */
  stop(): readonly StampedEvent[] {
    clearInterval(this.timer);
    this.look();
    return this.events;
  }

  private look(): void {
    if (!fs.existsSync(this.file)) return;
    const at = (performance.now() - this.start) / 1000;
    const { size } = fs.statSync(this.file);
    if (size <= this.offset) return;
    const buffer = Buffer.alloc(size - this.offset);
    const file = fs.openSync(this.file, "r");
    try {
      this.offset += fs.readSync(file, buffer, 0, buffer.length, this.offset);
    } finally {
      fs.closeSync(file);
    }
    const lines = (this.rest + this.decoder.write(buffer)).split("\n");
    this.rest = lines.pop() ?? "";
    for (const line of lines) if (line !== "") this.events.push({ at, event: JSON.parse(line) as EngineEvent });
  }
}
