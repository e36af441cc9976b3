import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { PluginCA, type PluginCAArgs } from "../../../components";
import { expectOrdinary, itHonoursOptions, typesBelow } from "./support/pieces";
import { CANARY, ENDS } from "./support/answers";
import { namesOf, resource } from "./support/queries";
import { plain, redacted } from "./support/secrets";
import { runPiece, sharedWorld, type World } from "./support/world";

const create = (args: Partial<PluginCAArgs> = {}, opts?: pulumi.ComponentResourceOptions) =>
  new PluginCA("trust", { meshId: "usmesh", members: ["west", "east"], ...args }, opts);
const register = sharedWorld((args?: Partial<PluginCAArgs>): Promise<World> => runPiece(() => create(args)));

describe("PluginCA", () => {
  it("is a root, and an intermediate with a key of its own for each member", async () => {
    expect(typesBelow(await register({ members: ["west"] }), "trust")).to.deep.equal({
      "trust-root-1": "tls:index/selfSignedCert:SelfSignedCert",
      "trust-root-1-key": "tls:index/privateKey:PrivateKey",
      "trust-west-key": "tls:index/privateKey:PrivateKey",
      "trust-west-request": "tls:index/certRequest:CertRequest",
      "trust-west-certificate": "tls:index/locallySignedCert:LocallySignedCert",
    });
    expect(namesOf(await register(), "LocallySignedCert")).to.deep.equal(["trust-east-certificate", "trust-west-certificate"]);
  });

  it("records its roots, signer, generation and members, with every default", async () => {
    expect(resource(await register(), "trust")).to.deep.include({
      type: "usmesh:index:PluginCA",
      inputs: {
        meshId: "usmesh",
        members: ["west", "east"],
        roots: ["1"],
        signer: "1",
        generation: 1,
        keyAlgorithm: "ECDSA-P256",
        rootValidityHours: 87_600,
        intermediateValidityHours: 8_760,
        earlyRenewalHours: 720,
        protectSigner: false,
      },
    });
  });

  it("gives each member the chain and the key that it signs with, as a secret, and every root and end in plain", async () => {
    let given: unknown;
    let secret: unknown;
    const world = await runPiece(async () => {
      const { intermediates, intermediateEnds, rootCertificates, rootEnds } = create({ members: ["west"], roots: ["1", "2"] });
      secret = await Promise.all([pulumi.isSecret(intermediates["west"]!), pulumi.isSecret(rootCertificates)]);
      given = await new Promise((resolve) => pulumi.output({ intermediates, intermediateEnds, rootCertificates, rootEnds }).apply(resolve));
    });
    const rootCertificates = "certificate trust-root-1\ncertificate trust-root-2\n";
    const intermediates = {
      west: {
        caCert: "certificate trust-west-certificate\n",
        caKey: `${CANARY} key of trust-west-key\n`,
        certChain: "certificate trust-west-certificate\ncertificate trust-root-1\n",
        rootCert: rootCertificates,
      },
    };
    const rootEnds = { "1": ENDS, "2": ENDS };
    expect(given).to.deep.equal({ intermediates, intermediateEnds: { west: ENDS }, rootCertificates, rootEnds });
    expect(secret).to.deep.equal([true, false]);
    const [outputs] = world.componentOutputs;
    expect(plain(outputs)).to.deep.equal({ rootCertificates, rootEnds, intermediates, certificates: {} });
    expect(redacted(outputs)).to.deep.include({ rootCertificates, intermediates: "[secret]" });
  });

  it("signs with the signer, also while two roots are trusted", async () => {
    const world = await register({ roots: ["1", "2"], signer: "2" });
    expect(namesOf(world, "SelfSignedCert")).to.deep.equal(["trust-root-1", "trust-root-2"]);
    expect(resource(world, "trust-west-certificate").inputs["caCertPem"]).to.equal("certificate trust-root-2");
    expect(resource(world, "trust").inputs).to.deep.include({ roots: ["1", "2"], signer: "2" });
  });

  it("signs with the oldest root by default", async () => {
    const world = await register({ roots: ["old", "new"] });
    expect(resource(world, "trust-west-certificate").inputs["caCertPem"]).to.equal("certificate trust-root-old");
  });

  it("refuses a signer that is not one of the roots", async () => {
    const error = await register({ roots: ["1"], signer: "2" }).catch((thrown: Error) => thrown);
    expect(error).to.be.an("error").with.property("message", 'signer "2" is not one of the roots 1');
  });

  it("gives every member a new key with a new generation, under names of its own, and changes nothing about the root", async () => {
    const [first, second] = [await register(), await register({ generation: 2 })];
    expect(namesOf(first, "PrivateKey")).to.deep.equal(["trust-east-key", "trust-root-1-key", "trust-west-key"]);
    expect(namesOf(second, "PrivateKey")).to.deep.equal(["trust-east-key-2", "trust-root-1-key", "trust-west-key-2"]);
    expect(namesOf(second, "LocallySignedCert")).to.deep.equal(["trust-east-certificate-2", "trust-west-certificate-2"]);
    expect(resource(second, "trust-west-request-2").inputs["subject"]).to.include({ serialNumber: "2" });
    for (const name of ["trust-root-1", "trust-root-1-key"]) expect(resource(second, name)).to.deep.equal(resource(first, name));
    expect(second.resources.filter(({ aliases }) => aliases !== undefined)).to.deep.equal([]);
  });

  it("keeps the keys of a state whose names do not say the generation, and makes new ones for the next", async () => {
    const renamed = await register({ members: ["west"], generation: 3, renamedGeneration: 3 });
    for (const what of ["key", "request", "certificate"]) expect(resource(renamed, `trust-west-${what}-3`).aliases, what).to.deep.equal([`trust-west-${what}`]);
    const raised = await register({ members: ["west"], generation: 4, renamedGeneration: 3 });
    expect(raised.resources.filter(({ aliases }) => aliases !== undefined)).to.deep.equal([]);
    const first = await register({ members: ["west"], generation: 1, renamedGeneration: 1 });
    expect(first.resources.filter(({ aliases }) => aliases !== undefined), "names without a generation stay as they are").to.deep.equal([]);
  });

  describe("for a request of another stack", () => {
    const requests = { north: { publicKey: "public key of north", request: "request of north" } };

    it("issues a certificate, and makes no key", async () => {
      const world = await register({ members: ["west"], requests });
      expect(namesOf(world, "PrivateKey")).to.deep.equal(["trust-root-1-key", "trust-west-key"]);
      expect(resource(world, "trust-north-certificate").parent).to.equal("trust");
      expect(resource(world, "trust-north-certificate").inputs).to.include({ certRequestPem: "request of north", caCertPem: "certificate trust-root-1", maxPathLength: 0 });
      expect(resource(world, "trust").inputs).to.deep.include({ members: ["west"], requests });
    });

    it("gives back its chain and its end, and no secret", async () => {
      let issued: Promise<unknown> = Promise.resolve();
      await runPiece(() => {
        const { certificates, intermediates } = create({ members: ["west"], requests, roots: ["1", "2"] });
        issued = new Promise((resolve) => certificates["north"]!.apply(resolve));
        expect(Object.keys(intermediates)).to.deep.equal(["west"]);
      });
      expect(await issued).to.deep.equal({
        publicKey: "public key of north",
        caCert: "certificate trust-north-certificate\n",
        certChain: "certificate trust-north-certificate\ncertificate trust-root-1\n",
        rootCert: "certificate trust-root-1\ncertificate trust-root-2\n",
        ends: ENDS,
      });
      const world = await register({ members: [], requests });
      expect(JSON.stringify(redacted(world.componentOutputs)), "outputs that are recorded in plain text").to.include("certificate trust-north-certificate").and.not.to.include(CANARY);
    });
  });

  it("makes a root from what is recorded of it, and others from the arguments", async () => {
    const recipes = { "1": { mesh: "former", keyAlgorithm: "RSA-2048", validityHours: 50_000 } } as const;
    const world = await register({ roots: ["1", "2"], keyAlgorithm: "ECDSA-P384", recipes });
    expect(resource(world, "trust-root-1-key").inputs).to.deep.equal({ algorithm: "RSA", rsaBits: 2048 });
    expect(resource(world, "trust-root-1").inputs).to.deep.include({ validityPeriodHours: 50_000, subject: { organization: "former", commonName: "former root CA 1" } });
    expect(resource(world, "trust-root-2-key").inputs).to.deep.equal({ algorithm: "ECDSA", ecdsaCurve: "P384" });
    expect(resource(world, "trust-root-2").inputs).to.deep.include({ validityPeriodHours: 87_600, subject: { organization: "usmesh", commonName: "usmesh root CA 2" } });
  });

  it("lets no intermediate outlive its root", async () => {
    // A root of the mock engine ends in a century; so long an intermediate would end after it.
    const { inputs } = resource(await register({ intermediateValidityHours: 2_000_000, earlyRenewalHours: 1_900_000 }), "trust-west-certificate");
    expect(inputs["validityPeriodHours"]).to.be.below(1_000_001);
    expect(inputs["earlyRenewalHours"]).to.be.below(inputs["validityPeriodHours"] as number);
  });

  it("takes key algorithm and lifetimes from its arguments", async () => {
    const world = await register({ keyAlgorithm: "RSA-4096", rootValidityHours: 30, intermediateValidityHours: 20, earlyRenewalHours: 10 });
    for (const name of ["trust-root-1-key", "trust-west-key"]) expect(resource(world, name).inputs, name).to.deep.equal({ algorithm: "RSA", rsaBits: 4096 });
    expect(resource(world, "trust-root-1").inputs).to.include({ validityPeriodHours: 30, maxPathLength: 1 }).and.not.to.have.property("earlyRenewalHours");
    expect(resource(world, "trust-west-certificate").inputs).to.include({ validityPeriodHours: 20, earlyRenewalHours: 10, maxPathLength: 0 });
  });

  it("never replaces a certificate for what an earlier version allowed in it, and ignores no other change", async () => {
    const world = await register();
    expect(resource(world, "trust-root-1").ignoreChanges).to.deep.equal(["maxPathLength", "allowedUses"]);
    expect(resource(world, "trust-west-certificate").ignoreChanges).to.deep.equal(["allowedUses"]);
    expectOrdinary(world, ["trust-east-certificate", "trust-root-1", "trust-west-certificate"]);
  });

  it("protects the root that signs, and no other, when it is told to", async () => {
    const kept = (world: World) => world.resources.filter(({ protect }) => protect).map(({ name }) => name);
    expect(kept(await register())).to.deep.equal([]);
    expect(kept(await register({ protectSigner: true, roots: ["1", "2"], signer: "2" }))).to.have.members(["trust-root-2", "trust-root-2-key"]);
  });

  itHonoursOptions("trust", (opts) => create({}, opts));
});
