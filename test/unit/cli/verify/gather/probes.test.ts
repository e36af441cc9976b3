import { expect } from "chai";
import { webcrypto } from "node:crypto";
import type { AddressInfo, Socket } from "node:net";
import tls from "node:tls";
import { certificates } from "../../../../../cli/verify/checks/certificates";
import { judgeConnection, presentedChain, probe } from "../../../../../cli/verify/gather/probes";
import { issue, type Signer } from "../support/authority";
import { sharedTrust } from "../support/cases";
import { type FakeCluster, fakeCluster, pod } from "../support/fake-cluster";

describe("the probe of a gateway's address from another cluster", () => {
  let cluster: FakeCluster;
  beforeEach(async () => (cluster = await fakeCluster("west", await sharedTrust())));
  afterEach(() => cluster.stop());

  const probed = async () => (await probe(cluster.kube, { ok: true, value: pod("web-1") }, "192.0.2.1", undefined)).connection;

  it("says that the address accepts connections", async () => expect(await probed()).to.deep.equal({ ok: true, value: { accepted: true } }));

  it("says why it does not", async () => {
    cluster.kube.command = { code: 28, stdout: "0.000000 Connection timed out", stderr: "" };
    expect(await probed()).to.deep.equal({ ok: true, value: { accepted: false, error: "Connection timed out" } });
  });

  for (const code of [-1, 126, 127]) {
    it(`could not try where the image has no curl (exit code ${code})`, async () => {
      cluster.kube.command = { code, stdout: "", stderr: "" };
      expect((await probed()).ok).to.equal(false);
    });
  }

  it("could not try where commands in pods are forbidden", async () => {
    cluster.kube.command = new Error("pods/exec is forbidden");
    expect(await probed()).to.deep.equal({ ok: false, error: "pods/exec is forbidden" });
  });

  it("could not try without a proxy, or with none that is ready", async () => {
    const without = await probe(cluster.kube, { ok: true, value: undefined }, "192.0.2.1", undefined);
    expect(without.connection).to.deep.equal({ ok: false, error: "there is no proxy" });
    const notReady = await probe(cluster.kube, { ok: false, error: "none is ready" }, "192.0.2.1", undefined);
    expect(notReady.connection).to.deep.equal({ ok: false, error: "none is ready" });
  });

  it("has no chain where no workload runs behind the gateway", async () => {
    expect((await probe(cluster.kube, { ok: true, value: undefined }, "192.0.2.1", undefined)).chain).to.deep.equal({ ok: true, value: undefined });
  });

  it("takes a connection for made whatever came after it", () => {
    expect(judgeConnection("0.000412 TLS connect error: unexpected eof")).to.deep.equal({ accepted: true });
    expect(judgeConnection("")).to.deep.equal({ accepted: false, error: "no connection" });
  });
});

describe("the certificates that a gateway presents", () => {
  let root: Signer;
  let server: tls.Server;
  let names: string[];
  beforeEach(async () => {
    names = [];
    root = await issue({ name: "root" });
    const leaf = await issue({ name: "workload", issuer: root, ca: false });
    const key = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", leaf.keys.privateKey)).toString("base64");
    const pem = `-----BEGIN PRIVATE KEY-----\n${key}\n-----END PRIVATE KEY-----\n`;
    const SNICallback = (name: string, done: (error: Error | null) => void): void => (names.push(name), done(null));
    server = tls.createServer({ key: pem, cert: leaf.pem + root.pem, ALPNProtocols: ["istio"], SNICallback });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  afterEach(() => server.close());

  const port = (): number => (server.address() as AddressInfo).port;

  it("are read by SNI, leaf first", async () => {
    const chain = await presentedChain("127.0.0.1", port(), "outbound_.80_._.web.shop.svc.cluster.local");
    expect(names).to.deep.equal(["outbound_.80_._.web.shop.svc.cluster.local"]);
    expect(certificates(chain.ok ? chain.value : "").map(({ subject }) => subject)).to.deep.equal(["CN=workload", "CN=root"]);
  });

  it("are not read where nothing listens, or where the connection is closed", async () => {
    const unused = port();
    await new Promise((resolve) => server.close(resolve));
    expect((await presentedChain("127.0.0.1", unused, "web")).ok).to.equal(false);
    server = tls.createServer({});
    server.on("connection", (socket: Socket) => socket.destroy());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    expect((await presentedChain("127.0.0.1", port(), "web")).ok).to.equal(false);
  });
});
