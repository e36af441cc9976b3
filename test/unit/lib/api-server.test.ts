import { expect } from "chai";
import http from "node:http";
import type https from "node:https";
import type { AddressInfo } from "node:net";
import { KubeConfig } from "@kubernetes/client-node";
import { ApiServer, clientCredentials, KubeError } from "../../../lib/api-server";
import { FakeApiServer } from "../support/fake-api-server";

const MAP = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "map", namespace: "default" } };
const PATH = "/api/v1/namespaces/default/configmaps/map";

describe("an API server", () => {
  let fake: FakeApiServer;
  let server: ApiServer;
  beforeEach(async () => {
    fake = await FakeApiServer.start();
    server = await ApiServer.of(fake.kubeconfig, 5000);
  });
  afterEach(() => fake.stop());
  const failureOf = (promise: Promise<unknown>): Promise<unknown> => promise.then(() => undefined, (error: unknown) => error);

  it("is asked for objects, of which one that does not exist is undefined or an error with its status", async () => {
    expect(await server.find(PATH)).to.equal(undefined);
    expect(await failureOf(server.get(PATH))).to.be.instanceOf(KubeError).with.property("status", 404);
    fake.objects.set(PATH, MAP);
    expect(await server.find(PATH)).to.deep.equal(MAP);
  });

  it("says why it refuses a request, or at least with which code", async () => {
    fake.refusals.push({ status: 403, message: "forbidden: no such right" }, { status: 500, message: "" });
    expect(await failureOf(server.find(PATH))).to.include({ status: 403, message: "forbidden: no such right" });
    expect(await failureOf(server.find(PATH))).to.include({ status: 500, message: "HTTP 500" });
  });

  it("applies objects over whatever exists, and removes them, also when they do not exist", async () => {
    await server.apply(MAP);
    expect(fake.objects.get(PATH)).to.deep.include({ kind: "ConfigMap" });
    expect(fake.asked.at(-1)).to.deep.include({ method: "PATCH", path: PATH, query: "?fieldManager=usmesh&force=true" });
    await server.remove(PATH);
    await server.remove(PATH);
    expect(fake.objects.size).to.equal(0);
  });

  it("validates an object without writing it in a dry run", async () => {
    await server.apply(MAP, { dryRun: true });
    expect(fake.asked.at(-1)?.query).to.contain("dryRun=All");
    expect(fake.objects.size).to.equal(0);
  });

  it("does not know the path of a kind that it does not serve", async () => {
    expect(await failureOf(server.pathOf({ ...MAP, kind: "Gateway" }))).to.be.instanceOf(KubeError).with.property("status", 404);
  });

  it("lists nothing of a kind that it does not serve", async () => {
    expect(await server.list("/apis/unknown/v1/things")).to.deep.equal([]);
    expect(await server.listMetadata("/apis/unknown/v1/things")).to.deep.equal([]);
  });

  it("is asked once more when it ends a connection that was kept, and not when it ends a new one", async () => {
    const asked = new Map<object, number>();
    let most = 1;
    const brief = http.createServer(({ socket }, response) => {
      asked.set(socket, (asked.get(socket) ?? 0) + 1);
      if (asked.get(socket)! > most) socket.resetAndDestroy();
      else response.end("{}");
    });
    await new Promise<void>((resolve) => brief.listen(0, "127.0.0.1", resolve));
    try {
      const client = new ApiServer({ server: `http://127.0.0.1:${(brief.address() as AddressInfo).port}`, apply: () => undefined }, 5000);
      await client.get("/first");
      await new Promise((resolve) => setTimeout(resolve, 10));
      expect(await client.get("/second")).to.deep.equal({});
      expect([...asked.values()]).to.deep.equal([2, 1]);
      most = 0;
      brief.closeAllConnections();
      await new Promise((resolve) => setTimeout(resolve, 10));
      expect(await failureOf(client.get("/third"))).to.be.instanceOf(Error).with.property("code", "ECONNRESET");
    } finally {
      brief.close();
      brief.closeAllConnections();
    }
  });

  it("is asked over connections that are kept, with the credentials of Kubernetes' own client too, unless they go through a proxy", async () => {
    const config = new KubeConfig();
    const optionsFor = async (cluster: object): Promise<https.RequestOptions> => {
      config.loadFromOptions({ clusters: [{ name: "c", server: "https://127.0.0.1:1", caData: "Yw==", ...cluster }], users: [{ name: "u", token: "t" }], contexts: [{ name: "c", cluster: "c", user: "u" }], currentContext: "c" });
      const options: https.RequestOptions = {};
      await clientCredentials(config).apply(options);
      return options;
    };
    const { agent, ca, headers } = await optionsFor({});
    expect([agent, String(ca), headers]).to.deep.equal([undefined, "c", { Authorization: "Bearer t" }]);
    expect((await optionsFor({ proxyUrl: "http://127.0.0.1:2" })).agent).to.be.an("object");
  });

  it("that does not answer in time is an error, which is not a response of it", async () => {
    const silent = http.createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    try {
      const { port } = silent.address() as AddressInfo;
      const impatient = await ApiServer.of(fake.kubeconfig.replace(/127\.0\.0\.1:\d+/, `127.0.0.1:${port}`), 20);
      const failure = await failureOf(impatient.get("/version"));
      expect(failure).to.be.an("error").with.property("message", "no answer within 0.02 s");
      expect(failure).not.to.be.instanceOf(KubeError);
    } finally {
      silent.closeAllConnections();
      silent.close();
    }
  });
});
