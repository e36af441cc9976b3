import { expect } from "chai";
import { readPeer } from "../../../outputs/peers";
import { recordedJson } from "../cli/plan/support/recorded";
import { outputsOf } from "../cli/support/outputs";
import { rootPem } from "../trust/support/roots";

/** What a stack exported before there were requests: the authority with the keys of all members. */
function formerly(change: object = {}): Record<string, unknown> {
  const { requests: _requests, certificates: _certificates, ...rest } = outputsOf(["west"], ["west->east"]);
  const trust = { authority: "west", roots: ["1"], signer: "1", rootCertificates: "PEM", rootExpiry: "2036-01-01T00:00:00Z", generation: 3 };
  return { ...rest, version: 1, trust, intermediates: { west: issued("west"), east: issued("east") }, ...change };
}
const issued = (key: string) => ({ caCert: `c ${key}`, caKey: `key ${key}`, certChain: `ch ${key}`, rootCert: "r" });

describe("outputs of version 1", () => {
  it("are read in today's shape, without requests and certificates", () => {
    const peer = readPeer("west", formerly());
    expect(peer).to.deep.equal({
      state: "up",
      stack: "west",
      outputs: {
        ...outputsOf(["west"], ["west->east"]),
        trust: {
          authority: "west",
          members: ["west", "east"],
          roots: ["1"],
          signer: "1",
          rootCertificates: "PEM",
          recipes: {},
          generation: 3,
          ends: { roots: { "1": "2036-01-01T00:00:00Z" }, intermediates: {} },
        },
      },
      former: { west: issued("west"), east: issued("east") },
    });
  });

  it("keep the keys that the authority made out of today's outputs", () => {
    const peer = readPeer("west", formerly());
    expect(JSON.stringify(peer.state === "up" && peer.outputs)).not.to.include("key east");
  });

  it("say what roots were made from by their certificates, each by its name", async () => {
    const pems = [await rootPem("usmesh", "1", "RSA-2048", 87_600), await rootPem("usmesh", "2", "ECDSA-P256", 1_000), await rootPem("usmesh", "3", "ECDSA-P384", 1_000)];
    const trust = { authority: "west", roots: ["1", "2", "3"], signer: "1", rootCertificates: pems.join(""), rootExpiry: "2036-01-01T00:00:00Z", generation: 1 };
    const peer = readPeer("west", formerly({ trust }));
    expect(peer.state === "up" && peer.outputs.trust).to.deep.include({
      recipes: { "1": { mesh: "usmesh", keyAlgorithm: "RSA-2048", validityHours: 87_600 }, "2": { mesh: "usmesh", keyAlgorithm: "ECDSA-P256", validityHours: 1_000 }, "3": { mesh: "usmesh", keyAlgorithm: "ECDSA-P384", validityHours: 1_000 } },
      // The intermediates had the algorithm of the settings, which the newest root has as well.
      keyAlgorithm: "ECDSA-P384",
    });
  });

  it("say so in a state that a stack of version 0.1 left", () => {
    const { outputs } = (JSON.parse(recordedJson("removed-root")) as { steps: { oldState: { outputs: Record<string, unknown> } }[] }).steps[0]!.oldState;
    // Secrets are not in the record.
    const peer = readPeer("local", { ...outputs, credentials: {}, intermediates: {}, kubeconfigs: {} });
    const recipe = { mesh: "usmesh", keyAlgorithm: "ECDSA-P256", validityHours: 87_600 };
    expect(peer.state === "up" && peer.outputs.trust?.recipes).to.deep.equal({ "1": recipe, "2": recipe });
  });

  it("may lack the trust, and what is not asked for through a reference to a stack", () => {
    const { trust: _trust, intermediates: _intermediates, ...rest } = formerly();
    const peer = readPeer("west", rest);
    expect(peer).to.deep.include({ state: "up", former: {} });
    expect(peer.state === "up" && peer.outputs).not.to.have.property("trust");
  });

  it("are refused when they are incomplete, without any of their values", () => {
    expect(() => readPeer("west", formerly({ intermediates: { east: { ...issued("east"), certChain: 5 } } }))).to.throw(/intermediates\.east\.certChain: must be string/);
    expect(() => readPeer("west", formerly({ intermediates: { east: { ...issued("east"), certChain: 5 } } }))).not.to.throw(/key east/);
  });
});
