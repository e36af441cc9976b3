import { expect } from "chai";
import { namesOf, resource } from "../components/support/queries";
import { redacted } from "../components/support/secrets";
import { clearOutputs, run, type World } from "../components/support/world";

type Trust = { authority: string; roots: string[]; signer: string; rootCertificates: string; generation: number };
type Intermediates = Record<string, { caCert: string; certChain: string; rootCert: string }>;

const trustOf = (world: World) => clearOutputs(world)["trust"] as Trust;
const intermediatesOf = (world: World) => clearOutputs(world)["intermediates"] as Intermediates;

/** Names of a kind of resource without those of the discovery proxies, whose authorities no workload trusts. */
const trustNames = (world: World, kind: string) => namesOf(world, kind).filter((name) => !name.includes("-discovery-"));

describe("the mesh's trust", function () {
  // Each test runs a whole program, which takes time on a busy machine.
  this.timeout(60_000);

  it("has one root, and an intermediate with a key of its own for each member", async () => {
    const world = await run("west");
    expect(trustNames(world, "SelfSignedCert")).to.deep.equal(["trust-root-1"]);
    expect(trustNames(world, "LocallySignedCert")).to.deep.equal(["trust-east-certificate", "trust-west-certificate"]);
    expect(trustNames(world, "PrivateKey")).to.deep.equal(["trust-east-key", "trust-root-1-key", "trust-west-key"]);
  });

  it("signs intermediates that can sign workloads and nothing else", async () => {
    const { inputs } = resource(await run("west"), "trust-west-certificate");
    expect(inputs).to.deep.include({ isCaCertificate: true, maxPathLength: 0, caCertPem: "certificate trust-root-1" });
    expect(resource(await run("west"), "trust-west-request").inputs).to.deep.include({
      dnsNames: ["istiod.istio-system.svc"],
      subject: { organization: "usmesh", commonName: "usmesh intermediate CA west", locality: "west", serialNumber: "1" },
    });
  });

  it("has a root that forbids any further authority below the intermediates, unless it was made before roots did", async () => {
    const { inputs, ignoreChanges } = resource(await run("west"), "trust-root-1");
    expect(inputs).to.include({ isCaCertificate: true, maxPathLength: 1 });
    expect(ignoreChanges, "a root that is there is never replaced for it").to.deep.equal(["maxPathLength"]);
  });

  it("gives each member its chain: intermediate, then the root that signed it", async () => {
    const { west, east } = intermediatesOf(await run("west"));
    expect(west).to.deep.include({
      caCert: "certificate trust-west-certificate\n",
      certChain: "certificate trust-west-certificate\ncertificate trust-root-1\n",
      rootCert: "certificate trust-root-1\n",
    });
    expect(east?.rootCert).to.equal(west?.rootCert);
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

  it("reissues every intermediate when the generation is raised, with the same keys and the same root", async () => {
    const raised = await run("west", { settings: { trust: { members: ["west", "east"], generation: 2 } } });
    expect(resource(raised, "trust-west-request").inputs["subject"]).to.include({ serialNumber: "2" });
    expect(trustNames(raised, "PrivateKey")).to.deep.equal(trustNames(await run("west"), "PrivateKey"));
    expect(trustOf(raised).generation).to.equal(2);
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
      expect(intermediatesOf(signing)["west"]?.certChain).to.match(/trust-root-2\n$/);
      // The one that signs comes first: that makes istiod have every workload sign anew.
      expect(intermediatesOf(signing)["west"]?.rootCert).to.equal("certificate trust-root-2\ncertificate trust-root-1\n");

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

  it("comes from the authority's outputs in a stack that holds none", async () => {
    const west = await run("west");
    const east = await run("east", { stacks: { west: clearOutputs(west) } });
    expect(trustNames(east, "PrivateKey")).to.deep.equal([]);
    expect(trustOf(east)).to.deep.equal(trustOf(west));
    const data = (resource(east, "east-istio-cacerts").inputs["data"] as { value: Record<string, string> }).value;
    const expected = intermediatesOf(west)["east"];
    expect(Buffer.from(data["ca-cert.pem"]!, "base64").toString()).to.equal(expected?.caCert);
    expect(Buffer.from(data["cert-chain.pem"]!, "base64").toString()).to.equal(expected?.certChain);
    expect(intermediatesOf(east)).to.deep.equal({});
  });
});
