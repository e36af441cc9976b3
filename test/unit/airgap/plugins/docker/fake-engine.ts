/** A Docker engine that is none: it answers as it is told, and keeps what it was asked. */
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { DockerEngine } from "../../../../../airgap/plugins/docker/engine";

/** What was asked, as `METHOD /path`, and with which body. */
export interface Asked {
  call: string;
  body?: Record<string, unknown>;
}

/** An answer: a status alone, a text, or a body with status 200. */
export type Answer = number | string | object | { status: number; message: string };

/** The fake. Make one with {@link startFakeEngine}. */
export class FakeEngine {
  /** Everything asked so far; tests empty it as they like. */
  readonly asked: Asked[] = [];
  /** What to answer, by call; the last one given that matches counts. Calls that nothing matches get 404. */
  private answers: [RegExp, () => Answer][] = [];

  constructor(
    private readonly folder: string,
    private readonly server: Server,
  ) {}

  get host(): string {
    return `unix://${join(this.folder, "socket")}`;
  }

  get engine(): DockerEngine {
    return new DockerEngine(this.host);
  }

  /** Answers calls that match the whole pattern. */
  on(pattern: string, answer: Answer | (() => Answer)): void {
    this.answers.unshift([new RegExp(`^${pattern}$`), typeof answer === "function" ? (answer as () => Answer) : () => answer]);
  }

  reset(): void {
    this.answers = [];
    this.asked.length = 0;
  }

  /** What was asked, without bodies, and forgets it. */
  calls(): string[] {
    return this.asked.splice(0).map(({ call }) => call);
  }

  /** @returns status and text for a call */
  answer(call: string): [number, string] {
    const answer = this.answers.find(([pattern]) => pattern.test(call))?.[1]() ?? { status: 404, message: `nothing known of ${call}` };
    if (typeof answer === "number") return [answer, answer < 400 ? "" : `status ${answer}`];
    if (typeof answer === "string") return [200, answer];
    return ["status" in answer ? answer.status : 200, JSON.stringify(answer)];
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Starts a fake on a socket of its own. */
export async function startFakeEngine(): Promise<FakeEngine> {
  const folder = mkdtempSync(join(tmpdir(), "usmesh-docker-"));
  const server = createServer((request, response) => {
    void (async () => {
      const json = await text(request);
      const call = `${request.method} ${decodeURIComponent(request.url ?? "")}`;
      fake.asked.push(json ? { call, body: JSON.parse(json) as Record<string, unknown> } : { call });
      const [status, answer] = fake.answer(call);
      response.writeHead(status).end(status === 304 ? undefined : answer);
    })();
  });
  const fake = new FakeEngine(folder, server);
  await new Promise<void>((resolve) => server.listen(join(folder, "socket"), resolve));
  return fake;
}
