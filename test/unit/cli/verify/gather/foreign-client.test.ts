import { X509Certificate, webcrypto } from "node:crypto";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import net, { type AddressInfo } from "node:net";
import * as path from "node:path";
import { expect } from "chai";
import { admission, foreignClient, type ForeignClient } from "../../../../../cli/verify/gather/foreign-client";
import { folderForEach } from "../../support/folder";
import { issue, type Signer } from "../support/authority";

const SNI = "outbound_.80_._.web.shop.svc.cluster.local";

describe("a client of another root", function () {
  // Each test starts a server, which takes time on a busy machine.
  this.timeout(60_000);

  const folder = folderForEach();
  let client: ForeignClient;
  let root: Signer;
  let server: ChildProcess | undefined;
  before(async () => {
    client = await foreignClient("mesh.example");
    root = await issue({ name: "root", days: 3650 });
  });
  afterEach(() => server?.kill("SIGKILL"));

  /** OpenSSL's server, which says in alerts what it has against a client, as Envoy does; Node.js closes the connection. @returns its port */
  async function serve(...options: string[]): Promise<number> {
    const write = (name: string, text: string): string => {
      fs.writeFileSync(path.join(folder(), name), text, { mode: 0o600 });
      return path.join(folder(), name);
    };
    const leaf = await issue({ name: "workload", issuer: root, ca: false, days: 3650 });
    const key = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", leaf.keys.privateKey)).toString("base64");
    const own = ["-cert", write("cert.pem", leaf.pem), "-key", write("key.pem", `-----BEGIN PRIVATE KEY-----\n${key}\n-----END PRIVATE KEY-----\n`)];
    const started = spawn("openssl", ["s_server", "-accept", "127.0.0.1:0", ...own, "-CAfile", write("root.pem", root.pem), ...options], { stdio: ["pipe", "pipe", "ignore"] });
    server = started;
    let said = "";
    for (;;) {
      const port = /ACCEPT \S+:(\d+)/.exec(said)?.[1];
      if (port !== undefined) return Number(port);
      const [chunk] = (await once(started.stdout, "data")) as [Buffer];
      said += chunk.toString();
    }
  }

  const REFUSES = ["-Verify", "4", "-verify_return_error"];
  const TAKES_ALL = ["-verify", "4"];

  it("has the identity of a workload, from an authority of its own", () => {
    const [leaf, authority] = client.chain.split(/(?<=-----END CERTIFICATE-----\n)/).map((pem) => new X509Certificate(pem));
    expect(leaf!.subjectAltName).to.equal("URI:spiffe://mesh.example/ns/default/sa/default");
    expect(leaf!.verify(authority!.publicKey)).to.equal(true);
    expect([leaf!.ca, authority!.ca]).to.deep.equal([false, true]);
    expect(Date.parse(leaf!.validTo) - Date.now()).to.be.lessThan(2 * 3_600_000);
  });

  for (const version of ["-tls1_2", "-tls1_3"]) {
    it(`is refused by a server that takes its own root alone (${version})`, async () => {
      const result = await admission("127.0.0.1", await serve(...REFUSES, version), SNI, client);
      expect(result).to.deep.include({ ok: true }).and.to.have.nested.property("value.accepted", false);
      expect(result).to.have.nested.property("value.refusal").that.matches(/alert/);
    });

    it(`is accepted by a server that takes any certificate (${version})`, async () => {
      expect(await admission("127.0.0.1", await serve(...TAKES_ALL, version), SNI, client)).to.deep.equal({ ok: true, value: { accepted: true } });
    });
  }

  it("is neither where the connection is closed without a reason, each of three times, or nothing listens", async () => {
    let connections = 0;
    const closing = net.createServer((socket) => ((connections += 1), socket.destroy()));
    await new Promise<void>((resolve) => closing.listen(0, "127.0.0.1", resolve));
    const { port } = closing.address() as AddressInfo;
    expect((await admission("127.0.0.1", port, SNI, client)).ok).to.equal(false);
    expect(connections).to.equal(3);
    await new Promise((resolve) => closing.close(resolve));
    expect((await admission("127.0.0.1", port, SNI, client)).ok).to.equal(false);
  });

  it("is neither where the server speaks no TLS", async () => {
    const plain = net.createServer((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
    await new Promise<void>((resolve) => plain.listen(0, "127.0.0.1", resolve));
    expect((await admission("127.0.0.1", (plain.address() as AddressInfo).port, SNI, client)).ok).to.equal(false);
    plain.close();
  });
});
