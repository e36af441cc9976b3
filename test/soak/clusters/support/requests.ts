import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { capture } from "../../../../lib/process";
import { until } from "../../../support/wait";

/** A request that did not end with 200. */
export interface Failure {
  /** When it ended. */
  readonly time: string;
  /** curl's status, 000 without an answer, and curl's exit code. */
  readonly seen: string;
}

/** What a stream has seen since it was last asked. */
export interface Count {
  readonly sent: number;
  readonly failures: readonly Failure[];
}

/** What is asked, and from where. */
export interface Asked {
  /** Name of the container in which curl runs: inside the clusters' own network. */
  readonly container: string;
  /** The host header. */
  readonly host: string;
  readonly url: string;
  /** The environment in which `docker` works. */
  readonly env: NodeJS.ProcessEnv;
  /** So many requests are under way at once. Default: {@link AT_ONCE}. */
  readonly atOnce?: number;
}

/** Seconds after which a request without an answer counts as failed. */
const TIMEOUT_SECONDS = 5;

/** So many requests are under way at once. */
export const AT_ONCE = 50;

/** Asks one URL over and over from inside a container: some requests at once, each on a connection of its own, and then the next as many. */
export class Requests {
  private sent = 0;
  private failures: Failure[] = [];
  private readonly child: ChildProcess;
  private readonly ended: Promise<void>;
  private readonly end: readonly string[];
  private closing = false;
  private running = true;

  /** @param name what the stream is called in reports. */
  constructor(
    readonly name: string,
    private readonly asked: Asked,
  ) {
    const { container, host, url, env, atOnce = AT_ONCE } = asked;
    // What runs in a container outlives the `docker exec` that started it: a file ends it.
    this.end = ["exec", container, "touch", `/tmp/${name}.end`];
    // Without --parallel-immediate curl would wait for connections that it could share. The number makes one URL into many.
    const curl = `curl -s -m ${TIMEOUT_SECONDS} --parallel --parallel-immediate --parallel-max ${atOnce} -o /dev/null -w '%{http_code} %{exitcode}\\n' -H 'Host: ${host}' '${url}?[1-${atOnce}]'`;
    const loop = `rm -f /tmp/${name}.end; while [ ! -e /tmp/${name}.end ]; do ${curl}; sleep 1; done`;
    this.child = spawn("docker", ["exec", container, "sh", "-c", loop], { env, stdio: ["ignore", "pipe", "inherit"] });
    createInterface({ input: this.child.stdout! }).on("line", (line) => this.take(line));
    this.ended = new Promise((resolve) => this.child.on("close", () => resolve(this.over())));
  }

  private take(line: string): void {
    this.sent += 1;
    if (line !== "200 0") this.failures.push({ time: new Date().toISOString(), seen: line });
  }

  /** A stream that ended by itself proves nothing of the time after. */
  private over(): void {
    this.running = false;
    if (!this.closing) this.failures.push({ time: new Date().toISOString(), seen: "the stream itself ended" });
  }

  /** What was seen since the last call, or since the beginning. */
  count(): Count {
    const { sent, failures } = this;
    this.sent = 0;
    this.failures = [];
    return { sent, failures };
  }

  /**
   * Waits until that many requests more have been answered one way or the other.
   *
   * @throws Error when they take longer than requests without any answer do.
   */
  async more(requests: number): Promise<void> {
    const enough = this.sent + requests;
    const timeoutMs = 2 * Math.ceil(requests / (this.asked.atOnce ?? AT_ONCE)) * (TIMEOUT_SECONDS + 1) * 1000;
    const seen = (): string => `${enough - this.sent} still to come`;
    await until(`${requests} more requests of stream ${this.name}`, () => this.sent >= enough || !this.running, { timeoutMs, intervalMs: 100, seen });
  }

  async stop(): Promise<void> {
    this.closing = true;
    await capture("docker", this.end, { env: this.asked.env });
    const timer = setTimeout(() => this.child.kill("SIGKILL"), 2 * TIMEOUT_SECONDS * 1000);
    await this.ended;
    clearTimeout(timer);
  }
}
