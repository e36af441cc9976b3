import { expect } from "chai";
import type { Environments } from "../support/environments";
import type { Traffic } from "../support/traffic";

const PAIR = ["west", "east"] as const;

/** The number of certificates in a PEM text. */
const certificates = (pem: string): number => pem.split("-----BEGIN CERTIFICATE-----").length - 1;

/** Keys, certificates and tokens are renewed while requests flow. */
export function rotation(mesh: Environments, traffic: Traffic): void {
  const up = async (): Promise<void> => {
    await mesh.meshDoes("up", ...PAIR);
    expect(await mesh.faults(PAIR)).to.deep.equal([]);
  };
  const file = async (stack: "west" | "east", name: string): Promise<string> =>
    mesh.kubectl(stack, `-n istio-system get secret cacerts -o jsonpath='{.data.${name}\\.pem}'`);
  const roots = async (): Promise<number> => certificates((await mesh.outputs("west")).trust?.rootCertificates ?? "");
  const token = async (): Promise<string | undefined> => (await mesh.outputs("east")).credentials.east?.gateway?.tokens["west"];

  it("gives every intermediate a new key on demand", async () => {
    const files = async (): Promise<string[]> => Promise.all(PAIR.flatMap((stack) => ["ca-key", "ca-cert"].map((name) => file(stack, name))));
    const before = await files();
    mesh.set("west", "trust", { generation: 2 });
    await traffic.during("intermediates with new keys", up);
    expect((await files()).filter((pem) => before.includes(pem))).to.deep.equal([]);
    expect(await roots()).to.equal(1);
  });

  it("refuses to sign with a new root before it is trusted everywhere", async () => {
    mesh.set("west", "trust", { generation: 2, roots: ["2"], signer: "2" });
    const { code, stdout, stderr } = await mesh.mesh("up", ...PAIR);
    expect(code).to.equal(1);
    expect(stdout + stderr).to.contain("is more than one step");
  });

  it("trusts a new root beside the old one", async () => {
    mesh.set("west", "trust", { generation: 2, roots: ["1", "2"], signer: "1" });
    await traffic.during("new root trusted", up);
    expect(await roots()).to.equal(2);
  });

  it("signs with the new root", async () => {
    mesh.set("west", "trust", { generation: 2, roots: ["1", "2"], signer: "2" });
    await traffic.during("new root signs", up);
  });

  it("trusts the new root alone", async () => {
    mesh.set("west", "trust", { generation: 2, roots: ["2"], signer: "2" });
    await traffic.during("old root gone", up);
    expect(await roots()).to.equal(1);
  });

  for (const generation of [2, 3]) {
    it(`issues new reader tokens, generation ${generation}`, async () => {
      const before = await token();
      for (const stack of PAIR) mesh.set(stack, "peering", { generation });
      await traffic.during(`tokens of generation ${generation}`, up);
      expect(await token()).to.be.a("string").and.not.equal(before);
      const kept = await mesh.kubectl("east", "-n usmesh-discovery get secrets -o name");
      expect(kept.split("\n").filter((name) => name.includes("stack-west-"))).to.have.lengthOf(2);
    });
  }

  it("revokes reader tokens at once, while they are in use", async () => {
    const before = await token();
    for (const stack of PAIR) mesh.set(stack, "peering", { through: "gateway", revoke: 3 });
    await traffic.during("tokens revoked at once", up);
    expect(await token()).to.be.a("string").and.not.equal(before);
    const kept = await mesh.kubectl("east", "-n usmesh-discovery get secrets -o name");
    expect(kept.split("\n").filter((name) => name.includes("stack-west-"))).to.have.lengthOf(1);
  });
}
