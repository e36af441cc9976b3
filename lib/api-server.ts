import http from "node:http";
import https from "node:https";
import type { KubeConfig } from "@kubernetes/client-node";
import { MeshError } from "./errors";
import { accessOf } from "./kubeconfig";
import { ranOut } from "./login";

/** Media type of a patch that is merged into an object. */
export const MERGE_PATCH = "application/merge-patch+json";

/** An error response of an API server. */
export class KubeError extends MeshError {
  override name = "KubeError";

  constructor(
    /** HTTP status. */
    readonly status: number,
    message: string,
  ) {
    super("api-server-refused", message);
  }
}

/** A successful response of an API server. */
export interface Answer<T> {
  readonly body: T;
  /** The server's time (`Date` header) in milliseconds since 1970, rounded down to the second; NaN without the header. */
  readonly date: number;
}

/** How requests to an API server are authenticated: with certificates or a token. */
export interface Credentials {
  /** URL of the API server. */
  readonly server: string;
  /** Adds them to a request. */
  apply(options: https.RequestOptions): void | Promise<void>;
  /** Why they are refused, as far as they tell; see {@link ranOut}. Default: they tell nothing. */
  readonly ended?: () => string | undefined;
}

/** A Kubernetes object. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly labels?: Readonly<Record<string, string>> };
  readonly [field: string]: unknown;
}

/**
 * One cluster's API server, used with one context of a kubeconfig. Every request ends after `timeoutMs`.
 *
 * Not `@kubernetes/client-node`: loading it takes 0.6 to 1 s, which each `./mesh` command and each run of the program would pay for a few
 * requests, and it has no deadline for a whole request. It is loaded only for credentials that this client does not know, such as those
 * from a program, and by `verify`, which also executes and forwards.
 */
export class ApiServer {
  constructor(
    private readonly credentials: Credentials,
    protected readonly timeoutMs: number,
  ) {}

  /**
   * The API server of a kubeconfig's current context.
   *
   * @param kubeconfig its text, with certificates inline.
   * @param timeoutMs see the constructor.
   */
  static async of(kubeconfig: string, timeoutMs: number): Promise<ApiServer> {
    const { server, ca, cert, key, servername, token } = accessOf(kubeconfig);
    if (token === undefined && cert === undefined) return new ApiServer(await helperCredentials(kubeconfig), timeoutMs);
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const apply = (options: https.RequestOptions): void => void Object.assign(options, { ca, cert, key, servername, headers });
    return new ApiServer({ server, apply, ended: () => ranOut({ token, cert }) }, timeoutMs);
  }

  /** URL of the API server. */
  get server(): string {
    return this.credentials.server;
  }

  /** GETs `path`. @throws KubeError for any response but 2xx; Error when the server does not answer. */
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

  /** The items at `path`; none when the kind is not served. */
  async list<T>(path: string): Promise<T[]> {
    return (await this.find<{ items?: T[] }>(path))?.items ?? [];
  }

  /** Only the metadata of the items at `path`: the rest is not sent. None when the kind is not served. */
  async listMetadata<T>(path: string): Promise<T[]> {
    const accept = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";
    try {
      const { body } = await this.text("GET", path, undefined, undefined, accept);
      return (JSON.parse(body) as { items?: T[] }).items ?? [];
    } catch (error) {
      if (error instanceof KubeError && error.status === 404) return [];
      throw error;
    }
  }

  /** DELETEs the object at `path`. One that does not exist is not an error. @throws as {@link get}. */
  async remove(path: string): Promise<void> {
    try {
      await this.request("DELETE", path);
    } catch (error) {
      if (!(error instanceof KubeError && error.status === 404)) throw error;
    }
  }

  /**
   * Applies an object (server-side apply) as the field manager `usmesh`, and takes over fields of other managers.
   *
   * @param options `dryRun`: the object is validated, also by webhooks, and not written.
   * @throws KubeError as {@link get}, with status 404 also when the kind is not served.
   */
  async apply(object: KubeObject, options: { readonly dryRun?: boolean } = {}): Promise<void> {
    const query = `fieldManager=usmesh&force=true${options.dryRun === true ? "&dryRun=All" : ""}`;
    await this.request("PATCH", `${await this.pathOf(object)}?${query}`, object, "application/apply-patch+yaml");
  }

  /** Path of an object. @throws KubeError with status 404 when its kind is not served. */
  async pathOf({ apiVersion, kind, metadata }: KubeObject): Promise<string> {
    const group = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const { resources } = await this.get<{ readonly resources: readonly { readonly name: string; readonly kind: string }[] }>(group);
    const resource = resources.find((candidate) => candidate.kind === kind && !candidate.name.includes("/"));
    if (resource === undefined) throw new KubeError(404, `${this.server} does not serve ${kind} of ${apiVersion}`);
    const namespace = metadata.namespace === undefined ? "" : `/namespaces/${metadata.namespace}`;
    return `${group}${namespace}/${resource.name}/${metadata.name}`;
  }

  /** Sends one request. @throws as {@link get}. */
  async request<T>(method: string, path: string, body?: unknown, type = "application/json"): Promise<Answer<T>> {
    const text = await this.text(method, path, body, type);
    return { body: (text.body === "" ? {} : JSON.parse(text.body)) as T, date: text.date };
  }

  /** As {@link request}, for responses that are not JSON, such as logs. */
  async text(method: string, path: string, body?: unknown, type = "application/json", accept = "application/json, */*"): Promise<Answer<string>> {
    const options: https.RequestOptions = { method, timeout: this.timeoutMs };
    await this.credentials.apply(options);
    const url = new URL(this.server.replace(/\/$/, "") + path);
    const payload = body === undefined ? undefined : JSON.stringify(body);
    const headers = { ...(options.headers as http.OutgoingHttpHeaders), accept };
    Object.assign(headers, payload === undefined ? {} : { "content-type": type, "content-length": Buffer.byteLength(payload) });
    return this.send(url, { ...options, headers }, payload);
  }

  /** A connection that was kept may end at the very moment when it is used again. Then the request is sent once more, by another one. */
  private async send(url: URL, options: https.RequestOptions, payload: string | undefined): Promise<Answer<string>> {
    return new Promise((resolve, reject) => {
      const request = (url.protocol === "http:" ? http : https).request(url, options, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          const answer = Buffer.concat(chunks).toString("utf8");
          const status = response.statusCode ?? 0;
          if (status >= 200 && status < 300) resolve({ body: answer, date: Date.parse(response.headers.date ?? "") });
          else reject(new KubeError(status, [refusal(status, answer), status === 401 ? this.credentials.ended?.() : undefined].filter(Boolean).join("; ")));
        });
      });
      const deadline = setTimeout(() => request.destroy(new Error(`no answer within ${this.timeoutMs / 1000} s`)), this.timeoutMs);
      request.on("close", () => clearTimeout(deadline));
      request.on("error", (error: NodeJS.ErrnoException) => {
        if (request.reusedSocket && error.code === "ECONNRESET") resolve(this.send(url, options, payload));
        else reject(error);
      });
      request.end(payload);
    });
  }
}

/** Credentials from a program (`exec`) or of another kind that only Kubernetes' own client knows. */
async function helperCredentials(kubeconfig: string): Promise<Credentials> {
  const { KubeConfig } = await import("@kubernetes/client-node");
  const config = new KubeConfig();
  config.loadFromString(kubeconfig);
  return clientCredentials(config);
}

/** The credentials in a kubeconfig that Kubernetes' own client has loaded. */
export function clientCredentials(config: KubeConfig): Credentials {
  const user = config.getCurrentUser();
  const exec = user?.exec as Exec | undefined;
  if (exec) tellProgram(exec);
  return {
    server: config.getCurrentCluster()?.server ?? "",
    apply: async (options) => {
      try {
        await config.applyToHTTPSOptions(options);
        // The client makes an agent for each request, and so a connection. Node.js' own keeps connections, by server and credentials.
        // That of a proxy stays, which is derived from it.
        if (options.agent?.constructor === https.Agent) delete options.agent;
      } catch (error) {
        if (!exec) throw error;
        const reason = (error as Error).message.trim().split("\n").at(-1);
        throw new MeshError("login-program-failed", `the program ${exec.command} of the kubeconfig gave no login (${reason || "it failed"})`, "Log in again, or install the program.");
      }
    },
    ended: () => (user === null ? undefined : ranOut({ token: user.token, cert: user.certData && Buffer.from(user.certData, "base64").toString() })),
  };
}

/** A program that gives a login, as a kubeconfig names it. */
interface Exec {
  readonly command: string;
  readonly apiVersion?: string;
  env?: { readonly name: string; readonly value: string }[] | null;
}

/** Tells the program which form of answer is expected, as `kubectl` does and this client does not. Some programs fail without it. */
function tellProgram(exec: Exec): void {
  const name = "KUBERNETES_EXEC_INFO";
  if (exec.env?.some((variable) => variable.name === name)) return;
  const info = { apiVersion: exec.apiVersion ?? "client.authentication.k8s.io/v1", kind: "ExecCredential", spec: { interactive: false } };
  exec.env = [...(exec.env ?? []), { name, value: JSON.stringify(info) }];
}

function refusal(status: number, answer: string): string {
  try {
    const message = (JSON.parse(answer) as { message?: string }).message;
    if (message) return message;
  } catch {
    // Not a Kubernetes Status but a proxy's page: the code alone has to do.
  }
  return `HTTP ${status}`;
}
