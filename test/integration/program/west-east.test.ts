import { expect } from "chai";
import { createPrivateKey, X509Certificate } from "node:crypto";
import type { UpReport } from "../../../cli/up/report";
import { inSteps } from "../../support/steps";
import { done } from "../support/events";
import { expectNothingLeft, secretIn, secretNames, secretUid } from "./support/objects";
import { openSite, type Settings, type Site } from "./support/site";

/** What a state records, by URN. */
const urns = (state: string): string[] => (JSON.parse(state) as { deployment: { resources: { urn: string }[] } }).deployment.resources.map(({ urn }) => urn);

const REMOTE = "istio-remote-secret-usmesh";

describe("west and east, a stack each", function () {
  inSteps(this);
  let site: Site;

  before(async () => {
    site = await openSite(["west", "east"]);
    configure("west");
    configure("east");
  });
  after(() => site.close());

  /** Peers read at the API servers: what they do through gateways has a test of its own. */
  const configure = (key: string, settings: Settings = {}, peering: Settings = {}): void =>
    site.configure(key, [key], { ...settings, peering: { through: "apiServer", ...peering } });

  const remoteKeys = async (key: string): Promise<string[]> => Object.keys((await secretIn(site.server(key), "istio-system", REMOTE)) ?? {});
  const changes = async (stack: string): Promise<string[]> => done(await site.pulumi("up", stack));

  it("come up in passes, the signing stack first, until both directions are wired", async () => {
    const { stdout, stderr, code } = await site.mesh("up", "east", "west", "--json");
    expect(code, stderr).to.equal(0);
    const report = JSON.parse(stdout) as UpReport;
    expect(report.stacks.map(({ stack, pairs }) => [stack, pairs])).to.deep.equal([
      ["west", ["west->east"]],
      ["east", ["east->west"]],
    ]);
    expect(stderr).to.contain("stack east is not up yet").and.to.contain("once more west,");
    expect(await remoteKeys("west")).to.deep.equal(["east-cluster"]);
    expect(await remoteKeys("east")).to.deep.equal(["west-cluster"]);
  });

  const cacerts = async (key: string): Promise<Record<string, string>> => (await secretIn(site.server(key), "istio-system", "cacerts")) ?? {};
  /** What a stack exports, secrets in plain text. */
  const outputs = async (stack: string): Promise<Record<string, unknown>> =>
    JSON.parse((await site.pulumiEnds("stack", "output", "--json", "--show-secrets", "--stack", stack)).stdout) as Record<string, unknown>;

  it("trust the same root, and each signs with a key of its own that the root has signed", async () => {
    const [west, east] = await Promise.all(["west", "east"].map(cacerts));
    expect(west?.["root-cert.pem"]).to.be.a("string").and.to.equal(east?.["root-cert.pem"]);
    const root = new X509Certificate(west?.["root-cert.pem"] ?? "");
    for (const files of [west, east]) {
      const certificate = new X509Certificate(files?.["ca-cert.pem"] ?? "");
      expect(certificate.verify(root.publicKey)).to.equal(true);
      expect(certificate.checkPrivateKey(createPrivateKey(files?.["ca-key.pem"] ?? ""))).to.equal(true);
    }
    expect(west?.["ca-key.pem"]).not.to.equal(east?.["ca-key.pem"]);
  });

  it("export no private key, and hold none of the other's", async () => {
    for (const stack of ["west", "east"]) {
      const { kubeconfigs: _kubeconfigs, ...rest } = await outputs(stack);
      expect(rest["version"]).to.equal(2);
      expect(JSON.stringify(rest)).not.to.match(/PRIVATE KEY/);
    }
    expect(await site.state("west")).not.to.contain("trust-east-key");
    expect(await site.state("east")).not.to.contain("trust-root");
  });

  it("get new keys in one command, under the root that they have", async () => {
    const before = await Promise.all(["west", "east"].map(cacerts));
    configure("west", { trust: { generation: 2 } });
    const { stderr, code } = await site.mesh("up", "west", "east");
    expect(code, stderr).to.equal(0);
    const after = await Promise.all(["west", "east"].map(cacerts));
    for (const [index, key] of ["west", "east"].entries()) {
      expect(after[index]?.["ca-key.pem"], key).not.to.equal(before[index]?.["ca-key.pem"]);
      expect(after[index]?.["root-cert.pem"], key).to.equal(before[index]?.["root-cert.pem"]);
      expect(new X509Certificate(after[index]?.["ca-cert.pem"] ?? "").checkPrivateKey(createPrivateKey(after[index]?.["ca-key.pem"] ?? "")), key).to.equal(true);
    }
    // The keys before are gone.
    for (const stack of ["west", "east"]) expect(await site.state(stack)).to.contain(`::trust-${stack}-key-2"`).and.not.to.contain(`::trust-${stack}-key"`);
    for (const stack of ["west", "east"]) expect(await changes(stack)).to.deep.equal([]);
  });

  it("never make another root of the same name", async () => {
    configure("west", { trust: { generation: 2, keyAlgorithm: "ECDSA-P384" } });
    const before = await cacerts("west");
    const { code, stdout, stderr } = await site.mesh("up", "west");
    expect(code).to.equal(1);
    expect(stdout + stderr).to.contain('root "1" would change under its name').and.to.contain("[1, 2]");
    expect(await cacerts("west")).to.deep.equal(before);
    configure("west", { trust: { generation: 2 } });
  });

  it("get a peer's new token in the same command, also when they come up before it", async () => {
    configure("east", {}, { generation: 2 });
    const before = await secretUid(site.server("west"), "istio-system", REMOTE);
    const { stderr, code } = await site.mesh("up", "west", "east");
    expect(code, stderr).to.equal(0);
    expect(stderr).to.contain("once more west,").and.not.to.contain("once more east");
    const token = (await secretIn(site.server("east"), "istio-system", "istio-reader-service-account-2"))?.["token"];
    const held = (await secretIn(site.server("west"), "istio-system", REMOTE))?.["east-cluster"];
    expect(token).to.be.a("string").with.length.greaterThan(100);
    expect(held).to.contain(token);
    // If the Secret is recreated, west loses east's endpoints for a moment.
    expect(await secretUid(site.server("west"), "istio-system", REMOTE)).to.equal(before);
  });

  it("are named as next when the command leaves them out", async () => {
    configure("east", {}, { generation: 3 });
    const { stderr, code } = await site.mesh("up", "east");
    expect(code, stderr).to.equal(0);
    expect(stderr).to.contain("what other stacks read of east has changed; next: ./mesh up west");
  });

  it("revoke a token at once with one setting, and read on with the next", async () => {
    configure("east", {}, { revoke: 3 });
    const { stderr, code } = await site.mesh("up", "west", "east");
    expect(code, stderr).to.equal(0);
    const readers = (await secretNames(site.server("east"), "istio-system")).filter((name) => name.startsWith("istio-reader-service-account-"));
    expect(readers).to.deep.equal(["istio-reader-service-account-4"]);
    const token = (await secretIn(site.server("east"), "istio-system", "istio-reader-service-account-4"))?.["token"];
    expect((await secretIn(site.server("west"), "istio-system", REMOTE))?.["east-cluster"]).to.contain(token);
  });

  it("drop their wiring when one goes down", async () => {
    await site.meshDoes("down", "--yes", "east");
    await expectNothingLeft(site.server("east"));
    await site.meshDoes("up", "west");
    expect(await remoteKeys("west")).to.deep.equal([]);
    expect(await site.state("west")).not.to.contain("east-cluster");
  });

  it("end up with one message before anything is changed when their cluster no longer answers", async () => {
    await site.server("west").halt();
    const before = urns(await site.state("west"));
    const { code, stdout, stderr } = await site.mesh("up", "west");
    expect(code).to.equal(1);
    expect(stdout + stderr).to.match(/usmesh:clusters\.west: its API server https:\/\/\S+ does not answer/);
    expect(before).not.to.be.empty;
    expect(urns(await site.state("west"))).to.deep.equal(before);
  });

  it("are not removed when their cluster does not answer: down changes nothing, and says how to forget the cluster", async () => {
    const before = await site.state("west");
    const { code, stderr } = await site.mesh("down", "--yes", "west");
    expect(code).to.equal(2);
    expect(stderr).to.match(/stack west: https:\/\/\S+ \(.+\) cannot be used, so nothing was removed/).and.to.contain("./mesh down west --forget");
    expect(await site.state("west")).to.equal(before);
  });

  it("are forgotten by down when that is wanted", async () => {
    const { code, stdout, stderr } = await site.mesh("down", "--yes", "--forget", "west");
    expect(code, stdout + stderr).to.equal(0);
    expect(stderr).to.match(/stack west: https:\/\/\S+ cannot be used; what is recorded there is removed/);
    expect((await site.mesh("down", "--yes", "west")).stderr, "once the stack is gone").to.include("there is nothing to remove in west");
  });

  it("cannot come up without the stack that signs for them", async () => {
    const { code, stderr, stdout } = await site.mesh("up", "east");
    expect(code).to.equal(1);
    expect(stdout + stderr).to.contain("stack west is the authority");
    await expectNothingLeft(site.server("east"));
    await site.meshDoes("down", "--yes", "east");
  });
});
