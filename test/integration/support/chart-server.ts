/** Serves one chart as a chart repository and as an OCI registry, both behind a name and a password. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { run } from "../../../airgap/plugins/lib/run";
import { airgapBinary } from "./home";
import { GREETER } from "./greetings";

export const USER = "reader";
export const PASSWORD = "hunter2-of-the-repository";

/** A server of charts; `requests` is what it was asked for, `stop` ends it. */
export interface ChartServer {
  url: string;
  requests: string[];
  stop(): Promise<void>;
}

interface Answer {
  type?: string;
  headers?: Record<string, string>;
  body: Buffer | string;
}
type Routes = (path: string) => Answer | undefined;

/** A chart repository over HTTP with the given versions of the greeter chart. */
export async function startRepository(folder: string, versions: string[]): Promise<ChartServer> {
  for (const version of versions) await packageChart(folder, version);
  await run(airgapBinary("helm"), ["repo", "index", folder]);
  const requests: string[] = [];
  const file = (path: string) => join(folder, path);
  const routes: Routes = (path) => (existsSync(file(path)) ? { body: readFileSync(file(path)) } : undefined);
  return started(createServer(guarded(routes, requests)), "http", requests);
}

/** An OCI registry over HTTPS with one version of the greeter chart at `charts/greeter`, and its authority's certificate. */
export async function startRegistry(folder: string, version: string): Promise<ChartServer & { caFile: string }> {
  const layer = readFileSync(await packageChart(folder, version));
  const config = Buffer.from(JSON.stringify({ name: "greeter", version, apiVersion: "v2" }));
  const descriptor = (mediaType: string, content: Buffer) => ({ mediaType, digest: digest(content), size: content.length });
  const type = "application/vnd.oci.image.manifest.v1+json";
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: type,
    config: descriptor("application/vnd.cncf.helm.config.v1+json", config),
    layers: [descriptor("application/vnd.cncf.helm.chart.content.v1.tar+gzip", layer)],
  });
  const name = "/v2/charts/greeter";
  const headers = { "docker-content-digest": digest(Buffer.from(manifest)) };
  const answers: Record<string, Answer> = {
    "/v2/": { body: "{}" },
    [`${name}/tags/list`]: { type: "application/json", body: JSON.stringify({ name: "charts/greeter", tags: [version] }) },
    [`${name}/manifests/${version}`]: { type, headers, body: manifest },
    [`${name}/manifests/${headers["docker-content-digest"]}`]: { type, headers, body: manifest },
    [`${name}/blobs/${digest(config)}`]: { body: config },
    [`${name}/blobs/${digest(layer)}`]: { body: layer },
  };
  const [keyFile, caFile] = [join(folder, "key.pem"), join(folder, "ca.pem")];
  const subject = ["-subj", "/CN=registry", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "1"];
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", keyFile];
  await run("openssl", ["req", "-x509", ...key, "-out", caFile, ...subject]);
  const requests: string[] = [];
  const tls = { key: readFileSync(keyFile), cert: readFileSync(caFile) };
  const server = createTlsServer(
    tls,
    guarded((path) => answers[path], requests),
  );
  const registry = await started(server, "oci", requests);
  return { ...registry, url: `${registry.url}/charts/greeter`, caFile };
}

/** Answers whoever gives the name and the password. */
function guarded(routes: Routes, requests: string[]): RequestListener {
  const credentials = `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString("base64")}`;
  return (request, response) => {
    const path = (request.url ?? "").split("?", 1)[0] as string;
    requests.push(`${request.method} ${path}`);
    if (request.headers.authorization !== credentials) {
      response.writeHead(401, { "www-authenticate": 'Basic realm="charts"' }).end();
      return;
    }
    const answer = routes(path);
    if (answer === undefined) {
      response.writeHead(404).end();
      return;
    }
    const { type = "application/octet-stream", headers = {}, body } = answer;
    response.writeHead(200, { "content-type": type, "content-length": Buffer.byteLength(body), ...headers });
    response.end(request.method === "HEAD" ? undefined : body);
  };
}

async function started(server: Server, scheme: string, requests: string[]): Promise<ChartServer> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function packageChart(folder: string, version: string): Promise<string> {
  await run(airgapBinary("helm"), ["package", GREETER, "--version", version, "--destination", folder]);
  return join(folder, `greeter-${version}.tgz`);
}

function digest(content: Buffer): string {
  return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}
