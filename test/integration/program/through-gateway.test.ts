import { expect } from "chai";
import { parse } from "yaml";
import { ApiServer as Client, KubeError } from "../../../lib/api-server";
import { inSteps } from "../../support/steps";
import { until } from "../../support/wait";
import { done } from "../support/events";
import { expectNothingLeft, secretIn, secretNames, secretUid } from "./support/objects";
import { openSite, type Site } from "./support/site";

const REMOTE = "istio-remote-secret-usmesh";
const KEYS = ["west", "east"] as const;
type Key = (typeof KEYS)[number];

/** A kubeconfig in a remote Secret. */
interface Remote {
  readonly clusters: readonly [{ readonly cluster: { readonly server: string; readonly "tls-server-name"?: string } }];
  readonly users: readonly [{ readonly user: { readonly token: string } }];
}

// No gateway serves here. What leads to the proxy is created all the same, and what its accounts may do is asked of the API servers.
describe("west and east that read each other through their gateways", function () {
  inSteps(this);
  let site: Site;

  const configure = (through: "gateway" | "apiServer", peers: readonly Key[] = KEYS): void =>
    KEYS.forEach((key) => site.configure(key, [key], { peering: { through }, ...(peers.includes(key) ? {} : { peers: [] }) }));
  before(async () => {
    site = await openSite(KEYS);
    configure("gateway");
  });
  after(() => site.close());

  const up = async (key: Key): Promise<string[]> => done(await site.pulumi("up", key));
  /** The kubeconfig with which a cluster's istiod reads the other one. */
  const remote = async (from: Key): Promise<Remote> => {
    const content = (await secretIn(site.server(from), "istio-system", REMOTE)) ?? {};
    return parse(content[`${from === "west" ? "east" : "west"}-cluster`] ?? "") as Remote;
  };
  const tokenOf = async (from: Key): Promise<string> => (await remote(from)).users[0].user.token;
  /** The status of a path of a cluster's API server with a token. */
  const asked = async (key: Key, token: string, path: string): Promise<number> => {
    const client = new Client({ server: site.server(key).url, apply: (options) => void Object.assign(options, { rejectUnauthorized: false, headers: { authorization: `Bearer ${token}` } }) }, 10_000);
    return client.text("GET", path).then(
      () => 200,
      (error: Error) => (error instanceof KubeError ? error.status : Promise.reject(error)),
    );
  };
  const readers = async (key: Key): Promise<string[]> => (await secretNames(site.server(key), "istio-system")).filter((name) => name.startsWith("istio-reader-service-account-"));
  const accounts = async (key: Key): Promise<string[]> => (await secretNames(site.server(key), "usmesh-discovery")).sort();

  it("come up with one command, each with an account of its own in the other", async () => {
    expect(await site.meshDoes("up", "west", "east")).to.contain("Wired: east->west, west->east");
    expect(await accounts("west")).to.deep.equal(["discovery-proxy", "stack-east-1"]);
    expect(await accounts("east")).to.deep.equal(["discovery-proxy", "stack-west-1"]);
    for (const key of KEYS) expect(await readers(key)).to.deep.equal([]);
  });

  it("have in their remote Secrets the other's gateway, and the name and authority of what is behind it", async () => {
    expect((await remote("west")).clusters[0].cluster).to.include({ server: "https://172.18.2.2:15443", "tls-server-name": "east.discovery.usmesh.internal" });
    expect((await remote("east")).clusters[0].cluster).to.include({ server: "https://172.18.1.2:15443", "tls-server-name": "west.discovery.usmesh.internal" });
  });

  it("may read what istiod needs and no Secret, also at the API server itself", async () => {
    const token = await tokenOf("west");
    for (const path of ["/api/v1/services", "/api/v1/pods", "/api/v1/namespaces/usmesh-no-secrets/secrets"]) expect(await asked("east", token, path), path).to.equal(200);
    for (const path of ["/api/v1/secrets", "/api/v1/namespaces/istio-system/secrets", "/api/v1/namespaces/usmesh-discovery/secrets", "/api/v1/configmaps"]) {
      expect(await asked("east", token, path), path).to.equal(403);
    }
    expect(await asked("west", token, "/api/v1/services"), "in its own cluster").to.equal(401);
  });

  it("have no Secret where the proxy looks for them, and cannot have one", async () => {
    for (const key of KEYS) {
      const path = "/api/v1/namespaces/usmesh-no-secrets/secrets";
      expect(await site.server(key).client.list(path)).to.deep.equal([]);
      const refused = await site.server(key).client.request("POST", path, { metadata: { name: "x" } }).catch((error: Error) => error);
      expect(refused).to.be.an("error").with.property("message").that.contains("exceeded quota");
    }
  });

  it("stay as they are at the next up", async () => {
    for (const key of KEYS) expect(await up(key)).to.deep.equal([]);
  });

  it("move to the API servers one after the other: each is read in both ways until the other has followed", async () => {
    const uid = await secretUid(site.server("east"), "istio-system", REMOTE);
    const before = await tokenOf("east");
    configure("apiServer");
    expect(await up("west")).to.include("create west-istio-reader-1").and.not.to.include("delete west-discovery-deployment");
    expect(await asked("west", before, "/api/v1/services")).to.equal(200);
    await up("east");
    expect((await remote("east")).clusters[0].cluster).to.include({ server: site.address("west") }).and.not.to.have.property("tls-server-name");
    expect(await secretUid(site.server("east"), "istio-system", REMOTE)).to.equal(uid);
    expect(await up("west")).to.include("delete west-discovery-deployment").and.to.include("update peering-west");
    expect(await up("east")).to.include("delete east-discovery-deployment");
  });

  it("and back", async () => {
    configure("gateway");
    for (const key of ["west", "east", "west", "east"] as const) await up(key);
    for (const key of KEYS) expect(await readers(key), key).to.deep.equal([]);
    expect((await remote("west")).clusters[0].cluster.server).to.equal("https://172.18.2.2:15443");
  });

  it("read with new tokens and a new authority after a raise, and with those before until then", async () => {
    const [token, before] = [await tokenOf("east"), await remote("east")];
    site.configure("west", ["west"], { peering: { through: "gateway", generation: 2 } });
    expect(await up("west")).to.include("create west-discovery-stack-east-2").and.to.include("create west-discovery-trust-ca-2").and.not.to.include("update west-discovery-trust-server");
    expect(await asked("west", token, "/api/v1/services")).to.equal(200);
    await up("east");
    expect(await tokenOf("east")).not.to.equal(token);
    expect(JSON.stringify((await remote("east")).clusters)).not.to.equal(JSON.stringify(before.clusters));
    site.configure("west", ["west"], { peering: { through: "gateway", generation: 3 } });
    expect(await up("west")).to.include("delete west-discovery-stack-east-1");
    await until("the first token to be refused", async () => (await asked("west", token, "/api/v1/services")) === 401, { timeoutMs: 30_000, intervalMs: 500 });
  });

  it("cut one off at once that is no longer a peer", async () => {
    const token = await tokenOf("east");
    // West still signs for it, and names another stack, which is not up.
    site.configure("west", ["west"], { peering: { through: "gateway", generation: 3 }, peers: ["organization/usmesh/north"], trust: { members: ["west", "east"] } });
    expect(await up("west")).to.include("delete west-discovery-stack-east");
    await until("its token to be refused", async () => (await asked("west", token, "/api/v1/services")) === 401, { timeoutMs: 30_000, intervalMs: 500 });
  });

  it("are told who has to name them before they can read", async () => {
    const { code, stdout, stderr } = await site.mesh("up", "east");
    expect(code).to.equal(1);
    expect(stdout + stderr).to.contain("stack west: it has no account for stack east: add east to its usmesh:peers and bring it up again");
  });

  it("go down with one command, and leave nothing", async () => {
    site.configure("west", ["west"], { peering: { through: "gateway", generation: 3 } });
    await site.meshDoes("down", "--yes", "west", "east");
    for (const key of KEYS) await expectNothingLeft(site.server(key));
  });
});
