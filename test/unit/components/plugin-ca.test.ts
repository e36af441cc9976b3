import type * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { PluginCA, type PluginCAArgs } from "../../../components";
import { expectOrdinary, itHonoursOptions, typesBelow } from "./support/pieces";
import { namesOf, resource } from "./support/queries";
import { runPiece, type World } from "./support/world";

const create = (args: Partial<PluginCAArgs> = {}, opts?: pulumi.ComponentResourceOptions) =>
  new PluginCA("trust", { meshId: "usmesh", members: ["west", "east"], ...args }, opts);
const register = (args?: Partial<PluginCAArgs>): Promise<World> => runPiece(() => create(args));

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

  it("puts the generation into the request, and nowhere else", async () => {
    const [first, second] = [await register(), await register({ generation: 2 })];
    const changed = first.resources.filter(({ name, inputs }) => JSON.stringify(inputs) !== JSON.stringify(resource(second, name).inputs));
    expect(changed.map(({ name }) => name)).to.have.members(["trust", "trust-west-request", "trust-east-request"]);
    expect(resource(second, "trust-west-request").inputs["subject"]).to.include({ serialNumber: "2" });
  });

  it("takes key algorithm and lifetimes from its arguments", async () => {
    const world = await register({ keyAlgorithm: "RSA-4096", rootValidityHours: 30, intermediateValidityHours: 20, earlyRenewalHours: 10 });
    for (const name of ["trust-root-1-key", "trust-west-key"]) expect(resource(world, name).inputs, name).to.deep.equal({ algorithm: "RSA", rsaBits: 4096 });
    expect(resource(world, "trust-root-1").inputs).to.include({ validityPeriodHours: 30, maxPathLength: 1 }).and.not.to.have.property("earlyRenewalHours");
    expect(resource(world, "trust-west-certificate").inputs).to.include({ validityPeriodHours: 20, earlyRenewalHours: 10, maxPathLength: 0 });
  });

  it("never replaces a root for its path length, and ignores no other change", async () => {
    const world = await register();
    expect(resource(world, "trust-root-1").ignoreChanges).to.deep.equal(["maxPathLength"]);
    expectOrdinary(world, ["trust-root-1"]);
  });

  it("protects the root that signs, and no other, when it is told to", async () => {
    const kept = (world: World) => world.resources.filter(({ protect }) => protect).map(({ name }) => name);
    expect(kept(await register())).to.deep.equal([]);
    expect(kept(await register({ protectSigner: true, roots: ["1", "2"], signer: "2" }))).to.have.members(["trust-root-2", "trust-root-2-key"]);
  });

  itHonoursOptions("trust", (opts) => create({}, opts));
});
