import { expect } from "chai";
import { expectNothingLeft, secretIn } from "../../integration/program/support/objects";
import { openSite, type Site } from "../../integration/program/support/site";
import { done } from "../../integration/support/events";
import { run } from "../../support/run";
import { inSteps } from "../../support/steps";
import { distrust, type Cacerts } from "../support/certificates";
import { checkOutFormer, type Former } from "../support/former";
import { readState } from "../support/state";

const KEYS = ["west", "east"] as const;
type Key = (typeof KEYS)[number];

/** Milliseconds that a command of the former version may take. */
const FORMER_MS = 20 * 60_000;

describe("stacks that were brought up with outputs of version 1", function () {
  this.timeout(3600 * 1000);
  inSteps(this);
  let site: Site;
  let former: Former;

  before(async () => {
    former = await checkOutFormer();
    site = await openSite(KEYS);
  });
  after(async () => {
    await site.close();
    former.remove();
  });

  const formerMesh = (...args: string[]): Promise<unknown> =>
    run(`${former.folder}/mesh`, args, { env: site.env, extendEnv: false, cwd: former.folder, timeout: FORMER_MS, stdin: "ignore" });
  const cacerts = async (key: Key): Promise<Cacerts> => (await secretIn(site.server(key), "istio-system", "cacerts")) as Cacerts;
  const outputs = async (stack: string): Promise<Record<string, unknown>> =>
    JSON.parse((await site.pulumiEnds("stack", "output", "--json", "--show-secrets", "--stack", stack)).stdout) as Record<string, unknown>;
  /** What an up did to the trust of the mesh. The version also brings resources that the former one did not have. */
  const trustOf = (changed: readonly string[]): string[] => changed.filter((line) => / trust-/.test(line));
  /** What it replaced or removed of the rest. */
  const lostOf = (changed: readonly string[]): string[] => changed.filter((line) => /replace|delete/.test(line) && !/ trust-/.test(line));
  const names = async (stack: string): Promise<string[]> => (await readState(site, stack)).resources.map(({ urn }) => urn.slice(urn.lastIndexOf("::") + 2));

  describe("as two environments", () => {
    const before_: Partial<Record<Key, Cacerts>> = {};

    it("came up with the keys of both in the authority's outputs", async () => {
      for (const key of KEYS) site.configure(key, [key]);
      await formerMesh("up", "west", "east");
      expect(JSON.stringify((await outputs("west"))["intermediates"])).to.match(/PRIVATE KEY/);
      for (const key of KEYS) before_[key] = await cacerts(key);
    });

    it("are told which of them moves first, and nothing is changed before", async () => {
      const { code, stdout, stderr } = await site.pulumiEnds("up", "--yes", "--skip-preview", "--stack", "west", "--config-file", `${site.home}/config/Pulumi.west.yaml`);
      expect(code).not.to.equal(0);
      expect(stdout + stderr).to.contain("stack east was last brought up by an earlier version").and.to.contain("pulumi up -s east");
      expect(await cacerts("west")).to.deep.equal(before_.west);
      expect((await outputs("west"))["version"]).to.equal(1);
    });

    it("begin with a key of east's own, while istiod keeps using the one that it has", async () => {
      const changed = done(await site.pulumi("up", "east"));
      expect(trustOf(changed)).to.have.members(["create trust-east-key", "create trust-east-request"]);
      expect(lostOf(changed)).to.deep.equal([]);
      expect(await cacerts("east")).to.deep.equal(before_.east);
    });

    it("continue with a certificate for it, and the authority forgets the key that it made", async () => {
      const changed = done(await site.pulumi("up", "west"));
      expect(trustOf(changed)).to.have.members(["create-replacement trust-east-certificate", "replace trust-east-certificate", "delete-replaced trust-east-certificate", "delete trust-east-key", "delete trust-east-request"]);
      expect(lostOf(changed)).to.deep.equal([]);
      expect(await cacerts("west")).to.deep.equal(before_.west);
      expect(await names("west")).to.include("trust-west-key").and.not.to.include("trust-east-key");
    });

    it("end with what east asked for, which both trust, as they do what was signed before", async () => {
      const changed = done(await site.pulumi("up", "east"));
      expect(changed).to.include.members(["update east-istio-cacerts", "update east-istio-istiod"]);
      expect(lostOf(changed), "west reads through the gateway by now").to.deep.equal(["delete east-istio-reader-1"]);
      const [west, east] = [await cacerts("west"), await cacerts("east")];
      expect(west).to.deep.equal(before_.west);
      expect(east["ca-key.pem"]).not.to.equal(before_.east?.["ca-key.pem"]);
      expect(east["root-cert.pem"]).to.equal(before_.east?.["root-cert.pem"]);
      for (const signer of [west, east, before_.west!, before_.east!]) for (const checker of [west, east]) expect(await distrust(signer, checker)).to.equal(undefined);
    });

    it("have moved: no stack exports a private key, and a further up changes nothing", async () => {
      expect(done(await site.pulumi("up", "west")), "east reads through the gateway by now").to.deep.equal(["delete west-istio-reader-1"]);
      for (const stack of KEYS) {
        expect(done(await site.pulumi("up", stack))).to.deep.equal([]);
        const { kubeconfigs: _kubeconfigs, ...rest } = await outputs(stack);
        expect(rest["version"]).to.equal(2);
        expect(JSON.stringify(rest)).not.to.match(/PRIVATE KEY/);
      }
    });

    it("go down again", async () => {
      await site.meshDoes("down", "--yes", "west", "east");
      for (const server of site.servers.values()) await expectNothingLeft(server);
    });
  });

  describe("as two environments, with one command", () => {
    it("move in the passes that it takes, and lose nothing", async () => {
      await formerMesh("up", "west", "east");
      const roots = (await cacerts("east"))["root-cert.pem"];
      const { code, stderr } = await site.mesh("up", "west", "east");
      expect(code, stderr).to.equal(0);
      expect((await cacerts("east"))["root-cert.pem"]).to.equal(roots);
      expect(await names("west")).not.to.include("trust-east-key");
      await site.meshDoes("down", "--yes", "west", "east");
    });
  });

  for (const generation of [1, 3]) {
    describe(`as one stack, with keys of generation ${generation}`, () => {
      it("keeps every key and certificate, whatever its name", async () => {
        site.configure("local", KEYS, { trust: { generation } });
        await formerMesh("up", "local");
        const at = { west: await cacerts("west"), east: await cacerts("east") };
        const changed = done(await site.pulumi("up", "local"));
        expect(trustOf(changed)).to.deep.equal([]);
        expect(lostOf(changed)).to.have.members(["delete west-istio-reader-1", "delete east-istio-reader-1"]);
        expect({ west: await cacerts("west"), east: await cacerts("east") }).to.deep.equal(at);
        expect(await names("local")).to.include(generation === 1 ? "trust-west-key" : `trust-west-key-${generation}`);
        expect(done(await site.pulumi("up", "local"))).to.deep.equal([]);
      });

      it("gets new ones with the next generation", async () => {
        const before = await cacerts("west");
        site.configure("local", KEYS, { trust: { generation: generation + 1 } });
        await site.meshDoes("up", "local");
        const after = await cacerts("west");
        expect(after["ca-key.pem"]).not.to.equal(before["ca-key.pem"]);
        expect(await distrust(after, before)).to.equal(undefined);
        await site.meshDoes("down", "--yes", "local");
      });
    });
  }
});
