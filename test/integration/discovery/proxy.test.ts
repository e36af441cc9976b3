import { expect } from "chai";
import { ApiServer as Client } from "../../../lib/api-server";
import { startApiServer, type ApiServer } from "../support/api-server";
import { until } from "../../support/wait";
import { CANARY, fillCluster, leaks } from "./support/cluster";
import { HOST, ProxyUnderTest } from "./support/proxy";
import { attempts, bodyOf, type Attempt } from "./support/rights";
import { HEADERS, PATHS, SMUGGLED } from "./support/tricks";

describe("the discovery proxy in front of a real API server", () => {
  let server: ApiServer;
  let proxy: ProxyUnderTest;
  let token: string;

  before(async () => {
    server = await startApiServer({ name: "east" });
    ({ token } = await fillCluster(server));
    proxy = await ProxyUnderTest.start(server);
  });
  after(async () => {
    await proxy?.stop();
    await server?.stop();
  });

  /** A client that trusts what a remote Secret would name. */
  const client = (through: boolean): Client => {
    const headers = { authorization: `Bearer ${token}` };
    if (through) return new Client({ server: `https://127.0.0.1:${proxy.port}`, apply: (options) => void Object.assign(options, { ca: proxy.authority, servername: HOST, headers }) }, 10_000);
    return new Client({ server: server.url, apply: (options) => void Object.assign(options, { rejectUnauthorized: false, headers }) }, 10_000);
  };
  const statusOf = async (attempt: Attempt, through: boolean): Promise<number> => {
    try {
      const type = attempt.method === "PATCH" ? "application/merge-patch+json" : "application/json";
      await client(through).text(attempt.method ?? "GET", attempt.path, bodyOf(attempt), type);
      return attempt.method === "POST" ? 201 : 200;
    } catch (error) {
      return (error as { status?: number }).status ?? 0;
    }
  };

  describe("lets whoever has a peer's token", () => {
    for (const attempt of attempts({ namespace: "shop", pod: "web", service: "web", node: "node-0", account: "cluster-west" })) {
      const outcome = (status: number): string => (status < 300 ? "may" : "may not");
      it(`${attempt.what}: ${outcome(attempt.direct)} directly, ${outcome(attempt.through)} through the proxy`, async () => {
        expect({ direct: await statusOf(attempt, false), through: await statusOf(attempt, true) }).to.deep.equal({ direct: attempt.direct, through: attempt.through });
      });
    }

    it("see what istiod needs, as the API server has it", async () => {
      const names = async (path: string): Promise<string[]> => (await client(true).list<{ metadata: { name: string } }>(path)).map(({ metadata }) => metadata.name);
      expect(await names("/api/v1/services")).to.include("web");
      expect(await names("/api/v1/pods")).to.include("web");
      expect(await names("/api/v1/secrets")).to.deep.equal([]);
      expect(await names("/api/v1/namespaces/istio-system/configmaps?fieldSelector=metadata.name%3Distio")).to.deep.equal(["istio"]);
    });
  });

  it("passes nothing on for whoever has no token, or a wrong one", async () => {
    for (const wrong of ["", "wrong", `${token}x`]) expect((await proxy.http2("/api/v1/services", wrong)).status, wrong).to.be.oneOf([401, 403]);
  });

  it("passes nothing on at once when the peer's account is gone", async () => {
    const accounts = "/api/v1/namespaces/usmesh-discovery/serviceaccounts";
    await server.client.request("POST", accounts, { metadata: { name: "gone" } });
    const { body } = await server.client.request<{ status: { token: string } }>("POST", `${accounts}/gone/token`, { spec: {} });
    const asked = async (): Promise<number> => (await proxy.http2("/version", body.status.token)).status;
    expect(await asked()).to.equal(200);
    await server.client.remove(`${accounts}/gone`);
    // The API server keeps what it knows of a token for ten seconds.
    await until("the token to be refused", async () => (await asked()) === 401, { timeoutMs: 20_000, intervalMs: 500 });
  });

  describe("leads to no Secret", () => {
    const everywhere = (text: string): string[] => (text.includes("NS") ? ["istio-system", "shop"].map((namespace) => text.replaceAll("NS", namespace)) : [text]);
    const safe = (answer: string, what: string): void => {
      expect(leaks(answer), `${what}: ${answer.slice(0, 300)}`).to.equal(false);
    };

    it("and the search for one finds it where it is", async () => {
      const { body } = await server.client.text("GET", "/api/v1/namespaces/istio-system/secrets");
      expect(leaks(body)).to.equal(true);
      expect(leaks((await server.client.text("GET", "/api/v1/namespaces/istio-system/configmaps/other")).body)).to.equal(true);
      expect(CANARY).to.have.length.greaterThan(8);
    });

    it(`by ${PATHS.length} paths, by HTTP/2 and by HTTP/1.1`, async () => {
      const ask = async (path: string): Promise<void> => {
        const { status, body } = await proxy.http2(path, token);
        safe(body, path);
        expect(status, path).to.be.oneOf([0, 200, 400, 403, 404, 410]);
        safe(await proxy.raw(`GET ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nConnection: close\r\n\r\n`), path);
      };
      const paths = PATHS.flatMap(everywhere);
      // Each waits until nothing more comes. Few at a time, so that what comes is not late.
      for (let at = 0; at < paths.length; at += 8) await Promise.all(paths.slice(at, at + 8).map(ask));
    });

    it("by headers that mean another path, another method or another caller", async () => {
      for (const headers of HEADERS) {
        const filled = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.replaceAll("NS", "istio-system")]));
        for (const path of ["/api/v1/secrets", "/api/v1/namespaces/istio-system/secrets/cacerts", "/api/v1/pods?limit=1"]) {
          const { status, body } = await proxy.http2(path, token, filled);
          safe(body, JSON.stringify(filled));
          expect(path.includes("cacerts") ? status : 403, JSON.stringify(filled)).to.be.oneOf([0, 400, 403]);
        }
      }
    });

    it("by methods other than GET", async () => {
      for (const method of ["HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "get", "GETX"]) {
        for (const path of ["/api/v1/secrets", "/api/v1/pods"]) {
          const answer = await proxy.raw(`${method} ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
          safe(answer, method);
          expect(answer.split(" ")[1] ?? "closed", `${method} ${path}`).to.be.oneOf(["closed", "400", "403", "404"]);
        }
      }
    });

    for (const [what, bytes] of SMUGGLED) {
      it(`by ${what}`, async () => {
        for (const text of everywhere(bytes.replaceAll("TOKEN", token))) safe(await proxy.raw(text), what);
      });
    }

    it("by paths that chance makes of the parts of real ones", async () => {
      const parts = ["api", "apis", "v1", "secrets", "namespaces", "istio-system", "cacerts", "watch", "pods", "..", ".", "", "%2e%2e", "%2f", ";", "proxy", "usmesh-no-secrets", "?", "&", "watch=true&timeoutSeconds=1"];
      let seed = 20_260_101;
      const next = (): number => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648);
      for (let round = 0; round < 400; round += 1) {
        const path = `/${Array.from({ length: 2 + (next() % 7) }, () => parts[next() % parts.length]).join("/")}`;
        safe((await proxy.http2(path, token)).body, path);
      }
    });
  });

  // Tests of a suite itself run before those of the suites in it.
  describe("while it runs", () => {
    it("passes changes on as they come, and goes on with that while its certificate is renewed", async () => {
      const stream = client(true).text("GET", "/api/v1/services?watch=true&timeoutSeconds=6");
      const before = await proxy.presented();
      await proxy.renew();
      await until("the new certificate to be served", async () => (await proxy.presented()) !== before, { timeoutMs: 5_000 });
      await server.client.request("POST", "/api/v1/namespaces/shop/services", { metadata: { name: "later" }, spec: { ports: [{ port: 80 }] } });
      expect((await stream).body).to.contain('"name":"later"');
    });

    it("is ready while the API server is, and shows its metrics", async () => {
      expect(await proxy.status("/ready")).to.equal(200);
      expect(await proxy.status("/live")).to.equal(200);
      expect(await proxy.status("/metrics")).to.equal(200);
      for (const path of ["/config_dump", "/certs", "/quitquitquit", "/metrics/../config_dump"]) expect(await proxy.status(path), path).to.equal(404);
      await server.halt();
      await until("the proxy not to be ready", async () => (await proxy.status("/ready")) === 503, { timeoutMs: 40_000, intervalMs: 500 });
      expect(await proxy.status("/live")).to.equal(200);
      await server.resume();
      await until("the proxy to be ready again", async () => (await proxy.status("/ready")) === 200, { timeoutMs: 40_000, intervalMs: 500 });
    });

    it("logs who asked for what, and never a token", () => {
      expect(proxy.log).to.contain("GET /api/v1/namespaces/usmesh-no-secrets/secrets HTTP/2 200").and.to.contain("/api/v1/namespaces/shop/secrets HTTP/1.1 403");
      expect(proxy.log).not.to.contain(token.slice(0, 40)).and.not.to.contain("Bearer");
    });
  });
});
