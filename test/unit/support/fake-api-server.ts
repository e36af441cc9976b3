/** An API server in this process: objects by path, as far as the tests' requests go. */
import http from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { ApiServer } from "../../../lib/api-server";

type Labels = Record<string, string>;

/** Starts a server, and a client for it. `stop` the server in the end. */
export async function startFakeApiServer(): Promise<{ readonly fake: FakeApiServer; readonly server: ApiServer }> {
  const fake = await FakeApiServer.start();
  return { fake, server: await ApiServer.of(fake.kubeconfig, 5000) };
}

/** A release as Helm stores it: gzipped JSON in base64, in the Secret's own base64. */
export function storedRelease(release: unknown): string {
  return Buffer.from(gzipSync(JSON.stringify(release)).toString("base64")).toString("base64");
}

/** An object as it is kept. */
export interface Stored {
  metadata: { name: string; namespace?: string; labels?: Labels };
  [field: string]: unknown;
}

/** A request as it came in. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: string;
}

export class FakeApiServer {
  /** Objects by path. */
  readonly objects = new Map<string, Stored>();
  readonly asked: Asked[] = [];
  /** With what each of them was authenticated. */
  readonly logins: (string | undefined)[] = [];
  /** Answers to come before all else, oldest first: status and message. */
  readonly refusals: { readonly status: number; readonly message: string }[] = [];
  /** By group path: the kinds that discovery tells. */
  readonly kinds = new Map<string, { readonly name: string; readonly kind: string }[]>([["/api/v1", [{ name: "configmaps", kind: "ConfigMap" }]]]);
  private readonly server = http.createServer((request, response) => this.answer(request, response));

  static async start(): Promise<FakeApiServer> {
    const fake = new FakeApiServer();
    await new Promise<void>((resolve) => fake.server.listen(0, "127.0.0.1", resolve));
    return fake;
  }

  get kubeconfig(): string {
    const server = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return JSON.stringify({
      "current-context": "fake",
      contexts: [{ name: "fake", context: { cluster: "fake", user: "fake" } }],
      clusters: [{ name: "fake", cluster: { server } }],
      users: [{ name: "fake", user: { token: "fake" } }],
    });
  }

  /** Keeps a Secret in which Helm would keep a revision of a release. */
  putRevision(release: string, revision: number, status: string, extra: { labels?: Labels; data?: string } = {}): void {
    const name = `sh.helm.release.v1.${release}.v${revision}`;
    const labels = { owner: "helm", name: release, version: String(revision), status, ...extra.labels };
    this.objects.set(`/api/v1/namespaces/istio-system/secrets/${name}`, { metadata: { name, namespace: "istio-system", labels }, data: { release: extra.data ?? "" } });
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private answer(request: http.IncomingMessage, response: http.ServerResponse): void {
    const url = new URL(request.url ?? "/", "http://fake");
    const method = request.method ?? "GET";
    this.asked.push({ method, path: url.pathname, query: url.search });
    this.logins.push(request.headers.authorization);
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const send = (status: number, body: unknown): void => void response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
      const refusal = this.refusals.shift();
      if (refusal) return send(refusal.status, { message: refusal.message });
      const body = Buffer.concat(chunks).toString();
      const answer = this.reply(method, url, body === "" ? undefined : (JSON.parse(body) as Stored));
      send(answer === undefined ? 404 : 200, answer ?? { message: "not found" });
    });
  }

  private reply(method: string, url: URL, body: Stored | undefined): unknown {
    const { pathname } = url;
    const kinds = this.kinds.get(pathname);
    if (kinds) return { resources: kinds };
    const before = this.objects.get(pathname);
    if (method === "DELETE") return this.objects.delete(pathname) ? {} : undefined;
    if (method === "PATCH" && body) {
      const merged = { ...before, ...body, metadata: { ...before?.metadata, ...body.metadata, labels: { ...before?.metadata.labels, ...body.metadata.labels } } } as Stored;
      if (!url.searchParams.has("dryRun")) this.objects.set(pathname, merged);
      return merged;
    }
    if (pathname.endsWith("/secrets")) return { items: this.list(pathname, url.searchParams.get("labelSelector") ?? "") };
    return before;
  }

  private list(path: string, selector: string): Stored[] {
    const wanted = selector.split(",").map((term) => term.split("=") as [string, string]);
    const inPath = path === "/api/v1/secrets" ? /\/secrets\// : new RegExp(`^${path}/`);
    return [...this.objects.entries()]
      .filter(([where, { metadata }]) => inPath.test(where) && wanted.every(([name, value]) => metadata.labels?.[name] === value))
      .map(([, object]) => object);
  }
}
