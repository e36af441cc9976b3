import { expect } from "chai";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KubeConfig } from "@kubernetes/client-node";
import { Kube } from "../../../cli/verify/kube";
import { serverVersion } from "../../../components/kubernetes/server-version";
import { ApiServer } from "../../../lib/api-server";
import { ranOut } from "../../../lib/login";
import { FakeApiServer } from "../support/fake-api-server";

const token = (claims: object): string => `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.c2ln`;

describe("a login", () => {
  it("tells when its token ran out, if it says so", () => {
    expect(ranOut({ token: token({ exp: 1000 }) }, 1_000_001)).to.equal("the kubeconfig's token ran out at 1970-01-01T00:16:40.000Z");
    expect(ranOut({ token: token({ exp: 1000 }) }, 999_999)).to.equal(undefined);
    for (const opaque of ["abc", "a.b.c", token({})]) expect(ranOut({ token: opaque })).to.equal(undefined);
    expect(ranOut({ cert: "not a certificate" })).to.equal(undefined);
    expect(ranOut({})).to.equal(undefined);
  });
});

describe("a user of a kubeconfig", () => {
  let folder: string;
  let api: FakeApiServer;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "usmesh-login-"));
    api = await FakeApiServer.start();
    api.objects.set("/version", { gitVersion: "v1.34.4", metadata: { name: "" } });
  });
  afterEach(() => {
    api.stop();
    rmSync(folder, { recursive: true });
  });

  /** Kubernetes' own client refuses a server without TLS, unless it is told not to look at certificates. */
  const kubeconfig = (user: object): string => {
    const fake = JSON.parse(api.kubeconfig) as { clusters: [{ name: string; cluster: object }] };
    const [{ name, cluster }] = fake.clusters;
    return JSON.stringify({ ...fake, clusters: [{ name, cluster: { ...cluster, "insecure-skip-tls-verify": true } }], users: [{ name: "fake", user }] });
  };
  /** A program as clouds have one: it gives a token, if it is told in which form. */
  const program = (script: string): string => {
    const file = join(folder, "login");
    writeFileSync(file, `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o755);
    return file;
  };
  const both = async (text: string): Promise<string[]> => {
    const config = new KubeConfig();
    config.loadFromString(text);
    const servers = [await ApiServer.of(text, 5000), new Kube(config, 5000)];
    return Promise.all(servers.map((server) => server.get("/version").then(() => "answered", (error: Error) => error.message)));
  };

  it("that is a program logs in for the version, for the program's looks and for verify alike", async () => {
    const command = program(`[ -n "$KUBERNETES_EXEC_INFO" ] || exit 9\necho '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"from-program"}}'`);
    const text = kubeconfig({ exec: { apiVersion: "client.authentication.k8s.io/v1", command } });
    expect(await serverVersion(text)).to.equal("v1.34.4");
    expect(await both(text)).to.deep.equal(["answered", "answered"]);
    expect(api.logins).to.deep.equal(Array(3).fill("Bearer from-program"));
  });

  it("that is a program says so when it is missing, or has no login itself", async () => {
    for (const [command, reason] of [[join(folder, "nowhere"), "ENOENT"], [program("echo 'first line' >&2; echo 'run: aws sso login' >&2; exit 1"), "run: aws sso login"]] as const) {
      for (const message of await both(kubeconfig({ exec: { apiVersion: "client.authentication.k8s.io/v1", command } }))) {
        expect(message).to.match(new RegExp(`^the program ${command} of the kubeconfig gave no login \\(.*${reason}\\)$`));
      }
    }
    expect(api.logins).to.deep.equal([]);
  });

  it("whose token has run out is told so when it is refused", async () => {
    for (let i = 0; i < 2; i++) api.refusals.push({ status: 401, message: "Unauthorized" });
    for (const message of await both(kubeconfig({ token: token({ exp: 1000 }) }))) {
      expect(message).to.equal("Unauthorized; the kubeconfig's token ran out at 1970-01-01T00:16:40.000Z");
    }
  });
});
