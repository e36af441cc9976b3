import { expect } from "chai";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { ApiServer, KubeError } from "../../../lib/api-server";
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
