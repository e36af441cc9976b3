import { readFileSync } from "node:fs";
import type https from "node:https";
import net from "node:net";
import { Writable } from "node:stream";
import { Exec, type KubeConfig, PortForward, type V1Status } from "@kubernetes/client-node";
import { ApiServer, clientCredentials } from "../../lib/api-server";

/** An API server, and what runs in its cluster: commands in containers, ports of pods. */
export class Kube extends ApiServer {
  constructor(
    private readonly config: KubeConfig,
    timeoutMs: number,
  ) {
    super(clientCredentials(config), timeoutMs);
  }

  /** The same API server, asked with a token alone. @throws Error where the token could be sent to somebody else */
  asHolderOf(token: string): ApiServer {
    const cluster = this.config.getCurrentCluster();
    if (!cluster?.server.startsWith("https:") || cluster.skipTLSVerify) throw new Error(`${this.server} has no TLS that can be verified: the token is not sent there`);
    const options: https.RequestOptions = {};
    const ca = cluster.caData === undefined ? cluster.caFile && readFileSync(cluster.caFile) : Buffer.from(cluster.caData, "base64");
    Object.assign(options, { ...(ca ? { ca } : {}), ...(cluster.tlsServerName === undefined ? {} : { servername: cluster.tlsServerName }), headers: { authorization: `Bearer ${token}` } });
    return new ApiServer({ server: cluster.server, apply: (request) => void Object.assign(request, options) }, this.timeoutMs);
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
      // Also a connection that is made only after nobody waits for it any longer.
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
        // The socket may have been closed long before the connection to the pod is made.
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

/** What the Kubernetes client returns: a WebSocket, whose types do not come with it. */
interface Connection {
  close(): void;
}

function current(made: Connection | (() => Connection | null)): Connection | null {
  return typeof made === "function" ? made() : made;
}

/** A promise that is rejected when nothing settles it in time. */
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
