import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { intermediateKey, type IntermediateKey, type IntermediateKeyArgs } from "../../../../components/trust/intermediate-key";
import { CANARY } from "../support/answers";
import { resource } from "../support/queries";
import { plain } from "../support/secrets";
import { runPiece, type World } from "../support/world";

describe("the key of an intermediate", () => {
  const register = (args: Partial<IntermediateKeyArgs> = {}, look: (key: IntermediateKey) => void = () => undefined): Promise<World> =>
    runPiece(() => {
      const parent = new pulumi.ComponentResource("usmesh:test:Outer", "outer");
      look(intermediateKey("east", { meshId: pulumi.output("usmesh"), member: "east", generation: 2, keyAlgorithm: "ECDSA-P256", ...args }, parent));
    });

  it("is asked for a certificate of its cluster and generation, by which istiod is known", async () => {
    const world = await register();
    expect(resource(world, "east-key-2")).to.deep.include({ parent: "outer", inputs: { algorithm: "ECDSA", ecdsaCurve: "P256" } });
    const request = resource(world, "east-request-2");
    expect(request.parent).to.equal("outer");
    expect(plain(request.inputs)).to.deep.equal({
      subject: { organization: "usmesh", commonName: "usmesh intermediate CA east", locality: "east", serialNumber: "2" },
      dnsNames: ["istiod.istio-system.svc"],
      privateKeyPem: `${CANARY} key of east-key-2`,
    });
  });

  it("is found under its former name where the state may have it so, and only then", async () => {
    const aliases = async (args: Partial<IntermediateKeyArgs>, suffix: string): Promise<unknown[]> => {
      const world = await register(args);
      return ["key", "request"].map((what) => resource(world, `east-${what}${suffix}`).aliases);
    };
    expect(await aliases({ renamed: true }, "-2")).to.deep.equal([["east-key"], ["east-request"]]);
    for (const [args, suffix] of [[{}, "-2"], [{ generation: 1, renamed: true }, ""]] as const) expect(await aliases(args, suffix)).to.deep.equal([undefined, undefined]);
  });

  it("is a secret, and its public key and its request are none", async () => {
    let values: Promise<unknown> = Promise.resolve();
    let secrets: Promise<boolean[]> = Promise.resolve([]);
    await register({}, ({ generation, keyAlgorithm, privateKey, publicKey, request }) => {
      expect({ generation, keyAlgorithm }).to.deep.equal({ generation: 2, keyAlgorithm: "ECDSA-P256" });
      values = new Promise((resolve) => pulumi.all([privateKey, publicKey, request]).apply(resolve));
      secrets = Promise.all([privateKey, publicKey, request].map((output) => pulumi.isSecret(output)));
    });
    expect(await values).to.deep.equal([`${CANARY} key of east-key-2`, "public key of east-key-2", "request east-request-2"]);
    expect(await secrets).to.deep.equal([true, false, false]);
  });
});
