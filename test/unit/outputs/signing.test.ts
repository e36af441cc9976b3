import { expect } from "chai";
import type { MeshOutputs } from "../../../outputs/contract";
import { signingOf, signingProblems, unsignedWarning, type Authority, type MemberStack } from "../../../outputs/signing";
import { issuedFor, outputsOf, requestOf, trustOutputsOf } from "../cli/support/outputs";

const member = (change: Partial<MemberStack> = {}): MemberStack => ({ stack: "east", clusters: ["east"], up: [], requests: {}, ...change });
function authority(certificates: MeshOutputs["certificates"] = {}, trust: Parameters<typeof trustOutputsOf>[2] = {}, members = ["west", "east", "north"]): Authority {
  return { state: "up", stack: "west", outputs: { ...outputsOf(["west"], []), certificates, trust: trustOutputsOf("west", members, trust) } };
}
const FORMER = { caCert: "c", caKey: "k", certChain: "ch", rootCert: "r" };
const KEY_1 = { generation: 1, keyAlgorithm: "ECDSA-P256" };

describe("the signing of a stack's clusters by its authority", () => {
  it("begins with a key of the authority's generation and algorithm, and leaves the cluster out until it is signed", () => {
    const signing = signingOf(member(), authority({}, { generation: 2, keyAlgorithm: "RSA-4096" }));
    expect(signing).to.deep.equal({ keys: { east: [{ generation: 2, keyAlgorithm: "RSA-4096" }] }, signed: {}, unsigned: ["east"] });
    expect(unsignedWarning("east", "west", signing)).to.equal("stack west has to sign the new key of east; until then east is left out. Next: pulumi up -s west, then again pulumi up -s east; see docs/troubleshooting.md#waiting-for-certificate");
    expect(signingProblems(member(), authority(), signing)).to.deep.equal([]);
    expect(signingOf(member(), authority({}, { keyAlgorithm: undefined })).keys, "an authority that names no algorithm").to.deep.equal({ east: [KEY_1] });
  });

  it("keeps using the certificate that was issued for its key", () => {
    const certificate = issuedFor("east");
    const signing = signingOf(member({ requests: { east: [requestOf("east")] } }), authority({ east: certificate }));
    expect(signing).to.deep.equal({ keys: { east: [KEY_1] }, signed: { east: { generation: 1, certificate } }, unsigned: [] });
    expect(unsignedWarning("east", "west", signing)).to.equal(undefined);
  });

  it("keeps the key in use, and its certificate, until the one of a new generation is signed", () => {
    const up = member({ up: ["east"], requests: { east: [requestOf("east")] } });
    const raised = authority({ east: issuedFor("east") }, { generation: 2 });
    const first = signingOf(up, raised);
    expect(first.keys["east"]).to.deep.equal([KEY_1, { ...KEY_1, generation: 2 }]);
    expect(first.signed["east"]).to.deep.include({ generation: 1 });
    expect(first.unsigned).to.deep.equal(["east"]);
    expect(unsignedWarning("east", "west", first)).to.equal("stack west has to sign the new key of east. Next: pulumi up -s west, then again pulumi up -s east; see docs/troubleshooting.md#waiting-for-certificate");

    const both = { ...up, requests: { east: [requestOf("east"), requestOf("east", 2)] } };
    const second = signingOf(both, authority({ east: issuedFor("east", 2) }, { generation: 2 }));
    expect(second.keys["east"]).to.deep.equal([{ ...KEY_1, generation: 2 }]);
    expect(second.signed["east"]).to.deep.include({ generation: 2 });
    expect(second.unsigned).to.deep.equal([]);
  });

  it("is separate for each cluster: one that joins does not hold up the others", () => {
    const signing = signingOf(member({ clusters: ["east", "north"], up: ["east"], requests: { east: [requestOf("east")] } }), authority({ east: issuedFor("east") }));
    expect(Object.keys(signing.signed)).to.deep.equal(["east"]);
    expect(signing.unsigned).to.deep.equal(["north"]);
    expect(unsignedWarning("east", "west", signing)).to.include("until then north is left out");
  });

  describe("with an authority of an earlier version", () => {
    const former: Authority = { ...authority(), former: { west: FORMER, east: FORMER } };

    it("uses what that issued, with its key, and makes a key of its own", () => {
      const up = member({ up: ["east"] });
      const signing = signingOf(up, former);
      expect(signing).to.deep.equal({ keys: { east: [KEY_1] }, signed: { east: { former: FORMER } }, unsigned: ["east"] });
      expect(signingProblems(up, former, signing)).to.deep.equal([]);
      expect(unsignedWarning("east", "west", signing)).not.to.include("left out");
    });

    it("uses it again in a further run", () => {
      const signing = signingOf(member({ up: ["east"], requests: { east: [requestOf("east")] } }), former);
      expect(signing.signed["east"]).to.deep.equal({ former: FORMER });
      expect(signing.keys["east"]).to.deep.equal([KEY_1]);
    });
  });

  describe("is refused", () => {
    const problems = (own: MemberStack, west: Authority): string[] => signingProblems(own, west, signingOf(own, west)).map(({ section, message }) => `${section}: ${message}`);

    it("when the authority's settings leave a cluster out", () => {
      expect(problems(member(), authority({}, {}, ["west"]))).to.deep.equal([
        'not-signed: stack west is the authority and signs for west, not for east: add "east" to its usmesh:trust.members and run `pulumi up -s west`',
      ]);
    });

    it("when a cluster that is up has no certificate for any of its keys: it must not be taken for one that waits", () => {
      const lost = ["certificate-lost: stack west is the authority and has issued no certificate for the key of east. First: pulumi up -s west, then again pulumi up -s east"];
      expect(problems(member({ up: ["east"], requests: { east: [requestOf("east")] } }), authority())).to.deep.equal(lost);
      expect(problems(member({ up: ["east"], requests: { east: [requestOf("east")] } }), authority({ east: issuedFor("east", 9) }))).to.deep.equal(lost);
    });
  });
});
