import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { IntermediateKeys, type IntermediateKeysArgs } from "../../../components";
import { CANARY } from "./support/answers";
import { expectOrdinary, itHonoursOptions, typesBelow } from "./support/pieces";
import { namesOf, resource } from "./support/queries";
import { redacted } from "./support/secrets";
import { runPiece, sharedWorld, type World } from "./support/world";

const P256 = { generation: 1, keyAlgorithm: "ECDSA-P256" } as const;
const create = (args: Partial<IntermediateKeysArgs> = {}, opts?: pulumi.ComponentResourceOptions) => new IntermediateKeys("trust", { meshId: "usmesh", members: { east: [P256] }, ...args }, opts);
const register = sharedWorld((args?: Partial<IntermediateKeysArgs>): Promise<World> => runPiece(() => create(args)));

describe("IntermediateKeys", () => {
  it("is a key and a request for each generation of each cluster, and no certificate", async () => {
    expect(typesBelow(await register(), "trust")).to.deep.equal({
      "trust-east-key": "tls:index/privateKey:PrivateKey",
      "trust-east-request": "tls:index/certRequest:CertRequest",
    });
    const both = await register({ members: { east: [P256, { generation: 2, keyAlgorithm: "RSA-4096" }], north: [{ ...P256, generation: 2 }] } });
    expect(namesOf(both, "PrivateKey")).to.deep.equal(["trust-east-key", "trust-east-key-2", "trust-north-key-2"]);
    expect(resource(both, "trust-east-key").inputs).to.deep.equal({ algorithm: "ECDSA", ecdsaCurve: "P256" });
    expect(resource(both, "trust-east-key-2").inputs).to.deep.equal({ algorithm: "RSA", rsaBits: 4096 });
  });

  it("asks for a certificate of its cluster and generation, with istiod's name", async () => {
    const { inputs } = resource(await register({ members: { east: [{ ...P256, generation: 2 }] } }), "trust-east-request-2");
    expect(inputs).to.deep.include({ dnsNames: ["istiod.istio-system.svc"], subject: { organization: "usmesh", commonName: "usmesh intermediate CA east", locality: "east", serialNumber: "2" } });
  });

  it("gives the private key of a generation as a secret, and the request in plain", async () => {
    let values: Promise<unknown> = Promise.resolve();
    let secrets: Promise<boolean[]> = Promise.resolve([]);
    await runPiece(() => {
      const keys = create();
      const [{ request, publicKey, privateKey } = expect.fail("no key")] = keys.keys["east"]!;
      values = new Promise((resolve) => pulumi.all([request, publicKey, keys.privateKey("east", 1)]).apply(resolve));
      secrets = Promise.all([request, publicKey, privateKey, keys.privateKey("east", 1)].map((output) => pulumi.isSecret(output)));
      expect(() => keys.privateKey("east", 2)).to.throw("cluster east has no key of generation 2");
      expect(() => keys.privateKey("west", 1)).to.throw("cluster west has no key of generation 1");
    });
    expect(await values).to.deep.equal(["request trust-east-request", "public key of trust-east-key", `${CANARY} key of trust-east-key`]);
    expect(await secrets).to.deep.equal([false, false, true, true]);
  });

  it("records its clusters and their keys, and no secret among its outputs", async () => {
    const world = await register();
    expect(resource(world, "trust")).to.deep.include({ type: "usmesh:index:IntermediateKeys", inputs: { meshId: "usmesh", members: { east: [P256] } } });
    expect(JSON.stringify(redacted(world.componentOutputs))).to.include("public key of trust-east-key").and.not.to.include(CANARY);
    expectOrdinary(world);
  });

  itHonoursOptions("trust", (opts) => create({}, opts));
});
