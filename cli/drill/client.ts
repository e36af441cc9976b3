import http2 from "node:http2";
import type { Kube } from "../verify/kube";
import { type FailureName, serviceOf } from "./kinds";
import type { Answer, Send } from "./load";
import { CLIENT_PORT, NAMESPACE } from "./names";

/** Milliseconds after which a request counts as unanswered: longer than any timeout on its way. */
const TIMEOUT_MS = 8000;

/** The connection to a client in the mesh. */
export interface Client {
  /** Sends a request for a failure's backend. */
  readonly send: (failure: FailureName) => Send;
  /** Whether the connection to it was lost: what came back since then says nothing about the mesh. */
  readonly lost: () => boolean;
}

/**
 * Opens a connection to a client pod while `use` runs. All requests share it, over HTTP/2: with a connection for each, the API server that
 * forwards them would be measured.
 */
export async function withClient<T>(kube: Kube, pod: string, use: (client: Client) => Promise<T>, timeoutMs = TIMEOUT_MS): Promise<T> {
  return kube.forward(NAMESPACE, pod, CLIENT_PORT, async (port) => {
    const session = http2.connect(`http://127.0.0.1:${port}`);
    let closed = false;
    session.on("close", () => (closed = true));
    // What it means for each request is seen at the request.
    session.on("error", () => undefined);
    try {
      return await use({ send: (failure) => (retries) => request(session, `/${serviceOf(failure, retries)}/`, timeoutMs), lost: () => closed });
    } finally {
      session.destroy();
    }
  });
}

function request(session: http2.ClientHttp2Session, path: string, timeoutMs: number): Promise<Answer> {
  return new Promise((resolve) => {
    let answer: Answer = { status: 0 };
    if (session.closed || session.destroyed) return resolve(answer);
    const stream = session.request({ ":path": path });
    const deadline = setTimeout(() => stream.close(http2.constants.NGHTTP2_CANCEL), timeoutMs);
    stream.on("response", (headers) => {
      const by = headers["x-served-by"];
      answer = { status: headers[":status"] ?? 0, ...(typeof by === "string" ? { servedBy: by } : {}) };
    });
    stream.on("error", () => (answer = { status: 0 }));
    stream.on("close", () => {
      clearTimeout(deadline);
      resolve(stream.rstCode === http2.constants.NGHTTP2_NO_ERROR ? answer : { status: 0 });
    });
    stream.resume();
  });
}
