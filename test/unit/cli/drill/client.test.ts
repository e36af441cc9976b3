import { expect } from "chai";
import http2 from "node:http2";
import type { AddressInfo } from "node:net";
import { withClient } from "../../../../cli/drill/client";
import { FakeKube } from "./support/fake-kube";

describe("the client of a drill", () => {
  let server: http2.Http2Server;
  let sessions: http2.ServerHttp2Session[];
  let paths: string[];
  const kube = new FakeKube();
  beforeEach(async () => {
    [sessions, paths] = [[], []];
    server = http2.createServer((request, response) => {
      paths.push(request.url);
      if (request.url.startsWith("/errors-retried")) response.stream.respond({ ":status": 200, "x-served-by": "east" });
      if (request.url.startsWith("/frozen-pod")) return;
      if (request.url.startsWith("/no-replica")) return response.stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR);
      if (!response.headersSent) response.stream.respond({ ":status": 503 });
      response.stream.end("no healthy upstream");
    });
    server.on("session", (session) => sessions.push(session));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    kube.localPort = (server.address() as AddressInfo).port;
  });
  afterEach(() => {
    for (const session of sessions) session.destroy();
    server.close();
  });

  it("tells the status of each answer and which cluster gave it", async () => {
    const answers = await withClient(kube, "client", ({ send }) => Promise.all([send("errors")("off"), send("errors")("on")]));
    expect(answers).to.deep.equal([{ status: 503 }, { status: 200, servedBy: "east" }]);
    expect(paths).to.have.members(["/errors/", "/errors-retried/"]);
  });

  it("uses one connection for all requests", async () => {
    await withClient(kube, "client", ({ send }) => Promise.all(Array.from({ length: 50 }, () => send("errors")("on"))));
    expect([paths.length, sessions.length]).to.deep.equal([50, 1]);
  });

  it("has no answer where the request is broken off, or nothing comes in time", async () => {
    const answers = await withClient(kube, "client", ({ send }) => Promise.all([send("no-replica")("off"), send("frozen-pod")("off")]), 50);
    expect(answers).to.deep.equal([{ status: 0 }, { status: 0 }]);
  });

  it("knows that its connection was lost, and has no answers from then on", async () => {
    await withClient(kube, "client", async (client) => {
      await client.send("errors")("on");
      expect(client.lost()).to.equal(false);
      sessions.forEach((session) => session.destroy());
      while (!client.lost()) await new Promise((resolve) => setTimeout(resolve, 5));
      expect(await client.send("errors")("on")).to.deep.equal({ status: 0 });
    });
  });

  it("has no answers where there is nobody at the port", async () => {
    kube.localPort = 1;
    expect(await withClient(kube, "client", ({ send }) => send("errors")("on"))).to.deep.equal({ status: 0 });
  });
});
