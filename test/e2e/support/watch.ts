import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { watchEvent, type WatchEvent } from "../../../cli/watch/schema";
import { until } from "../../support/wait";
import type { TestMesh } from "./mesh";

/**
 * `./mesh watch`, which serves its metrics at a free port on loopback, until it is stopped. It takes its time until every pair works and was
 * measured, and can be begun before it is needed.
 */
export class Watch {
  /** What it has told so far. */
  readonly events: WatchEvent[] = [];
  private running?: { readonly child: ChildProcess; readonly ended: Promise<number | null> };
  private said = "";

  constructor(private readonly mesh: TestMesh) {}

  /** Begins, unless that was done before. */
  begin(): void {
    if (this.running) return;
    const [command, args, options] = this.mesh.command("watch", "--json", "--prometheus", "127.0.0.1:0");
    const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
    const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
    child.stderr.on("data", (data: Buffer) => (this.said += data.toString()));
    createInterface({ input: child.stdout }).on("line", (line) => this.events.push(watchEvent.parse(JSON.parse(line))));
    this.running = { child, ended };
  }

  /** The states that pairs have come into, such as `west->east works`. @param from index of the first event that counts */
  states(from = 0): string[] {
    return this.events.slice(from).flatMap((event) => (event.type === "change" ? [`${event.from}->${event.to} ${event.state}`] : []));
  }

  /** Waits for something that it tells, or serves. */
  async until<T>(what: string, look: () => T | Promise<T>): Promise<void> {
    await until(what, look, { timeoutMs: 90_000, seen: () => [this.said, ...this.states()] });
  }

  /** Begins, and waits until every pair works, and each cluster has had a new endpoint. */
  async works(): Promise<void> {
    this.begin();
    await this.until("both pairs to work", () => this.states().filter((state) => state.endsWith("works")).length >= 2);
    await this.until("an endpoint to be new in both clusters", async () => (await this.metrics()).match(/^mesh_pair_propagation_seconds_count\{.*\} [1-9]/gm)?.length === 2);
  }

  /** Where its metrics are, as `host:port`. @throws Error before it has said that */
  get target(): string {
    const port = /:(\d+)\/metrics/.exec(this.said)?.[1];
    if (port === undefined) throw new Error(`watch has not said where its metrics are: ${this.said}`);
    return `127.0.0.1:${port}`;
  }

  /** Its metrics, as it serves them now. */
  async metrics(): Promise<string> {
    return (await fetch(`http://${this.target}/metrics`)).text();
  }

  /** Ends it as Ctrl-C does. @returns its exit code; undefined when it was never begun */
  async stop(): Promise<number | null | undefined> {
    this.running?.child.kill("SIGINT");
    return this.running?.ended;
  }
}
