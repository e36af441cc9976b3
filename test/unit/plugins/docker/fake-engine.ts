/** A Docker engine that is none: it answers as it is told, and keeps what it was asked. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { text } from "node:stream/consumers";
import { DockerEngine } from "../../../../airgap/plugins/docker/engine";

/** A docker command line with the two commands that the plugin uses. */
const DOCKER = `#!${process.execPath}
const net = require("node:net"), http = require("node:http");
const [group, command, ...args] = process.argv.slice(2);
const socketPath = process.env.FAKE_ENGINE;
if (group === "system" && command === "dial-stdio") {
  const socket = net.connect(socketPath);
  socket.on("error", (e) => { console.error("cannot reach the fake: " + e.code); process.exit(1); });
  process.stdin.pipe(socket).pipe(process.stdout);
} else if (group === "image" && command === "pull") {
  http.request({ socketPath, method: "POST", path: "/pull/" + args.join(" ").replaceAll(" ", "%20") }, (r) => {
    if (r.statusCode < 400) return;
    console.error("no such registry");
    process.exit(1);
  }).end();
}
`;

/** What was asked, as `METHOD /path` without the interface's version, and with which body. */
export interface Asked {
  call: string;
  body?: Record<string, unknown>;
}

/** An answer: a status alone, or a body with status 200. */
export type Answer = number | object | { status: number; message: string };

type Answerer = (match: RegExpMatchArray, body: unknown) => Answer;

/** The fake. Make one with {@link startFakeEngine}. */
export class FakeEngine {
  /** Everything asked so far but for the version; tests empty it as they like. */
  readonly asked: Asked[] = [];
  /** What to answer, by call; the last one given that matches counts. Calls that nothing matches get 404. */
  private answers: [RegExp, Answerer][] = [];

  constructor(
    readonly folder: string,
    private readonly server: Server,
    private readonly path: string | undefined,
  ) {}

  /** The plugin's side. */
  get engine(): DockerEngine {
    return new DockerEngine({ FAKE_ENGINE: join(this.folder, "socket") });
  }

  /** Answers calls that match the whole pattern. */
  on(pattern: string, answer: Answer | Answerer): void {
    const whole = new RegExp(`^${pattern}$`);
    this.answers.unshift([whole, typeof answer === "function" ? (answer as Answerer) : () => answer]);
  }

  /** Forgets answers and questions. */
  reset(): void {
    this.answers = [];
    this.asked.length = 0;
  }

  /** What was asked, without bodies, and forgets it. */
  calls(): string[] {
    return this.asked.splice(0).map(({ call }) => call);
  }

  /** @returns status and body for a call */
  answer(call: string, body: unknown): [number, object] {
    for (const [pattern, make] of this.answers) {
      const match = call.match(pattern);
      if (!match) continue;
      const answer = make(match, body);
      if (typeof answer === "number") return [answer, { message: `status ${answer}` }];
      return "status" in answer ? [answer.status, answer] : [200, answer];
    }
    return [404, { message: `nothing known of ${call}` }];
  }

  /** Ends it and takes its command off the PATH. */
  stop(): void {
    process.env["PATH"] = this.path;
    this.server.close();
    this.server.closeAllConnections();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Starts a fake, with its docker command first on this process's PATH. */
export async function startFakeEngine(): Promise<FakeEngine> {
  const folder = mkdtempSync(join(tmpdir(), "usmesh-docker-"));
  writeFileSync(join(folder, "docker"), DOCKER);
  chmodSync(join(folder, "docker"), 0o755);
  const server = createServer((request, response) => {
    void (async () => {
      const json = await text(request);
      const path = decodeURIComponent(request.url ?? "");
      const call = `${request.method} ${path.replace(/^\/v1\.41/, "")}`;
      const body = json ? (JSON.parse(json) as Record<string, unknown>) : undefined;
      if (call !== "GET /version") fake.asked.push(body ? { call, body } : { call });
      const [status, answer] = call === "GET /version" ? [200, { ApiVersion: "1.41" }] : fake.answer(call, body);
      response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(answer));
    })();
  });
  const fake = new FakeEngine(folder, server, process.env["PATH"]);
  await new Promise<void>((resolve) => server.listen(join(folder, "socket"), resolve));
  process.env["PATH"] = [folder, process.env["PATH"]].join(delimiter);
  return fake;
}
