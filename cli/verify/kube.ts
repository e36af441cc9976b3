import https from "node:https";
import http from "node:http";
import net from "node:net";
import { Writable } from "node:stream";
import { Exec, type KubeConfig, PortForward, type V1Status } from "@kubernetes/client-node";

/** An API server's refusal. */
export class KubeError extends Error {
  constructor(
    /** HTTP status. */
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** An answer of an API server. */
export interface Answer<T> {
  readonly body: T;
  /** The server's clock (`Date` header) in milliseconds since 1970, rounded down to the second; NaN without the header. */
  readonly date: number;
}

/** One cluster's API server, spoken to with what one kubeconfig context holds. Every request ends after `timeoutMs`. */
export class Kube {
  constructor(
    private readonly config: KubeConfig,
    private readonly timeoutMs: number,
  ) {}

  /** URL of the API server. */
  get server(): string {
    return this.config.getCurrentCluster()?.server ?? "";
  }

  /** GETs `path`. @throws KubeError when the server answers other than 2xx; Error when it does not answer. */
  async get<T>(path: string): Promise<T> {
    return (await this.request<T>("GET", path)).body;
  }

  /** GETs `path`; undefined when there is no such object. */
  async find<T>(path: string): Promise<T | undefined> {
    try {
      return await this.get<T>(path);
    } catch (error) {
      if (error instanceof KubeError && error.status === 404) return undefined;
      throw error;
    }
  }

  /** The items at `path`; none where the kind is not served. */
  async list<T>(path: string): Promise<T[]> {
    return (await this.find<{ items?: T[] }>(path))?.items ?? [];
  }

  /** Sends one request. @throws as {@link get}. */
  async request<T>(method: string, path: string, body?: unknown, type = "application/json"): Promise<Answer<T>> {
    const text = await this.text(method, path, body, type);
    return { body: (text.body === "" ? {} : JSON.parse(text.body)) as T, date: text.date };
  }

  /** As {@link request}, for answers that are no JSON, such as logs. */
  async text(method: string, path: string, body?: unknown, type = "application/json"): Promise<Answer<string>> {
    const options: https.RequestOptions = { method, timeout: this.timeoutMs };
    await this.config.applyToHTTPSOptions(options);
    const url = new URL(this.server.replace(/\/$/, "") + path);
    const payload = body === undefined ? undefined : JSON.stringify(body);
    const headers = { ...(options.headers as http.OutgoingHttpHeaders), accept: "application/json, */*" };
    Object.assign(headers, payload === undefined ? {} : { "content-type": type, "content-length": Buffer.byteLength(payload) });
    return new Promise((resolve, reject) => {
      const request = (url.protocol === "http:" ? http : https).request(url, { ...options, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          const answer = Buffer.concat(chunks).toString("utf8");
          const status = response.statusCode ?? 0;
          if (status >= 200 && status < 300) resolve({ body: answer, date: Date.parse(response.headers.date ?? "") });
          else reject(new KubeError(status, refusal(status, answer)));
        });
      });
      const deadline = setTimeout(() => request.destroy(new Error(`no answer within ${this.timeoutMs / 1000} s`)), this.timeoutMs);
      request.on("close", () => clearTimeout(deadline));
      request.on("error", reject);
      request.end(payload);
    });
  }

  /** Runs a command in a container. Its exit code is -1 when it did not start. */
  async exec(namespace: string, pod: string, container: string, command: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
    const out = sink();
    const err = sink();
    let started: Promise<Connection> | undefined;
    try {
      const code = await within(this.timeoutMs, (resolve: (code: number) => void, reject) => {
        const done = (status: V1Status): void => resolve(exitCodeOf(status));
        started = new Exec(this.config).exec(namespace, pod, container, command, out.stream, err.stream, null, false, done);
        started.catch(reject);
      });
      return { code, stdout: out.text(), stderr: err.text() };
    } finally {
      // Also a connection that comes about only after nobody waits for it any more.
      started?.then(
        (connection) => connection.close(),
        () => undefined,
      );
    }
  }

  /** Makes `port` of a pod reachable on a loopback port while `use` runs. */
  async forward<T>(namespace: string, pod: string, port: number, use: (localPort: number) => Promise<T>): Promise<T> {
    const forwarder = new PortForward(this.config);
    const sockets = new Set<net.Socket>();
    const server = net.createServer((socket) => {
      sockets.add(socket);
      socket.on("error", () => socket.destroy());
      const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
      forwarder.portForward(namespace, pod, [port], socket, null, socket).then(
        // The socket may have been closed long before the connection to the pod comes about.
        (made: unknown) => closed.then(() => current(made as Connection | (() => Connection | null))?.close()),
        () => socket.destroy(),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      return await use((server.address() as net.AddressInfo).port);
    } finally {
      for (const socket of sockets) socket.destroy();
      server.close();
    }
  }

  /** GETs `path` over plain HTTP from a port of a pod. @throws Error on other than 2xx. */
  async podGet(namespace: string, pod: string, port: number, path: string): Promise<string> {
    return this.forward(namespace, pod, port, async (local) => {
      const response = await fetch(`http://127.0.0.1:${local}${path}`, { signal: AbortSignal.timeout(this.timeoutMs) });
      const text = await response.text();
      if (!response.ok) throw new Error(`${path} answered ${response.status}`);
      return text;
    });
  }
}

/** What the Kubernetes client speaks through: a WebSocket, whose types it does not bring along. */
interface Connection {
  close(): void;
}

function current(made: Connection | (() => Connection | null)): Connection | null {
  return typeof made === "function" ? made() : made;
}

/** A promise that is refused when nothing settles it in time. */
async function within<T>(ms: number, start: (resolve: (value: T) => void, reject: (reason: Error) => void) => void): Promise<T> {
  let deadline: NodeJS.Timeout | undefined;
  try {
    return await new Promise<T>((resolve, reject) => {
      deadline = setTimeout(() => reject(new Error(`no answer within ${ms / 1000} s`)), ms);
      start(resolve, reject);
    });
  } finally {
    clearTimeout(deadline);
  }
}

function sink(): { stream: Writable; text(): string } {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done): void {
      chunks.push(chunk);
      done();
    },
  });
  return { stream, text: () => Buffer.concat(chunks).toString("utf8") };
}

function exitCodeOf(status: V1Status): number {
  if (status.status === "Success") return 0;
  const cause = status.details?.causes?.find((c) => c.reason === "ExitCode");
  return cause?.message === undefined ? -1 : Number(cause.message);
}

function refusal(status: number, answer: string): string {
  try {
    const message = (JSON.parse(answer) as { message?: string }).message;
    if (message) return message;
  } catch {
    // A proxy's page, not a Kubernetes Status: the code alone says enough.
  }
  return `HTTP ${status}`;
}
