import { expect } from "chai";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { UserError } from "../../../lib/errors";
import { accessOf, clusterIdentity, joinKubeconfigs } from "../../../lib/kubeconfig";
import { readKubeconfig } from "../../../lib/kubeconfig-source";
import { serverVersion } from "../../../components/kubernetes/server-version";
import { kubeconfigOf } from "../components/support/answers";
import { resource } from "../components/support/queries";
import { redacted } from "../components/support/secrets";
import { run } from "../components/support/world";

const base64 = (text: string) => Buffer.from(text).toString("base64");

describe("an existing cluster", function () {
  // Each test runs the whole program, which takes a while on a busy machine.
  this.timeout(60_000);

  let folder: string;
  let file: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "usmesh-kubeconfig-"));
    file = join(folder, "config");
    writeFileSync(join(folder, "ca.pem"), "authority");
    writeFileSync(join(folder, "key.pem"), "canary key");
    writeFileSync(join(folder, "token"), "canary token\n");
    const cluster = (name: string, cluster: object) => ({ name, cluster: { server: `https://${name}:6443`, ...cluster } });
    writeFileSync(
      file,
      stringify({
        clusters: [
          cluster("one", { "certificate-authority": "ca.pem" }),
          cluster("two", { "insecure-skip-tls-verify": true }),
          cluster("plain", { server: "http://plain:8080" }),
          cluster("nowhere", { server: "" }),
        ],
        users: [
          { name: "ann", user: { "client-key": join(folder, "key.pem"), "client-certificate-data": base64("certificate") } },
          { name: "bob", user: { exec: { command: "aws" } } },
          { name: "cat", user: { exec: { command: "bin/login", args: ["./as-it-is"] } } },
          { name: "dan", user: { tokenFile: "token" } },
          { name: "eve", user: { "client-key": "nowhere.pem" } },
        ],
        contexts: [
          { name: "first", context: { cluster: "one", user: "ann", namespace: "default" } },
          { name: "helped", context: { cluster: "one", user: "bob" } },
          { name: "open", context: { cluster: "two", user: "ann" } },
          { name: "broken", context: { cluster: "three", user: "ann" } },
          ...["cat", "dan", "eve"].map((user) => ({ name: `of ${user}`, context: { cluster: "one", user } })),
          ...["plain", "nowhere"].map((name) => ({ name, context: { cluster: name, user: "ann" } })),
        ],
        "current-context": "open",
      }),
    );
  });
  after(() => rmSync(folder, { recursive: true }));

  const read = (context: string) => readKubeconfig(file, context, "usmesh:clusters.west");
  const existing = (settings: object = {}) => ({
    clusters: { west: { driver: "existing", kubeconfig: file, context: "first", ...settings } },
    trust: {},
    peers: [],
    demo: false,
    demoClusters: {},
    client: { enabled: false },
  });

  describe("its kubeconfig", () => {
    it("is reduced to the one context, with the content of every file", () => {
      expect(parse(read("first"))).to.deep.equal({
        apiVersion: "v1",
        kind: "Config",
        clusters: [{ name: "first", cluster: { server: "https://one:6443", "certificate-authority-data": base64("authority") } }],
        users: [{ name: "first", user: { "client-certificate-data": base64("certificate"), "client-key-data": base64("canary key") } }],
        contexts: [{ name: "first", context: { cluster: "first", user: "first", namespace: "default" } }],
        "current-context": "first",
      });
    });

    it("keeps a credential helper", () => {
      expect(parse(read("helped"))).to.have.nested.property("users[0].user.exec.command", "aws");
    });

    it("is refused without the context, naming those that exist", () => {
      expect(() => read("third")).to.throw(/usmesh:clusters\.west\.context: .* no complete context "third"; it has: first, helped, open, broken/);
      expect(() => read("broken")).to.throw("no complete context");
    });

    it("is refused when it cannot be read, or when its server cannot be verified", () => {
      expect(() => readKubeconfig("/nowhere", "first", "usmesh:clusters.west")).to.throw(/usmesh:clusters\.west\.kubeconfig: cannot read \/nowhere/);
      expect(() => read("open")).to.throw("skips TLS verification");
    });

    it("keeps a program by its whole path, since it is no longer beside it, and a name that is looked for on PATH", () => {
      expect(parse(read("of cat"))).to.have.nested.property("users[0].user.exec").that.deep.equals({ command: join(folder, "bin", "login"), args: ["./as-it-is"] });
      expect(parse(read("helped"))).to.have.nested.property("users[0].user.exec.command", "aws");
    });

    it("has the token of a file that it names", () => {
      expect(parse(read("of dan"))).to.have.nested.property("users[0].user").that.deep.equals({ token: "canary token" });
    });

    it("is refused when a file that it names cannot be read", () => {
      expect(() => read("of eve")).to.throw(UserError, /usmesh:clusters\.west\.kubeconfig: cannot read the client-key that .*config names \(ENOENT/);
    });

    it("is refused when its server is asked in plain text, or is none", () => {
      expect(() => read("plain")).to.throw(UserError, /usmesh:clusters\.west\.kubeconfig: context "plain" of .* has the server http:\/\/plain:8080, .* in plain text; write its https:\/\/ address/);
      expect(() => read("nowhere")).to.throw(UserError, /has no server; write its https:\/\/ address/);
    });

    for (const [what, text, message] of [
      ["not YAML", "clusters: [canary\nusers: }", /is not YAML \(line \d+: [A-Z_]+\); name the cluster's kubeconfig file/],
      ["a text", "canary", /is not a kubeconfig: it has no clusters, users and contexts/],
      ["a list", "[canary]", /is not a kubeconfig/],
      ["empty", "", /is not a kubeconfig/],
      ["a record of something else", "clusters: canary\nusers: {}\ncontexts: 5", /no complete context "first"; it has: none/],
      ["a list of something else", "clusters: [null, canary, {name: 5}]\nusers: [[]]\ncontexts: [{name: first, context: canary}]", /no complete context "first"; it has: none/],
    ] as const) {
      it(`is refused without any of its content when it is ${what}`, () => {
        const broken = join(folder, "broken");
        writeFileSync(broken, text);
        expect(() => readKubeconfig(broken, "first", "usmesh:clusters.west")).to.throw(UserError, message).with.property("message").that.does.not.include("canary");
      });
    }

    it("has the credentials, and the identity of the cluster", () => {
      expect(accessOf(read("first"))).to.deep.include({ server: "https://one:6443", ca: "authority", cert: "certificate", key: "canary key" });
      expect(clusterIdentity(read("first"))).to.equal(clusterIdentity(read("helped")));
      expect(clusterIdentity(kubeconfigOf("a"))).not.to.equal(clusterIdentity(kubeconfigOf("b")));
    });
  });

  it("is changed through its kubeconfig only, and stays when the stack is removed", async () => {
    const world = await run("west", { settings: existing() });
    expect(world.resources.filter(({ deletedWith }) => deletedWith !== undefined)).to.deep.equal([]);
    expect(world.resources.filter(({ type }) => type.startsWith("command:") || type.startsWith("docker:"))).to.deep.equal([]);
    const { inputs } = resource(world, "west-provider");
    expect(redacted(inputs["kubeconfig"])).to.equal("[secret]");
    expect((inputs["kubeconfig"] as { value: string }).value).to.equal(read("first"));
    expect(world.calls.filter(({ token }) => token.startsWith("command:"))).to.deep.equal([]);
  });

  it("ends the run when it does not answer although the stack has something in it", async () => {
    const recorded = ["urn:pulumi:west::usmesh::usmesh:index:Cluster$pulumi:providers:kubernetes::west-provider"];
    const error = await run("west", { settings: existing(), recorded }).catch((thrown: Error & { resources: unknown[] }) => thrown);
    expect((error as Error).message).to.match(/usmesh:clusters\.west: its API server https:\/\/one:6443 does not answer \(.+\); nothing was changed/);
    expect((error as { resources: unknown[] }).resources).to.deep.equal([]);
  });

  it("is reached by peers at the context's server, or where the settings say", async () => {
    const apiServer = async (settings: object) => {
      const { outputs } = await run("west", { settings: existing(settings) });
      return (outputs["clusters"] as Record<string, { apiServer: string }>)["west"]?.apiServer;
    };
    expect(await apiServer({})).to.equal("https://one:6443");
    expect(await apiServer({ apiServer: "https://api.example.com" })).to.equal("https://api.example.com");
  });

  it("gets MetalLB only when the settings say so, with their address ranges", async () => {
    const { resources } = await run("west", { settings: existing() });
    expect(resources.filter(({ name }) => name.includes("metallb"))).to.deep.equal([]);
    const pool = resource(await run("west", { settings: existing({ metallb: true, addresses: ["10.1.0.1-10.1.0.9"] }) }), "west-metallb-pool");
    expect(pool.inputs["spec"]).to.deep.equal({ addresses: ["10.1.0.1-10.1.0.9"] });
  });
});

describe("several kubeconfigs in one", () => {
  it("have all contexts, and the first one is current", () => {
    const joined = parse(joinKubeconfigs([kubeconfigOf("west"), kubeconfigOf("east")])) as Record<string, unknown>;
    const [west, east] = [kubeconfigOf("west"), kubeconfigOf("east")].map((text) => parse(text) as Record<string, unknown[]>);
    for (const list of ["clusters", "contexts", "users"]) expect(joined[list]).to.deep.equal([...west![list]!, ...east![list]!]);
    expect(joined).to.have.property("current-context", (west!["contexts"]![0] as { name: string }).name);
  });
});

describe("the version of an API server", () => {
  let folder: string;
  let server: Server;
  let answer = `{"gitVersion": "v1.34.4"}`;
  let kubeconfig: string;
  before((done) => {
    folder = mkdtempSync(join(tmpdir(), "usmesh-version-"));
    const args = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1 -keyout key -out cert";
    execFileSync("openssl", args.split(" "), { cwd: folder, stdio: "ignore" });
    const [key, cert] = ["key", "cert"].map((name) => readFileSync(join(folder, name), "utf8"));
    server = createServer({ key, cert }, (request, response) => {
      response.end(request.url === "/version" && request.headers.authorization === "Bearer mine" ? answer : "{}");
    }).listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      kubeconfig = stringify({
        clusters: [{ name: "a", cluster: { server: `https://127.0.0.1:${port}`, "certificate-authority-data": base64(cert!) } }],
        users: [{ name: "a", user: { token: "mine" } }],
        contexts: [{ name: "a", context: { cluster: "a", user: "a" } }],
        "current-context": "a",
      });
      done();
    });
  });
  after(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  it("is requested with the kubeconfig's credentials", async () => {
    expect(await serverVersion(kubeconfig)).to.equal("v1.34.4");
  });

  it("is unknown when the server does not say, cannot be reached, or has another certificate authority", async () => {
    answer = "no JSON";
    expect(await serverVersion(kubeconfig)).to.equal("unknown");
    expect(await serverVersion(kubeconfigOf("gone"))).to.equal("unknown");
    expect(await serverVersion(kubeconfig.replace(/certificate-authority-data: .*/, "tls-server-name: a"))).to.equal("unknown");
  });
});
