/** Talking to the Docker engine: its HTTP interface, through the docker command line. */
import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { request as httpRequest } from "node:http";
import { Duplex } from "node:stream";
import { text } from "node:stream/consumers";
import { run } from "../lib/run";

/** An answer of the engine that is no success. */
export class EngineError extends Error {
  /** @param status the HTTP status, such as 404 for what is not there and 409 for what is in the way */
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** What a request may carry. */
export interface RequestOptions {
  body?: object;
  /** Statuses that are as good as success; the answer is then undefined. */
  accept?: readonly number[];
  signal?: AbortSignal;
}

/**
 * The Docker engine that the docker command line talks to: its context, DOCKER_HOST, TLS and ssh settings all count.
 *
 * Requests go over `docker system dial-stdio`, which joins its standard input and output with the engine, wherever that
 * is. So nothing of a request, such as a container's environment, is ever an argument that other users can see.
 */
export class DockerEngine {
  private version: Promise<string> | undefined;

  /** @param env what the command line gets beside this process's environment: DOCKER_HOST, DOCKER_CONTEXT */
  constructor(private readonly env: Record<string, string> = {}) {}

  /**
   * Asks the engine.
   *
   * @param path without the interface's version, such as `/networks/create`
   * @returns the answer's JSON; undefined for an empty answer and for accepted failures
   * @throws EngineError for any other failure, or an ordinary error when the engine does not answer
   */
  async request<A = unknown>(method: string, path: string, options: RequestOptions = {}): Promise<A | undefined> {
    // The engine refuses interfaces that are too new and those that are too old for it; its own is always right.
    this.version ??= this.send<{ ApiVersion: string }>("GET", "/version", {}).then((v) => v?.ApiVersion ?? "");
    const version = await this.version.catch((error: unknown) => {
      this.version = undefined;
      throw error;
    });
    return this.send<A>(method, `/v${version}${path}`, options);
  }

  /** Makes sure that the engine answers. */
  async ping(): Promise<void> {
    await this.request("GET", "/_ping");
  }

  /** Pulls an image, with the registry credentials of the docker command line. */
  async pull(image: string, platform: string | undefined, signal: AbortSignal): Promise<void> {
    const args = ["image", "pull", "--quiet", ...(platform ? ["--platform", platform] : []), "--", image];
    const result = await run("docker", args, { env: this.env, reject: false, cancelSignal: signal });
    signal.throwIfAborted();
    if (result.failed) throw new Error(`unable to pull image ${image}: ${result.stderr || (result.message ?? "")}`);
  }

  private async send<A>(method: string, path: string, { body, accept = [], signal }: RequestOptions): Promise<A | undefined> {
    const connection = dial(this.env);
    try {
      const { status, answer } = await exchange(connection.stream, method, path, body, signal);
      if (status < 400) return answer ? parse<A>(answer) : undefined;
      if (accept.includes(status)) return undefined;
      throw new EngineError(status, messageOf(answer) || `${method} ${path}: status ${status}`);
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof EngineError) throw error;
      throw new Error(`Docker does not answer: ${await connection.complaint(error as Error)}`);
    } finally {
      connection.stream.destroy();
    }
  }
}

interface Connection {
  stream: Duplex;
  /** Why there is no answer, in the words of the docker command line if it said anything. */
  complaint(error: Error): Promise<string>;
}

function dial(env: Record<string, string>): Connection {
  const child = spawn("docker", ["system", "dial-stdio"], { env: { ...process.env, ...env }, stdio: "pipe" });
  const started = new Promise<boolean>((resolve) => {
    child.once("error", () => resolve(false));
    child.once("spawn", () => resolve(true));
  });
  const said = text(child.stderr).catch(() => "");
  const complaint = async (error: Error): Promise<string> => {
    if (!(await started)) return "there is no docker command on the PATH";
    child.kill("SIGKILL");
    return (await said).trim() || error.message;
  };
  return { stream: new Joint(child), complaint };
}

/**
 * A process's input and output as one stream. What the process no longer reads is no error: the engine may have answered
 * all there is to answer by then.
 */
class Joint extends Duplex {
  constructor(private readonly child: ChildProcessWithoutNullStreams) {
    super();
    child.stdin.on("error", () => {});
    child.stdout.on("data", (chunk: Buffer) => {
      if (!this.push(chunk)) child.stdout.pause();
    });
    child.stdout.on("end", () => this.push(null));
    // A process that never started has no output that could end.
    child.on("error", (error) => this.destroy(error));
  }

  override _read(): void {
    this.child.stdout.resume();
  }

  override _write(chunk: Buffer, encoding: BufferEncoding, done: () => void): void {
    this.child.stdin.write(chunk, encoding, () => done());
  }

  override _final(done: () => void): void {
    this.child.stdin.end(() => done());
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    // It has nothing to lose, and does not heed a request to end while the engine still talks.
    this.child.kill("SIGKILL");
    done(error);
  }
}

function exchange(
  stream: Duplex,
  method: string,
  path: string,
  body: object | undefined,
  signal: AbortSignal | undefined,
): Promise<{ status: number; answer: string }> {
  const json = body && Buffer.from(JSON.stringify(body));
  const headers = {
    Host: "docker",
    Connection: "close",
    ...(json && { "Content-Type": "application/json", "Content-Length": json.length }),
  };
  return new Promise((resolve, reject) => {
    const request = httpRequest({ method, path, headers, signal, createConnection: () => stream }, (response) => {
      text(response).then((answer) => resolve({ status: response.statusCode ?? 0, answer }), reject);
    });
    request.on("error", reject);
    request.end(json);
  });
}

function parse<A>(answer: string): A | undefined {
  // Some answers, that to a ping among them, are plain words.
  return /^\s*[[{]/.test(answer) ? (JSON.parse(answer) as A) : undefined;
}

function messageOf(answer: string): string {
  return parse<{ message?: string }>(answer)?.message ?? answer.trim();
}
