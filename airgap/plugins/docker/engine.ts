/** A client of the Docker engine's HTTP interface on its socket. */
import { request as httpRequest } from "node:http";
import { text } from "node:stream/consumers";
import { see } from "../../../lib/troubleshooting";

/** Options of a request. */
export interface RequestOptions {
  body?: object;
  /** Error statuses to accept; the answer is then undefined. */
  accept?: readonly number[];
}

/** The fields of an image that are read. */
export interface Image {
  Id: string;
}

/**
 * Where the engine listens: the provider's setting, or DOCKER_HOST, or the default socket. As in the official plugin, the docker
 * command's current context is not used.
 */
export function hostOf(setting: string | null | undefined, env: NodeJS.ProcessEnv): string {
  if (env["DOCKER_CONTEXT"]) throw unsupported("DOCKER_CONTEXT: unset it, and set DOCKER_HOST");
  const host = setting || env["DOCKER_HOST"] || "unix:///var/run/docker.sock";
  if (!host.startsWith("unix://")) throw unsupported(`DOCKER_HOST=${host}, only unix:// and a path`);
  return host;
}

function unsupported(what: string): Error {
  return new Error(`the air-gap plugin docker does not support ${what}${see("airgap-plugin-refuses")}`);
}

/** The Docker engine at a socket. No part of a request, such as a container's environment, is ever an argument of a process. */
export class DockerEngine {
  /** @param host where it listens, `unix://` and a path */
  constructor(private readonly host: string) {}

  /**
   * Sends a request.
   *
   * @param path such as `/containers/create`; without a version, so that the engine uses its newest
   * @returns the answer's JSON; undefined for an empty answer and for accepted failures
   * @throws with the engine's own message for any other failure
   */
  async request<A = unknown>(method: string, path: string, options: RequestOptions = {}): Promise<A | undefined> {
    const answer = await this.send(method, path, options);
    return answer ? (JSON.parse(answer) as A) : undefined;
  }

  /** The image with that name or id; pulled without credentials when the engine does not have it. */
  async ensureImage(name: string): Promise<Image> {
    const local = await this.image(name);
    if (local) return local;
    await this.pull(name);
    const pulled = await this.image(name);
    if (!pulled) throw new Error(`the image ${name} was pulled, but the engine does not have it`);
    return pulled;
  }

  /** The image with that name or id; undefined when the engine does not have it. */
  image(name: string): Promise<Image | undefined> {
    return this.request<Image>("GET", `/images/${name}/json`, { accept: [404] });
  }

  private async pull(name: string): Promise<void> {
    // Without a tag the engine would pull all tags.
    const tag = /[:@][^/]*$/.test(name) ? "" : "&tag=latest";
    try {
      const progress = await this.send("POST", `/images/create?fromImage=${encodeURIComponent(name)}${tag}`, {});
      const lines = progress.split("\n").filter((line) => line.trim());
      const failed = lines.map((line) => (JSON.parse(line) as { error?: string }).error).find((error) => error);
      // The status is that of a success, since the answer starts before the pull fails.
      if (failed) throw new Error(failed);
    } catch (error) {
      throw new Error(`unable to pull image ${name}: ${(error as Error).message}`);
    }
  }

  private async send(method: string, path: string, { body, accept = [] }: RequestOptions): Promise<string> {
    const { status, answer } = await this.exchange(method, path, body).catch((error: Error) => {
      throw new Error(`Docker does not answer at ${this.host}: ${error.message}${see("docker-not-running")}`);
    });
    if (status < 400) return answer;
    if (accept.includes(status)) return "";
    throw new Error(messageOf(answer) || `${method} ${path}: status ${status}`);
  }

  private exchange(method: string, path: string, body: object | undefined): Promise<{ status: number; answer: string }> {
    const json = body && Buffer.from(JSON.stringify(body));
    const headers = { Host: "docker", ...(json && { "Content-Type": "application/json", "Content-Length": json.length }) };
    const socketPath = this.host.slice("unix://".length);
    return new Promise((resolve, reject) => {
      const request = httpRequest({ socketPath, method, path, headers, agent: false }, (response) => {
        text(response).then((answer) => resolve({ status: response.statusCode ?? 0, answer }), reject);
      });
      request.on("error", reject);
      request.end(json);
    });
  }
}

function messageOf(answer: string): string {
  try {
    return (JSON.parse(answer) as { message?: string }).message ?? "";
  } catch {
    return answer.trim();
  }
}
