import { expect } from "chai";
import {
  chainOf,
  endingBefore,
  INTERMEDIATE_DNS_NAMES,
  intermediateParameters,
  intermediateSubject,
  keyParameters,
  pemBundle,
  rootParameters,
  rootSubject,
  withKey,
} from "../../../trust/certificates";

const LIFETIMES = { rootValidityHours: 87_600, intermediateValidityHours: 8_760, earlyRenewalHours: 720 };

describe("certificates", () => {
  it("have keys of the algorithm in the arguments", () => {
    expect(keyParameters("ECDSA-P256")).to.deep.equal({ algorithm: "ECDSA", ecdsaCurve: "P256" });
    expect(keyParameters("ECDSA-P384")).to.deep.equal({ algorithm: "ECDSA", ecdsaCurve: "P384" });
    expect(keyParameters("RSA-4096")).to.deep.equal({ algorithm: "RSA", rsaBits: 4096 });
  });

  it("start with a root that names its mesh, and never renews itself", () => {
    expect(rootSubject("usmesh", "1")).to.deep.equal({ organization: "usmesh", commonName: "usmesh root CA 1" });
    expect(rootParameters(LIFETIMES)).to.deep.equal({
      validityPeriodHours: 87_600,
      isCaCertificate: true,
      maxPathLength: 1,
      setSubjectKeyId: true,
      allowedUses: ["digital_signature", "cert_signing", "crl_signing"],
    });
  });

  it("give each member an intermediate with istiod's name, which signs no other CA", () => {
    expect(INTERMEDIATE_DNS_NAMES).to.deep.equal(["istiod.istio-system.svc"]);
    expect(intermediateParameters(LIFETIMES)).to.deep.equal({
      validityPeriodHours: 8_760,
      earlyRenewalHours: 720,
      isCaCertificate: true,
      maxPathLength: 0,
      setSubjectKeyId: true,
      allowedUses: ["digital_signature", "cert_signing", "crl_signing"],
    });
  });

  it("name the generation of its key in an intermediate", () => {
    expect(intermediateSubject("usmesh", "west", 1)).to.deep.equal({
      organization: "usmesh",
      commonName: "usmesh intermediate CA west",
      locality: "west",
      serialNumber: "1",
    });
    expect(intermediateSubject("usmesh", "west", 2)).to.include({ serialNumber: "2" });
  });

  it("have distinct subjects for distinct roots and members", () => {
    expect(rootSubject("usmesh", "1")).not.to.deep.equal(rootSubject("usmesh", "2"));
    expect(intermediateSubject("usmesh", "west", 1)).not.to.deep.equal(intermediateSubject("usmesh", "east", 1));
  });

  it("make bundles whose bytes do not depend on how a block ends", () => {
    expect(pemBundle(["a", "b\n"])).to.equal("a\nb\n");
    expect(pemBundle(["a\n\n", "b"])).to.equal("a\nb\n");
  });

  it("are laid out as istiod reads them: chain from intermediate to root, and every trusted root, the signer first", () => {
    const chain = chainOf({ certificate: "ca", signer: "root2", roots: ["root1", "root2"] });
    expect(chain).to.deep.equal({ caCert: "ca\n", certChain: "ca\nroot2\n", rootCert: "root2\nroot1\n" });
    expect(chainOf({ certificate: "ca", signer: "root2\n", roots: ["root1", "root2"] }), "the signer once").to.deep.equal(chain);
    expect(chainOf({ certificate: "ca", signer: "root2", roots: ["root1", "root2\n"] }), "the signer once").to.deep.equal(chain);
    expect(withKey(chain, "key")).to.deep.equal({ ...chain, caKey: "key\n" });
  });

  it("hold nothing but the chain and the key, whatever came with the chain", () => {
    expect(withKey({ caCert: "c", certChain: "c", rootCert: "r", ends: "never" } as never, "k")).to.have.all.keys("caCert", "caKey", "certChain", "rootCert");
  });
});

describe("an intermediate that is signed while its root comes to its end", () => {
  const NOW = Date.parse("2026-01-01T00:00:00Z");
  const inHours = (hours: number): string => new Date(NOW + hours * 3_600_000).toISOString();
  const wanted = { intermediateValidityHours: 8_760, earlyRenewalHours: 720 };
  const hours = (left: number): number => endingBefore(inHours(left), wanted, NOW).intermediateValidityHours;

  it("is valid for as long as it is wanted while the root outlives that", () => {
    expect(endingBefore(inHours(8_760), wanted, NOW)).to.deep.equal(wanted);
    expect(endingBefore(inHours(87_600), wanted, NOW)).to.deep.equal(wanted);
    const early = { intermediateValidityHours: 100, earlyRenewalHours: 90 };
    expect(endingBefore(inHours(100), early, NOW), "renewed as early as it is wanted").to.deep.equal(early);
  });

  it("ends before the root, and is not another one in each run", () => {
    for (const left of [8_759, 5_000, 4_380]) expect(hours(left), `${left} hours`).to.equal(4_380);
    for (const left of [4_379, 2_190]) expect(hours(left), `${left} hours`).to.equal(2_190);
    for (let left = 8_760; left > 1; left -= 37) expect(hours(left), `${left} hours`).to.be.at.most(left);
  });

  it("is not renewed from the day on which it is made", () => {
    expect(endingBefore(inHours(800), wanted, NOW)).to.deep.equal({ intermediateValidityHours: 547, earlyRenewalHours: 273 });
    expect(endingBefore(inHours(8_000), wanted, NOW)).to.deep.equal({ intermediateValidityHours: 4_380, earlyRenewalHours: 720 });
  });

  it("is valid for an hour when the root has ended, so that the run does not fail for it", () => expect(hours(-5)).to.equal(1));
});
