import { expect } from "chai";
import { meet } from "../components/support/meet";
import { namesOf, resource } from "../components/support/queries";
import { clearOutputs, run, type World } from "../components/support/world";

/** What the authority of version 1 issued for a cluster: it made the keys. */
const issued = (key: string) => ({ caCert: `former ${key}\n`, caKey: `canary former key of ${key}\n`, certChain: `former ${key}\nroot\n`, rootCert: "root\n" });

/** What a stack exported before there were requests. */
function former(outputs: Record<string, unknown>, intermediates: object = {}, generation = 1): Record<string, unknown> {
  const { requests: _requests, certificates: _certificates, ...rest } = outputs;
  const trust = { authority: "west", roots: ["1"], signer: "1", rootCertificates: "root\n", rootExpiry: "2136-01-01T00:00:00Z", generation };
  return { ...rest, version: 1, trust, intermediates };
}

const cacertsOf = (world: World, key: string): Record<string, string> => {
  const { value } = resource(world, `${key}-istio-cacerts`).inputs["data"] as { value: Record<string, string> };
  return Object.fromEntries(Object.entries(value).map(([file, text]) => [file, Buffer.from(text, "base64").toString()]));
};
/** What belongs to the mesh's trust: the authority of a discovery proxy has its own. */
const trustOf = (world: World, kind: "PrivateKey" | "LocallySignedCert"): string[] => namesOf(world, kind).filter((name) => name.startsWith("trust-"));
const annotationOf = (world: World, key: string): unknown => (resource(world, `${key}-istio-istiod`).inputs["values"] as { podAnnotations: unknown }).podAnnotations;

describe("stacks that version 0.1 brought up", function () {
  // Each test runs several whole programs, which takes time on a busy machine.
  this.timeout(120_000);

  let west: Record<string, unknown>;
  let east: Record<string, unknown>;
  before(async () => {
    const direct = { peering: { through: "apiServer" } };
    const met = await meet({ west: direct, east: direct });
    west = former(met.west, { west: issued("west"), east: issued("east") });
    east = former(met.east);
  });

  it("begin to move with the one whose keys the authority made: the authority names it, and changes nothing before", async () => {
    const refused = await run("west", { stacks: { west, east } }).catch((thrown: Error & { resources: unknown[] }) => thrown);
    expect(refused).to.be.an("error").with.property("message").that.includes("stack east was last brought up by an earlier version").and.includes("pulumi up -s east");
    expect((refused as { resources: unknown[] }).resources).to.deep.equal([]);
  });

  it("keep the certificate that istiod signs with until there is one for the new key", async () => {
    const world = await run("east", { stacks: { west, east } });
    expect(cacertsOf(world, "east")).to.deep.equal({
      "ca-cert.pem": "former east\n",
      "ca-key.pem": "canary former key of east\n",
      "cert-chain.pem": "former east\nroot\n",
      "root-cert.pem": "root\n",
    });
    expect(trustOf(world, "PrivateKey")).to.deep.equal(["trust-east-key"]);
    const { kubeconfigs: _kubeconfigs, credentials: _credentials, ...outputs } = clearOutputs(world);
    expect(JSON.stringify(outputs)).to.include("request trust-east-request").and.not.to.include("canary");
    expect(world.warnings.join("")).to.include("Next: pulumi up -s west, then again pulumi up -s east");
    const again = await run("east", { stacks: { west, east: clearOutputs(world) } });
    expect(cacertsOf(again, "east")).to.deep.equal(cacertsOf(world, "east"));
    expect(annotationOf(again, "east")).to.deep.equal(annotationOf(world, "east"));
  });

  it("have moved when the authority has signed, and no key of a member is left with it", async () => {
    const { runs, west: moved } = await meet({}, { west, east }, ["east", "west", "east"]);
    expect(trustOf(runs[1]!, "PrivateKey")).to.deep.equal(["trust-root-1-key", "trust-west-key"]);
    expect(trustOf(runs[1]!, "LocallySignedCert")).to.deep.equal(["trust-east-certificate", "trust-west-certificate"]);
    expect(JSON.stringify({ ...moved, kubeconfigs: {}, credentials: {} })).not.to.include("canary");
    expect(cacertsOf(runs[2]!, "east")).to.include({ "ca-key.pem": "canary key of trust-east-key\n", "ca-cert.pem": "certificate trust-east-certificate\n" });
    // Both directions stay wired all the time.
    for (const [index, pair] of [["east->west"], ["west->east"], ["east->west"]].entries()) expect(clearOutputs(runs[index]!)["pairs"]).to.deep.equal(pair);
  });

  it("keep what they made themselves under the same names, whatever the generation", async () => {
    for (const generation of [1, 3]) {
      const local = former(clearOutputs(await run("local")), {}, generation);
      const world = await run("local", { settings: { trust: { generation } }, stacks: { local } });
      const suffix = generation === 1 ? "" : "-3";
      for (const what of ["key", "request", "certificate"]) {
        const { aliases } = resource(world, `trust-west-${what}${suffix}`);
        expect(aliases, `${what} of generation ${generation}`).to.deep.equal(generation === 1 ? undefined : [`trust-west-${what}`]);
      }
    }
  });

  it("get new keys when the generation is raised in the same run", async () => {
    const local = former(clearOutputs(await run("local")), {}, 3);
    const world = await run("local", { settings: { trust: { generation: 4 } }, stacks: { local } });
    expect(resource(world, "trust-west-key-4").aliases).to.equal(undefined);
  });

  it("can be one mesh with stacks of this version, in which nothing is signed for them", async () => {
    const settings = { trust: { members: ["west"] }, demo: false };
    const world = await run("west", { settings, stacks: { west: former(west, { west: issued("west") }), east: { ...east, trust: undefined } } });
    expect(clearOutputs(world)["pairs"]).to.deep.equal(["west->east"]);
  });
});
