import http from "node:http";
import type { AddressInfo } from "node:net";

/** What the test pods of all clusters answer at their port for requests to others. */
export class FakeProber {
  /** Status of the answers. */
  status = 200;
  /** How many requests came. */
  asked = 0;
  /** Whether there is an endpoint behind the first part of a path, such as `east` or `+east`. */
  hasEndpoint: (first: string) => boolean = () => true;

  private constructor(private readonly server: http.Server) {
    server.on("request", (request: http.IncomingMessage, response: http.ServerResponse) => {
      this.asked += 1;
      const first = request.url?.split("/")[1] ?? "";
      const headers = { "x-served-by": first.replace("+", ""), "x-client": "By=spiffe://a;URI=spiffe://cluster.local/ns/n/sa/prober", "x-envoy-upstream-service-time": "7" };
      response.writeHead(this.hasEndpoint(first) ? this.status : 503, headers).end();
    });
  }

  static async start(): Promise<FakeProber> {
    const server = http.createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new FakeProber(server);
  }

  /** The local port that leads to it. */
  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}
