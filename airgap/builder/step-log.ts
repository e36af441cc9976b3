import * as fs from "node:fs";
import * as path from "node:path";
import type { AirgapPaths } from "./paths";

/** Number of a log's last lines that a failure shows. */
const TAIL_LINES = 12;

/** The log of one run of a step: everything it printed, in `logs/NAME.log`. */
export class StepLog {
  /** The file, absolute. */
  readonly file: string;
  private readonly handle: number;
  private rest = "";
  private lines: string[] = [];

  /**
   * Starts an empty log.
   *
   * @param paths the air gap's folders.
   * @param name the step.
   * @param onLine called with every complete line that is not empty.
   */
  constructor(
    paths: AirgapPaths,
    name: string,
    private readonly onLine: (line: string) => void = () => undefined,
  ) {
    fs.mkdirSync(paths.logs, { recursive: true });
    this.file = path.join(paths.logs, `${name}.log`);
    this.handle = fs.openSync(this.file, "w");
  }

  /** Appends text, in chunks of any size. */
  write(text: string): void {
    fs.writeSync(this.handle, text);
    const lines = (this.rest + text).split(/\r?\n|\r/);
    this.rest = lines.pop() ?? "";
    for (const line of lines) this.remember(line);
  }

  /** The last lines, oldest first. */
  tail(): string[] {
    return this.rest.trim() ? [...this.lines, this.rest].slice(-TAIL_LINES) : this.lines;
  }

  /** Closes the file. Nothing can be written afterwards. */
  close(): void {
    fs.closeSync(this.handle);
  }

  private remember(line: string): void {
    if (!line.trim()) return;
    this.lines = [...this.lines, line].slice(-TAIL_LINES);
    this.onLine(line);
  }
}
