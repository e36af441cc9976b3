import { expect } from "chai";
import { mkdtempSync, rmSync, writeFileSync, readFileSync } from "node:fs";
import { type IncomingMessage, type Server, type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { openAccess } from "../../../../airgap/plugins/kubernetes/access";
import { openApi } from "../../../../airgap/plugins/kubernetes/cluster/api";
import { credentialSource } from "../../../../airgap/plugins/kubernetes/cluster/credentials";
import { ApiError, NoMatchError, UnreachableError, isNotFound } from "../../../../airgap/plugins/kubernetes/cluster/errors";
import { activeContext, loadKubeconfig } from "../../../../airgap/plugins/kubernetes/cluster/kubeconfig";
import { openTransport } from "../../../../airgap/plugins/kubernetes/cluster/transport";
import type { JsonObject } from "../../../../airgap/plugins/kubernetes/objects";
import { parseSettings } from "../../../../airgap/plugins/kubernetes/settings";

const TOKEN = "very-secret-token";

/** A kubeconfig with one context `a`. */
function kubeconfig(server: string, { user = { token: TOKEN }, cluster = {}, namespace }: { user?: object; cluster?: object; namespace?: string } = {}): string {
  return stringify({
    "current-context": "a",
    contexts: [{ name: "a", context: { cluster: "ca", user: "ua", ...(namespace ? { namespace } : {}) } }],
    clusters: [{ name: "ca", cluster: { server, ...cluster } }],
    users: [{ name: "ua", user }],
  });
}

const contextOf = (text: string) => activeContext(loadKubeconfig(text), {});

describe("a kubeconfig", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "usmesh-test-"))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("is read from text, YAML or JSON, and from a path", () => {
    const text = kubeconfig("https://a");
    const file = join(folder, "config");
    writeFileSync(file, text);
    for (const given of [text, JSON.stringify(JSON.parse(JSON.stringify(loadJson(text)))), file]) {
      expect(contextOf(given).cluster["server"]).to.equal("https://a");
    }
    expect(loadKubeconfig(file).folder).to.equal(folder);
  });

  it("is refused without being quoted", () => {
    const broken = `users: [{name: ua, user: {token: ${TOKEN}}`;
    expect(() => loadKubeconfig(broken)).to.throw("no valid YAML or JSON").that.satisfies((e: Error) => !e.message.includes(TOKEN));
    expect(() => loadKubeconfig("/no/such/file")).to.throw("neither the text of a kubeconfig nor the path of one");
  });

  it("gives the context, cluster and namespace that are asked for", () => {
    const text = stringify({
      ...loadJson(kubeconfig("https://a", { namespace: "mine" })),
      clusters: [
        { name: "ca", cluster: { server: "https://a" } },
        { name: "cb", cluster: { server: "https://b" } },
      ],
    });
    expect(contextOf(text)).to.deep.include({ name: "a", namespace: "mine" });
    expect(activeContext(loadKubeconfig(text), { cluster: "cb" }).cluster["server"]).to.equal("https://b");
    expect(() => activeContext(loadKubeconfig(text), { context: "x" })).to.throw('no context "x" (it has: a)');
    expect(() => activeContext(loadKubeconfig(text), { cluster: "x" })).to.throw('no cluster "x" (it has: ca, cb)');
    expect(() => contextOf("contexts: []")).to.throw("no current-context");
  });

  it("gives credentials of every kind", async () => {
    const credentialsOf = (user: object) => credentialSource(contextOf(kubeconfig("https://a", { user })), folder)();
    expect(await credentialsOf({ token: TOKEN })).to.deep.equal({ authorization: `Bearer ${TOKEN}` });
    writeFileSync(join(folder, "token"), `${TOKEN}\n`);
    expect(await credentialsOf({ tokenFile: "token" })).to.deep.equal({ authorization: `Bearer ${TOKEN}` });
    expect(await credentialsOf({ username: "u", password: "p" })).to.deep.equal({ authorization: "Basic dTpw" });
    writeFileSync(join(folder, "key"), "KEY");
    const cert = Buffer.from("CERT");
    expect(await credentialsOf({ "client-certificate-data": cert.toString("base64"), "client-key": "key" })).to.deep.equal({
      cert,
      key: Buffer.from("KEY"),
    });
    expect(() => credentialsOf({ "auth-provider": { name: "gcp" } })).to.throw("has an auth-provider");
  });

  it("asks a credential command, and keeps its answer until it runs out", async () => {
    const script = join(folder, "login");
    const answer = JSON.stringify({ status: { token: TOKEN, expirationTimestamp: "2999-01-01T00:00:00Z" } });
    writeFileSync(script, `#!/bin/sh\necho x >> ${folder}/calls\necho '${answer}'\n`, { mode: 0o700 });
    const source = credentialSource(contextOf(kubeconfig("https://a", { user: { exec: { command: "./login" } } })), folder);
    expect(await source()).to.deep.equal({ authorization: `Bearer ${TOKEN}` });
    await source();
    expect(readFileSync(join(folder, "calls"), "utf8")).to.equal("x\n");
  });

  it("does not repeat what a failing credential command said", async () => {
    const exec = { command: "sh", args: ["-c", `echo ${TOKEN} >&2; exit 3`] };
    const failed = await credentialSource(contextOf(kubeconfig("https://a", { user: { exec } })), undefined)().catch((e: Error) => e);
    expect((failed as Error).message).to.equal('the kubeconfig\'s credential command "sh" failed (3)');
  });
});

function loadJson(text: string): JsonObject {
  const config = loadKubeconfig(text);
  const list = (entries: ReadonlyMap<string, JsonObject>, key: string) => [...entries].map(([name, value]) => ({ name, [key]: value }));
  return {
    "current-context": config.currentContext,
    contexts: list(config.contexts, "context"),
    clusters: list(config.clusters, "cluster"),
    users: list(config.users, "user"),
  };
}

/** A server that answers as it is told. */
class Fake {
  readonly requests: { method: string; url: string; headers: IncomingMessage["headers"]; body: string }[] = [];
  private readonly server: Server;

  constructor(answer: (url: string, response: ServerResponse) => void) {
    this.server = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk) => (body += String(chunk)));
      request.on("end", () => {
        const url = request.url ?? "";
        this.requests.push({ method: request.method ?? "", url, headers: request.headers, body });
        answer(url, response);
      });
    });
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

const RESOURCES = {
  resources: [
    { name: "deployments/scale", kind: "Scale", namespaced: true },
    { name: "deployments", kind: "Deployment", namespaced: true },
    { name: "widgets", kind: "Widget", namespaced: false },
  ],
};

function answer(url: string, response: ServerResponse): void {
  const send = (status: number, body: unknown) => response.writeHead(status).end(JSON.stringify(body));
  if (url === "/base/apis/apps/v1") return void send(200, RESOURCES);
  if (url === "/base/locked/api/v1") return void send(401, { kind: "Status", reason: "Unauthorized", message: "Unauthorized" });
  if (url === "/base/version" || url === "/base/locked/version") return void send(200, { gitVersion: "v1.2.3" });
  if (url.includes("watch=1")) {
    response.write(`${JSON.stringify({ type: "ADDED", object: { a: 1 } })}\n{"type":"MOD`);
    return void setTimeout(() => response.end('IFIED","object":{"a":2}}\n'), 10);
  }
  if (url.includes("missing")) {
    return void send(404, { kind: "Status", reason: "NotFound", message: "missing not found", details: { kind: "widgets" } });
  }
  if (url.includes("proxy")) return void response.writeHead(502).end("<html>bad gateway</html>");
  if (url.includes("hangup")) return void response.destroy();
  send(200, { kind: "Deployment", items: [{ a: 1 }] });
}

describe("the client", () => {
  const fake = new Fake(answer);
  let url: string;
  before(async () => (url = `${await fake.start()}/base/`));
  after(() => fake.stop());
  beforeEach(() => fake.requests.splice(0));

  const open = () => openApi(openTransport(loadKubeconfig(kubeconfig(url)), {}));
  const deployment = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "d", namespace: "ns" } };
  const DEPLOYMENT = { group: "apps", version: "v1", kind: "Deployment" };
  const last = () => fake.requests.at(-1);

  it("asks how a kind is served, once, and sends to its path with the token", async () => {
    const api = open();
    await api.get({ gvk: DEPLOYMENT, namespace: "", name: "d" });
    await api.get({ gvk: { ...DEPLOYMENT, kind: "Widget" }, namespace: "ignored", name: "w" });
    expect(fake.requests.map((request) => request.url)).to.deep.equal([
      "/base/apis/apps/v1",
      "/base/apis/apps/v1/namespaces/default/deployments/d",
      "/base/apis/apps/v1/widgets/w",
    ]);
    expect(last()?.headers.authorization).to.equal(`Bearer ${TOKEN}`);
  });

  it("says what it cannot send: a kind that is not served, even after asking again", async () => {
    const error = await open().get({ gvk: { ...DEPLOYMENT, kind: "Gadget" }, namespace: "", name: "g" }).catch((e: unknown) => e);
    expect(error).to.be.instanceOf(NoMatchError);
    expect(fake.requests).to.have.length(2);
  });

  it("writes in the five ways there are", async () => {
    const api = open();
    await api.create(deployment, { fieldManager: "m", dryRun: true });
    expect(last()).to.include({ method: "POST", url: "/base/apis/apps/v1/namespaces/ns/deployments?fieldManager=m&dryRun=All" });
    await api.apply(deployment, { fieldManager: "m", force: false });
    expect(last()).to.include({ method: "PATCH", url: "/base/apis/apps/v1/namespaces/ns/deployments/d?fieldManager=m&force=false" });
    expect(last()?.headers["content-type"]).to.equal("application/apply-patch+yaml");
    await api.replace(deployment, { fieldManager: "m" });
    expect(last()?.method).to.equal("PUT");
    const ref = { gvk: DEPLOYMENT, namespace: "ns", name: "d" };
    await api.jsonPatch(ref, [], { fieldManager: "m" });
    expect(last()?.headers["content-type"]).to.equal("application/json-patch+json");
    await api.mergePatch(ref, { status: {} }, { fieldManager: "m", subresource: "status" });
    expect(last()?.url).to.contain("/deployments/d/status?");
  });

  it("lists by selectors, and deletes with what the object owns", async () => {
    const api = open();
    expect(await api.list(DEPLOYMENT, "ns", { labels: "a=b", fields: "x=y" })).to.deep.equal([{ a: 1 }]);
    expect(last()?.url).to.contain("labelSelector=a%3Db&fieldSelector=x%3Dy");
    await api.delete({ gvk: DEPLOYMENT, namespace: "ns", name: "d" }, { propagation: "Foreground" });
    expect(JSON.parse(last()?.body ?? "")).to.include({ propagationPolicy: "Foreground" });
  });

  it("streams a watch, in whatever pieces it comes", async () => {
    const events: unknown[] = [];
    for await (const event of open().watch({ gvk: DEPLOYMENT, namespace: "ns", name: "d" }, "7", new AbortController().signal)) {
      events.push(event);
    }
    expect(events).to.deep.equal([
      { type: "ADDED", object: { a: 1 } },
      { type: "MODIFIED", object: { a: 2 } },
    ]);
    expect(last()?.url).to.contain("resourceVersion=7&fieldSelector=metadata.name%3Dd");
  });

  it("tells refusals, nonsense and silence apart", async () => {
    const failure = (name: string) => open().get({ gvk: DEPLOYMENT, namespace: "ns", name }).catch((e: unknown) => e as Error);
    const missing = await failure("missing");
    expect(missing).to.be.instanceOf(ApiError).and.include({ status: 404, reason: "NotFound", message: "missing not found" });
    expect(isNotFound(missing)).to.equal(true);
    expect((await failure("proxy"))).to.include({ status: 502 });
    expect(await failure("hangup")).to.be.instanceOf(UnreachableError);
  });
});

describe("access to a cluster", () => {
  const fake = new Fake(answer);
  let url: string;
  before(async () => (url = `${await fake.start()}/base`));
  after(() => fake.stop());
  const open = (inputs: Record<string, unknown>) => openAccess(parseSettings(inputs, {}));

  it("is open when the server answers", async () => {
    const access = await open({ kubeconfig: kubeconfig(url, { namespace: "mine" }) });
    expect(access).to.include({ unreachable: undefined, serverVersion: "v1.2.3", namespace: "mine" });
    expect((await open({ kubeconfig: kubeconfig(url, { namespace: "mine" }), namespace: "given" })).namespace).to.equal("given");
    expect((await open({ kubeconfig: kubeconfig(url) })).namespace).to.equal("default");
  });

  it("is not there for whom it lets not in", async () => {
    const access = await open({ kubeconfig: kubeconfig(`${url}/locked`) });
    expect(access.unreachable).to.equal("Unauthorized");
  });

  const reasons: [string, Record<string, unknown>, string][] = [
    ["without a kubeconfig: the ambient one is never taken", {}, "was given no kubeconfig"],
    ["with one that is none", { kubeconfig: "nonsense" }, "neither the text of a kubeconfig"],
    ["with a context that is not there", { kubeconfig: kubeconfig("http://x"), context: "x" }, 'no context "x"'],
    ["with a server that is not there", { kubeconfig: kubeconfig("http://127.0.0.1:9") }, "cannot reach the API server at http://127.0.0.1:9"],
    ["through a proxy", { kubeconfig: kubeconfig("http://x", { cluster: { "proxy-url": "http://y" } }) }, "proxy-url"],
  ];
  for (const [what, inputs, reason] of reasons) {
    it(`is not there ${what}`, async () => {
      const access = await open(inputs);
      expect(access.unreachable).to.contain(reason);
      expect(() => access.api.version()).to.throw(UnreachableError, "configured Kubernetes cluster is unreachable");
    });
  }
});
