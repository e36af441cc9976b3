import http from "node:http";
import type { AddressInfo } from "node:net";
import { EXIT, MeshError } from "../../lib/errors";
import type { Listen } from "./listen";

/** Serves a text for Prometheus at `/metrics`. @returns the port, and what ends it. @throws MeshError when the port cannot be used. */
export async function serveMetrics({ host, port }: Listen, text: () => string): Promise<{ readonly port: number; close(): void }> {
  const server = http.createServer((request, response) => {
    const isMetrics = request.method === "GET" && request.url?.split("?")[0] === "/metrics";
    response.writeHead(isMetrics ? 200 : 404, { "content-type": isMetrics ? "text/plain; version=0.0.4; charset=utf-8" : "text/plain" });
    response.end(isMetrics ? text() : "Metrics are at /metrics.\n");
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => {
      reject(new MeshError("watch-metrics-port", `metrics cannot be served at ${host ?? ""}:${port}: ${error.message}`, "Name another port: --prometheus :9464", EXIT.unusable));
    });
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
