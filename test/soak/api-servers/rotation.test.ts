import { expect } from "chai";
import { parse } from "yaml";
import { KubeError } from "../../../lib/api-server";
import { objectsPath, secretIn, secretNames } from "../../integration/program/support/objects";
import { openSite, type Settings, type Site } from "../../integration/program/support/site";
import { done } from "../../integration/support/events";
import { clientOf } from "../../integration/support/api-server";
import { inSteps } from "../../support/steps";
import { until } from "../../support/wait";
import { commonNames, distrust, type Cacerts } from "../support/certificates";
import { initStack, own, stackFile } from "../support/environment";
import { versions } from "../support/inventory";

const KEYS = ["west", "east"] as const;
type Key = (typeof KEYS)[number];

const OLD = "usmesh root CA 1";
const NEW = "usmesh root CA 2";

describe("credentials that are renewed", function () {
  this.timeout(3600 * 1000);
  inSteps(this);
  let site: Site;

  before(async () => {
    site = await openSite(KEYS);
    for (const key of KEYS) {
      configure(key);
      await initStack(site, key, stackFile(key));
    }
    for (const stack of ["west", "east", "west", "east", "west"]) await site.pulumi("up", stack);
  });
  after(() => site.close());

  /** Puts one setting into west's file. */
  const set = ({ peering: tokens = {}, ...extra }: Settings): void => configure("west", extra, tokens as Settings);
  /** Peers read at the API servers: what they do through gateways is tested on real clusters. */
  const configure = (key: Key, settings: Settings = {}, tokens: Settings = {}): void =>
    site.configure(key, [key], { ...settings, peering: { through: "apiServer", ...tokens } });
  const up = async (stack: Key): Promise<string[]> => done(await site.pulumi("up", stack));

  /** Asserts that west's `up` refuses its settings and leaves everything as it is. */
  async function expectRefused(reason: RegExp): Promise<void> {
    const before = [await site.state("west"), versions(await own(site, "west", []))];
    const refused = await site.pulumi("up", "west").then(
      () => undefined,
      (error: Error) => error.message,
    );
    expect(refused).to.be.a("string").that.matches(reason);
    const resources = (text: unknown): unknown => (JSON.parse(String(text)) as { deployment: { resources: { urn: string; id?: string }[] } }).deployment.resources.map(({ urn, id }) => [urn, id]);
    expect(resources(await site.state("west"))).to.deep.equal(resources(before[0]));
    expect(versions(await own(site, "west", []))).to.deep.equal(before[1]);
  }

  describe("the tokens with which peers read", () => {
    /** The access to west that east's istiod holds. */
    const held = async (): Promise<string> => (await secretIn(site.server("east"), "istio-system", "istio-remote-secret-usmesh"))?.["west-cluster"] ?? "";
    const readers = async (): Promise<string[]> =>
      (await secretNames(site.server("west"), "istio-system")).filter((name) => name.startsWith("istio-reader-service-account-"));
    const reads = async (kubeconfig: string): Promise<boolean> => {
      try {
        await (await clientOf(kubeconfig.replace(site.address("west"), site.server("west").url))).get(objectsPath("istio-system", "services"));
        return true;
      } catch (error) {
        if (error instanceof KubeError && error.status === 401) return false;
        throw error;
      }
    };
    /** The API server remembers for some seconds whom it has let in. */
    const waitUntilRefused = (kubeconfig: string): Promise<boolean> =>
      until("the token to be refused", async () => !(await reads(kubeconfig)), { intervalMs: 1000, seen: () => "the API server still takes it" });
    const held_: string[] = [];

    it("are renewed by one setting, while the generation before stays valid", async () => {
      held_[1] = await held();
      expect(await readers()).to.deep.equal(["istio-reader-service-account-1"]);
      set({ peering: { generation: 2 } });
      expect(await up("west")).to.have.members(["create west-istio-reader-2"]);
      expect(await readers()).to.deep.equal(["istio-reader-service-account-1", "istio-reader-service-account-2"]);
      expect(await reads(held_[1])).to.equal(true);
    });

    it("are not renewed again while a peer still uses those before, nor by two at once", async () => {
      set({ peering: { generation: 3 } });
      await expectRefused(/generation 1 would be removed while east still uses them.*pulumi up -s east/s);
      set({ peering: { generation: 4 } });
      await expectRefused(/from 2 to 4 is more than one step/);
      set({ peering: { generation: 2 } });
      expect(await up("east")).to.deep.equal(["update peering-east"]);
      held_[2] = await held();
      expect((parse(held_[2]) as { users: unknown }).users).not.to.deep.equal((parse(held_[1] ?? "") as { users: unknown }).users);
      expect(await reads(held_[1] ?? "")).to.equal(true);
      expect(await reads(held_[2])).to.equal(true);
    });

    it("are revoked two generations later", async () => {
      set({ peering: { generation: 3 } });
      expect(await up("west")).to.have.members(["create west-istio-reader-3", "delete west-istio-reader-1"]);
      await waitUntilRefused(held_[1] ?? "");
      expect(await reads(held_[2] ?? "")).to.equal(true);
      expect(await up("east")).to.deep.equal(["update peering-east"]);
      held_[3] = await held();
      expect(await reads(held_[3])).to.equal(true);
    });

    it("are revoked at once with one setting, while a peer uses them", async () => {
      set({ peering: { revoke: 3 } });
      expect(await up("west")).to.have.members(["create west-istio-reader-4", "delete west-istio-reader-2", "delete west-istio-reader-3"]);
      for (const generation of [2, 3]) await waitUntilRefused(held_[generation] ?? "");
      expect(await up("east")).to.deep.equal(["update peering-east"]);
      expect(await reads(await held())).to.equal(true);
      set({ peering: { revoke: 9 } });
      await expectRefused(/there are no tokens of generation 9 yet/);
      set({ peering: { revoke: 3 } });
      expect(await up("west")).to.deep.equal([]);
    });
  });

  const peering = { revoke: 3 };
  const cacerts = async (key: Key): Promise<Cacerts> => (await secretIn(site.server(key), "istio-system", "cacerts")) as Cacerts;

  describe("the keys of the intermediates", () => {
    const before: Partial<Record<Key, Cacerts>> = {};

    /** Asserts that each cluster trusts what the other signs, and what the other signed before. */
    async function expectTrusted(): Promise<void> {
      for (const signer of KEYS) {
        for (const checker of KEYS) {
          expect(await distrust(await cacerts(signer), await cacerts(checker)), `${signer}'s workloads in ${checker}`).to.equal(undefined);
          expect(await distrust(before[signer]!, await cacerts(checker)), `${signer}'s workloads from before in ${checker}`).to.equal(undefined);
        }
      }
    }
    const isNew = async (key: Key): Promise<boolean> => (await cacerts(key))["ca-key.pem"] !== before[key]?.["ca-key.pem"];

    it("are renewed in the authority's cluster at once, and in the other one after it has asked and was answered", async () => {
      for (const key of KEYS) before[key] = await cacerts(key);
      set({ peering, trust: { generation: 2 } });
      expect(await up("west")).to.include.members(["create trust-west-key-2", "delete trust-west-key", "update west-istio-cacerts"]);
      expect([await isNew("west"), await isNew("east")]).to.deep.equal([true, false]);
      await expectTrusted();

      expect(await up("east")).to.have.members(["create trust-east-key-2", "create trust-east-request-2"]);
      expect(await isNew("east")).to.equal(false);
      expect(await up("west")).to.include("create-replacement trust-east-certificate");
      await expectTrusted();

      expect(await up("east")).to.include.members(["update east-istio-cacerts", "delete trust-east-key", "delete trust-east-request"]);
      expect(await isNew("east")).to.equal(true);
      await expectTrusted();
    });

    it("stay as they are at the next up", async () => {
      for (const key of KEYS) expect(await up(key)).to.deep.equal([]);
    });
  });

  describe("the root", () => {
    const trust = (roots: readonly string[], signer?: string): void => set({ peering, trust: { generation: 2, roots, ...(signer === undefined ? {} : { signer }) } });

    /** Asserts the roots that each cluster trusts and its own signer's, and that each trusts what the other signs. */
    async function expectTrust(roots: Record<Key, readonly string[]>): Promise<void> {
      const all = { west: await cacerts("west"), east: await cacerts("east") };
      for (const key of KEYS) {
        expect(await commonNames(all[key]["root-cert.pem"]), `roots in ${key}`).to.deep.equal(roots[key]);
        expect(await commonNames(all[key]["cert-chain.pem"]), `chain in ${key}`).to.deep.equal([`usmesh intermediate CA ${key}`, roots[key][0]]);
        for (const checker of KEYS) expect(await distrust(all[key], all[checker]), `${key}'s workloads in ${checker}`).to.equal(undefined);
      }
    }

    it("is a single one that both trust", () => expectTrust({ west: [OLD], east: [OLD] }));

    it("is not replaced in one step", async () => {
      trust(["2"]);
      await expectRefused(/more than one step.*first set usmesh:trust\.roots to \[1, 2\]/s);
    });

    it("is joined by a new root that signs nothing yet, in a first step", async () => {
      trust(["1", "2"]);
      await up("west");
      await expectTrust({ west: [OLD, NEW], east: [OLD] });
    });

    it("does not let the new one sign before every stack trusts it", async () => {
      trust(["1", "2"], "2");
      await expectRefused(/root "2" cannot sign yet.*pulumi up -s east/s);
      expect(await up("east")).to.include("update east-istio-cacerts");
      await expectTrust({ west: [OLD, NEW], east: [OLD, NEW] });
    });

    it("lets the new one sign, in a second step", async () => {
      await up("west");
      await expectTrust({ west: [NEW, OLD], east: [OLD, NEW] });
    });

    it("cannot be removed while a stack still uses what it signed", async () => {
      trust(["2"], "2");
      await expectRefused(/root 1 cannot be removed yet.*pulumi up -s east/s);
      await up("east");
      await expectTrust({ west: [NEW, OLD], east: [NEW, OLD] });
    });

    it("is removed in a third step", async () => {
      await up("west");
      await expectTrust({ west: [NEW], east: [NEW, OLD] });
      await up("east");
      await expectTrust({ west: [NEW], east: [NEW] });
      expect(await up("west")).to.deep.equal([]);
      expect(await site.state("west")).not.to.contain("trust-root-1");
    });
  });

  // Tests of a suite itself run before those of the suites in it.
  describe("when all is done", () => {
    it("leave no process running", () => {
      expect(site.processes()).to.deep.equal([]);
    });
  });
});
