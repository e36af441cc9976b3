import * as http from "node:http";
import * as https from "node:https";
import { UnreachableError, apiError } from "./errors";
import { credentialSource, trustOptions } from "./credentials";
import { type Kubeconfig, activeContext } from "./kubeconfig";
import { stringAt } from "../objects";

/** One request to the API server. */
export interface Request {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Path under the server's URL, such as `/api/v1/namespaces/x`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Media type of the body; `application/json` if not given. */
  readonly contentType?: string;
  readonly signal?: AbortSignal;
}

/** Sends requests to one API server and gives back parsed JSON, untyped: no field is lost on the way. */
export interface Transport {
  /** The API server's URL. */
  readonly server: string;
  /** Throws `ApiError` for an answer that is no success, `UnreachableError` if there is no answer. */
  json(request: Request): Promise<unknown>;
  /** Like `json`, but gives a stream of JSON lines (a watch) as they come, until it ends or `signal` aborts. */
  lines(request: Request): AsyncIterable<unknown>;
  /** Closes idle connections. */
  close(): void;
}

/** Milliseconds without a byte before a request, not a watch, counts as unanswered. */
const answerTimeout = 60_000;

/**
 * Makes the transport for a kubeconfig's context. Throws if the kubeconfig lacks what is needed.
 * Every request presents the credentials afresh, so that a rotated token file or exec credential is picked up.
 */
export function openTransport(config: Kubeconfig, overrides: { context?: string; cluster?: string }): Transport {
  const context = activeContext(config, overrides);
  const server = stringAt(context.cluster, "server");
  if (!server) {
    throw new Error(`the kubeconfig's cluster of context "${context.name}" has no server`);
  }
  if (stringAt(context.cluster, "proxy-url")) {
    throw new Error(`the kubeconfig's cluster of context "${context.name}" has a proxy-url, which is not supported`);
  }
  const base = new URL(server);
  const trust = trustOptions(context, config.folder);
  const credentials = credentialSource(context, config.folder);
  const secure = base.protocol === "https:";
  const agent = secure ? new https.Agent({ keepAlive: true }) : new http.Agent({ keepAlive: true });

  async function send(request: Request): Promise<http.IncomingMessage> {
    const { cert, key, authorization } = await credentials();
    const url = new URL(base.pathname.replace(/\/$/, "") + request.path, base);
    for (const [name, value] of Object.entries(request.query ?? {})) {
      if (value !== undefined) {
        url.searchParams.set(name, value);
      }
    }
    const body = request.body === undefined ? undefined : Buffer.from(JSON.stringify(request.body));
    const options: https.RequestOptions = {
      method: request.method,
      agent,
      ...(secure ? { ...trust, cert, key } : {}),
      headers: {
        accept: "application/json",
        "user-agent": "usmesh-kubernetes",
        ...(authorization === undefined ? {} : { authorization }),
        ...(body === undefined
          ? {}
          : { "content-type": request.contentType ?? "application/json", "content-length": body.length }),
      },
      ...(request.signal === undefined ? {} : { signal: request.signal }),
    };
    return new Promise((resolve, reject) => {
      const outgoing = (secure ? https : http).request(url, options, resolve);
      outgoing.setTimeout(answerTimeout, () => {
        outgoing.destroy(new Error(`no answer within ${answerTimeout / 1000} s`));
      });
      outgoing.on("error", (error: NodeJS.ErrnoException) => {
        // The server may close an idle connection just as it is used again; that says nothing about the request.
        const stale = outgoing.reusedSocket && error.code === "ECONNRESET" && request.method !== "POST";
        if (stale) {
          send(request).then(resolve, reject);
        } else {
          reject(unreachable(error, base, request.signal));
        }
      });
      outgoing.end(body);
    });
  }

  async function succeed(request: Request): Promise<http.IncomingMessage> {
    const answer = await send(request);
    const status = answer.statusCode ?? 0;
    if (status < 200 || status > 299) {
      throw apiError(status, parse(await text(answer)), `${request.method} ${request.path}`);
    }
    return answer;
  }

  return {
    server,
    async json(request) {
      const answer = await succeed(request);
      try {
        return parse(await text(answer));
      } catch (error) {
        throw unreachable(error as Error, base, request.signal);
      }
    },
    async *lines(request) {
      const answer = await succeed(request);
      // The server ends a watch by itself; silence in between is no failure.
      answer.socket.setTimeout(0);
      try {
        yield* jsonLines(answer);
      } finally {
        answer.destroy();
      }
    },
    close: () => agent.destroy(),
  };
}

async function text(answer: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) {
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString("utf8");
}

async function* jsonLines(answer: http.IncomingMessage): AsyncIterable<unknown> {
  let rest = "";
  answer.setEncoding("utf8");
  for await (const chunk of answer) {
    const parts = (rest + (chunk as string)).split("\n");
    rest = parts.pop() ?? "";
    for (const part of parts) {
      if (part.trim() !== "") {
        yield parse(part);
      }
    }
  }
}

function parse(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}

function unreachable(error: Error, base: URL, signal: AbortSignal | undefined): Error {
  if (signal?.aborted) {
    return error;
  }
  return new UnreachableError(`cannot reach the API server at ${base.origin}: ${error.message}`);
}
