import { expect } from "chai";
import { serveMetrics } from "../../../../cli/watch/serve";

describe("the server of metrics", () => {
  it("answers /metrics with the newest text, and nothing else", async () => {
    let count = 0;
    const server = await serveMetrics({ host: "127.0.0.1", port: 0 }, () => `count ${(count += 1)}\n`);
    try {
      const get = async (path: string, method = "GET") => {
        const answer = await fetch(`http://127.0.0.1:${server.port}${path}`, { method });
        return [answer.status, await answer.text()];
      };
      expect(await get("/metrics")).to.deep.equal([200, "count 1\n"]);
      expect(await get("/metrics?x=1")).to.deep.equal([200, "count 2\n"]);
      expect(await get("/other")).to.deep.equal([404, "Metrics are at /metrics.\n"]);
      expect((await get("/metrics", "POST"))[0]).to.equal(404);
    } finally {
      server.close();
    }
  });

  it("refuses a port that is taken", async () => {
    const first = await serveMetrics({ host: "127.0.0.1", port: 0 }, () => "");
    try {
      const refusal: unknown = await serveMetrics({ host: "127.0.0.1", port: first.port }, () => "").catch((error: unknown) => error);
      expect(refusal).to.include({ exitCode: 2 }).and.have.property("message").that.contains(`metrics cannot be served at 127.0.0.1:${first.port}`);
    } finally {
      first.close();
    }
  });
});
