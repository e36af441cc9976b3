import { expect } from "chai";
import type { MeshOutputs } from "../../../outputs/contract";
import { meet } from "../components/support/meet";
import { namesOf, resource } from "../components/support/queries";
import { redacted } from "../components/support/secrets";
import { clearOutputs, run, type World } from "../components/support/world";

const outputsOf = (world: World) => clearOutputs(world) as unknown as MeshOutputs;
const trustOf = (world: World) => outputsOf(world).trust!;
/** The files of a cluster's `cacerts`. */
function cacertsOf(world: World, key: string): Record<string, string> {
  const { value } = resource(world, `${key}-istio-cacerts`).inputs["data"] as { value: Record<string, string> };
  return Object.fromEntries(Object.entries(value).map(([file, text]) => [file, Buffer.from(text, "base64").toString()]));
}

/** Names of a kind of resource without those of the discovery proxies, whose authorities no workload trusts. */
const trustNames = (world: World, kind: string) => namesOf(world, kind).filter((name) => !name.includes("-discovery-"));

describe("the mesh's trust", function () {
  // Each test runs several whole programs, which takes time on a busy machine.
  this.timeout(120_000);

  it("has one root, and an intermediate with a key of its own for each of the stack's clusters", async () => {
    const world = await run("local");
    expect(trustNames(world, "SelfSignedCert")).to.deep.equal(["trust-root-1"]);
    expect(trustNames(world, "LocallySignedCert")).to.deep.equal(["trust-east-certificate", "trust-west-certificate"]);
    expect(trustNames(world, "PrivateKey")).to.deep.equal(["trust-east-key", "trust-root-1-key", "trust-west-key"]);
  });

  it("signs intermediates that can sign workloads and nothing else", async () => {
    const world = await run("west");
    expect(resource(world, "trust-west-certificate").inputs).to.deep.include({
      isCaCertificate: true,
      maxPathLength: 0,
      caCertPem: "certificate trust-root-1",
      allowedUses: ["digital_signature", "cert_signing", "crl_signing"],
    });
    expect(resource(world, "trust-west-request").inputs).to.deep.include({
      dnsNames: ["istiod.istio-system.svc"],
      subject: { organization: "usmesh", commonName: "usmesh intermediate CA west", locality: "west", serialNumber: "1" },
    });
  });

  it("has a root that forbids any further authority below the intermediates, unless it was made before roots did", async () => {
    const { inputs, ignoreChanges } = resource(await run("west"), "trust-root-1");
    expect(inputs).to.include({ isCaCertificate: true, maxPathLength: 1 });
    expect(ignoreChanges, "a root that is there is never replaced for it").to.include("maxPathLength");
  });

  it("gives each cluster its chain: intermediate, then the root that signed it", async () => {
    const world = await run("local");
    expect(cacertsOf(world, "west")).to.deep.equal({
      "ca-cert.pem": "certificate trust-west-certificate\n",
      "ca-key.pem": "canary key of trust-west-key\n",
      "cert-chain.pem": "certificate trust-west-certificate\ncertificate trust-root-1\n",
      "root-cert.pem": "certificate trust-root-1\n",
    });
    expect(cacertsOf(world, "east")["root-cert.pem"]).to.equal(cacertsOf(world, "west")["root-cert.pem"]);
  });

  it("puts the four files of cacerts into the cluster, as a secret", async () => {
    const { inputs } = resource(await run("west"), "west-istio-cacerts");
    expect(redacted(inputs["data"])).to.equal("[secret]");
    const files = Object.keys((inputs["data"] as { value: object }).value);
    expect(files.sort()).to.deep.equal(["ca-cert.pem", "ca-key.pem", "cert-chain.pem", "root-cert.pem"]);
  });

  it("rolls istiod when its certificates change, and only then", async () => {
    const annotation = async (trust: object) => {
      const { inputs } = resource(await run("west", { settings: { trust: { members: ["west", "east"], ...trust } } }), "west-istio-istiod");
      return (inputs["values"] as { podAnnotations: Record<string, string> }).podAnnotations["usmesh.io/cacerts"];
    };
    const before = await annotation({});
    expect(before).to.match(/^[0-9a-f]{16}$/);
    expect(await annotation({})).to.equal(before);
    expect(await annotation({ roots: ["1", "2"] })).not.to.equal(before);
  });

  it("gives every cluster a new key when the generation is raised, under the same root", async () => {
    const raised = await run("local", { settings: { trust: { generation: 2 } } });
    expect(trustNames(raised, "PrivateKey")).to.deep.equal(["trust-east-key-2", "trust-root-1-key", "trust-west-key-2"]);
    expect(cacertsOf(raised, "west")["ca-key.pem"]).to.equal("canary key of trust-west-key-2\n");
    expect(cacertsOf(raised, "west")["root-cert.pem"]).to.equal(cacertsOf(await run("local"), "west")["root-cert.pem"]);
    expect(trustOf(raised).generation).to.equal(2);
  });

  it("tells when each root and each intermediate ends", async () => {
    const ends = "2136-01-01T00:00:00Z";
    expect(trustOf(await run("local")).ends).to.deep.equal({ roots: { "1": ends }, intermediates: { west: ends, east: ends } });
  });

  it("tells what a root was made from, and never makes another of the same name", async () => {
    const first = await run("local");
    expect(trustOf(first).recipes).to.deep.equal({ "1": { mesh: "usmesh", keyAlgorithm: "ECDSA-P256", validityHours: 87_600 } });
    const change = (trust: object) => run("local", { settings: { trust }, stacks: { local: clearOutputs(first) } });
    const refused = await change({ keyAlgorithm: "ECDSA-P384" }).catch((thrown: Error & { resources: unknown[] }) => thrown);
    expect(refused).to.be.an("error").with.property("message").that.includes('root "1" would change under its name').and.includes("usmesh:trust.roots to [1, 2]");
    expect((refused as { resources: unknown[] }).resources).to.deep.equal([]);

    const added = await change({ keyAlgorithm: "ECDSA-P384", roots: ["1", "2"] });
    expect(resource(added, "trust-root-1-key").inputs).to.deep.equal({ algorithm: "ECDSA", ecdsaCurve: "P256" });
    expect(resource(added, "trust-root-2-key").inputs).to.deep.equal({ algorithm: "ECDSA", ecdsaCurve: "P384" });
    expect(resource(added, "trust-west-key").inputs, "a key keeps its algorithm").to.deep.equal({ algorithm: "ECDSA", ecdsaCurve: "P256" });
    const next = await run("local", { settings: { trust: { keyAlgorithm: "ECDSA-P384", roots: ["1", "2"], generation: 2 } }, stacks: { local: clearOutputs(added) } });
    expect(resource(next, "trust-west-key-2").inputs).to.deep.equal({ algorithm: "ECDSA", ecdsaCurve: "P384" });
  });

  it("warns a year before a root ends, and once an intermediate of another stack should have been renewed", async () => {
    const { west, east } = await meet();
    const soon = new Date(Date.now() + 20 * 86_400_000).toISOString();
    const ending = (outputs: Record<string, unknown>, change: object) => {
      const { trust } = outputs as unknown as MeshOutputs;
      return { ...outputs, trust: { ...trust, ends: { ...trust!.ends, ...change } } };
    };
    const warned = async (stack: string, stacks: Record<string, Record<string, unknown>>) => (await run(stack, { stacks })).warnings.join("");
    expect(await warned("west", { west, east })).to.equal("");
    expect(await warned("west", { west: ending(west, { roots: { "1": soon } }), east })).to.include('root "1" ends in').and.to.include("see docs/troubleshooting.md#certificate-ends");
    expect(await warned("west", { west, east: ending(east, { intermediates: { east: soon } }) })).to.include("intermediate of cluster east ends in").and.to.include("Next: pulumi up -s east");
    const { certificates } = west as unknown as MeshOutputs;
    const issued = { ...west, certificates: { east: { ...certificates["east"], ends: soon } } };
    expect(await warned("east", { west: issued, east })).to.include("intermediate of cluster east ends in").and.to.include("Next: pulumi up -s west, then pulumi up -s east");
  });

  describe("when the root is replaced", () => {
    const step = async (before: World | undefined, trust: object) =>
      run("west", { settings: { trust: { members: ["west", "east"], ...trust } }, stacks: before ? { west: clearOutputs(before) } : {} });

    it("trusts the new one beside the old one, then lets it sign, then drops the old one", async () => {
      const first = await step(undefined, {});
      const trusted = await step(first, { roots: ["1", "2"] });
      expect(trustOf(trusted).rootCertificates).to.equal("certificate trust-root-1\ncertificate trust-root-2\n");
      expect(resource(trusted, "trust-west-certificate").inputs["caCertPem"]).to.equal("certificate trust-root-1");

      const signing = await step(trusted, { roots: ["1", "2"], signer: "2" });
      expect(resource(signing, "trust-west-certificate").inputs["caCertPem"]).to.equal("certificate trust-root-2");
      expect(cacertsOf(signing, "west")["cert-chain.pem"]).to.match(/trust-root-2\n$/);
      // The one that signs comes first: that makes istiod reissue the certificates of all workloads.
      expect(cacertsOf(signing, "west")["root-cert.pem"]).to.equal("certificate trust-root-2\ncertificate trust-root-1\n");

      const last = await step(signing, { roots: ["2"], signer: "2" });
      expect(trustNames(last, "SelfSignedCert")).to.deep.equal(["trust-root-2"]);
      expect(trustOf(last)).to.deep.include({ roots: ["2"], signer: "2" });
    });

    it("refuses a step out of order before any resource", async () => {
      const first = await step(undefined, {});
      const error = await step(first, { roots: ["2"], signer: "2" }).catch((thrown: Error & { resources: unknown[] }) => thrown);
      expect((error as Error).message).to.include("usmesh:trust").and.to.include("more than one step");
      expect((error as { resources: unknown[] }).resources).to.deep.equal([]);
    });
  });

  it("has no private key in the outputs of any stack, and none in the state of another", async () => {
    const { runs, west, east } = await meet();
    for (const outputs of [west, east, clearOutputs(await run("local"))]) {
      const { kubeconfigs: _kubeconfigs, credentials: _credentials, ...rest } = outputs;
      expect(JSON.stringify(rest)).not.to.include("canary");
    }
    const keys = (world: World) => trustNames(world, "PrivateKey");
    expect(keys(runs[4]!)).to.deep.equal(["trust-root-1-key", "trust-west-key"]);
    expect(keys(runs[3]!)).to.deep.equal(["trust-east-key"]);
  });
});
