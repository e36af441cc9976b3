/** A fake Docker engine: it gives prepared answers and records the requests. */
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { DockerEngine } from "../../../../../airgap/plugins/docker/engine";

/** A request as `METHOD /path`, and its body. */
export interface Asked {
  call: string;
  body?: Record<string, unknown>;
}

/** An answer: a status alone, a text, or a body with status 200. */
export type Answer = number | string | object | { status: number; message: string };

/** The fake. Start one with {@link startFakeEngine}. */
export class FakeEngine {
  /** All requests so far; tests may empty it. */
  readonly asked: Asked[] = [];
  /** Answers by request; the last one that matches is used. Requests without a match get 404. */
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

  /** Prepares the answer to requests that match the whole pattern. */
  on(pattern: string, answer: Answer | (() => Answer)): void {
    this.answers.unshift([new RegExp(`^${pattern}$`), typeof answer === "function" ? (answer as () => Answer) : () => answer]);
  }

  reset(): void {
    this.answers = [];
    this.asked.length = 0;
  }

  /** Returns the requests, without bodies, and forgets them. */
  calls(): string[] {
    return this.asked.splice(0).map(({ call }) => call);
  }

  /** @returns status and text for a request */
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

/** Starts a fake engine on a socket. */
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
