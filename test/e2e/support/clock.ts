import http from "node:http";
import https from "node:https";
import type { AddressInfo } from "node:net";
import { KubeConfig } from "@kubernetes/client-node";

/**
 * A server on loopback that forwards every request to an API server, and answers with a clock that is off. It runs as long as the process.
 * @param offsetMs by how much its clock is ahead.
 * @returns its URL.
 */
export async function serverWithAnotherClock(kubeconfig: string, offsetMs: number): Promise<string> {
  const config = new KubeConfig();
  config.loadFromString(kubeconfig);
  const target = config.getCurrentCluster()?.server ?? "";
  const server = http.createServer((request, response) => {
    void (async () => {
      const options: https.RequestOptions = { method: request.method };
      await config.applyToHTTPSOptions(options);
      const headers = { ...(options.headers as http.OutgoingHttpHeaders), accept: request.headers.accept, "content-type": request.headers["content-type"] };
      const onward = https.request(new URL(request.url ?? "/", target), { ...options, headers: JSON.parse(JSON.stringify(headers)) as http.OutgoingHttpHeaders }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, { ...answer.headers, date: new Date(Date.now() + offsetMs).toUTCString() });
        answer.pipe(response);
      });
      onward.on("error", () => response.destroy());
      request.pipe(onward);
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  server.unref();
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
