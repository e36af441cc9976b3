import { expect } from "chai";
import {
  cacertsFiles,
  INTERMEDIATE_DNS_NAMES,
  intermediateParameters,
  intermediateSubject,
  keyParameters,
  pemBundle,
  rootParameters,
  rootSubject,
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
      allowedUses: ["digital_signature", "key_encipherment", "cert_signing", "crl_signing"],
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
      allowedUses: ["digital_signature", "key_encipherment", "cert_signing", "crl_signing"],
    });
  });

  it("reissue an intermediate when the generation is raised", () => {
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
    expect(cacertsFiles({ certificate: "ca", key: "key", signer: "root2", roots: ["root1", "root2"] })).to.deep.equal({
      "ca-cert.pem": "ca\n",
      "ca-key.pem": "key\n",
      "cert-chain.pem": "ca\nroot2\n",
      "root-cert.pem": "root2\nroot1\n",
    });
  });
});
