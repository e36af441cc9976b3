import type * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { DiscoveryCA, type DiscoveryCAArgs } from "../../../components";
import { expectOrdinary, itHonoursOptions, typesBelow } from "./support/pieces";
import { resource } from "./support/queries";
import { redacted } from "./support/secrets";
import { runPiece, sharedWorld, type World } from "./support/world";

const NAME = "east-discovery-trust";
const create = (args: Partial<DiscoveryCAArgs> = {}, opts?: pulumi.ComponentResourceOptions) => new DiscoveryCA(NAME, { meshId: "usmesh", clusterKey: "east", ...args }, opts);
const register = sharedWorld((args?: Partial<DiscoveryCAArgs>): Promise<World> => runPiece(() => create(args)));

describe("DiscoveryCA", () => {
  it("is an authority for each generation, and one certificate", async () => {
    expect(Object.keys(typesBelow(await register({ generations: [2, 3] }), NAME)).sort()).to.deep.equal([
      `${NAME}-ca-2`,
      `${NAME}-ca-2-key`,
      `${NAME}-ca-3`,
      `${NAME}-ca-3-key`,
      `${NAME}-server`,
      `${NAME}-server-key`,
      `${NAME}-server-request`,
    ]);
  });

  it("records what it was given, with every default", async () => {
    expect(resource(await register(), NAME).inputs).to.deep.equal({
      meshId: "usmesh",
      clusterKey: "east",
      generations: [1],
      keyAlgorithm: "ECDSA-P256",
      keyAlgorithms: { 1: "ECDSA-P256" },
      authorityValidityHours: 87_600,
      validityHours: 8_760,
      earlyRenewalHours: 720,
    });
  });

  it("names each authority for its mesh, its cluster and its generation", async () => {
    const world = await register({ generations: [2, 3] });
    const subjects = [2, 3].map((generation) => resource(world, `${NAME}-ca-${generation}`).inputs["subject"]);
    expect(subjects).to.deep.equal([2, 3].map((generation) => ({ organization: "usmesh", commonName: `usmesh discovery CA east ${generation}`, locality: "east" })));
  });

  it("signs with the oldest authority, which every peer trusts, and has peers trust all of them", async () => {
    const world = await register({ generations: [2, 3] });
    expect(resource(world, `${NAME}-server`).inputs["caCertPem"]).to.equal(`certificate ${NAME}-ca-2`);
    expect(world.componentOutputs).to.deep.include({ caCertificate: `certificate ${NAME}-ca-2\ncertificate ${NAME}-ca-3\n`, certificate: `certificate ${NAME}-server\n` });
  });

  it("has authorities with a key of another algorithm for each generation, and serves with the newest", async () => {
    const world = await register({ generations: [2, 3], keyAlgorithm: "ECDSA-P384", keyAlgorithms: { 2: "ECDSA-P256" } });
    const curves = [`${NAME}-ca-2-key`, `${NAME}-ca-3-key`, `${NAME}-server-key`].map((name) => resource(world, name).inputs["ecdsaCurve"]);
    expect(curves).to.deep.equal(["P256", "P384", "P384"]);
    expect(resource(world, NAME).inputs["keyAlgorithms"]).to.deep.equal({ 2: "ECDSA-P256", 3: "ECDSA-P384" });
  });

  it("issues a certificate for the cluster's own name, with which nobody can sign or be a client", async () => {
    const world = await register({ validityHours: 48, earlyRenewalHours: 12 });
    expect(resource(world, `${NAME}-server-request`).inputs).to.deep.include({ dnsNames: ["east.discovery.usmesh.internal"] });
    expect(resource(world, `${NAME}-server`).inputs).to.deep.include({ validityPeriodHours: 48, earlyRenewalHours: 12, allowedUses: ["digital_signature", "key_encipherment", "server_auth"] });
    expect(resource(world, `${NAME}-server`).inputs).not.to.have.property("isCaCertificate");
  });

  it("keeps the authority's key out of everything but the certificates that it signs", async () => {
    const world = await register();
    const users = world.resources.filter(({ inputs }) => JSON.stringify(inputs).includes(`key of ${NAME}-ca-1-key`)).map(({ name }) => name);
    expect(users).to.deep.equal([`${NAME}-ca-1`, `${NAME}-server`]);
    for (const name of users) expect(JSON.stringify(redacted(resource(world, name).inputs)), name).not.to.contain("canary");
  });

  it("refuses to have no generation", async () => {
    const error = await register({ generations: [] }).catch((thrown: Error) => thrown);
    expect(error).to.be.an("error").with.property("message").that.includes("generations must not be empty");
  });

  it("ignores no change, and replaces nothing by deleting it first", async () => expectOrdinary(await register()));

  itHonoursOptions(NAME, (opts) => create({}, opts));
});
