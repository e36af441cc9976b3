import { expect } from "chai";
import { cacertsFiles, intermediateParameters, keyParameters, pemBundle, rootParameters } from "../../../trust/certificates";
import { parseSettings } from "../../../settings/config";

const { mesh, trust } = parseSettings({ clusters: { west: {}, east: {} } }, { stack: "local" });

describe("certificates", () => {
  it("have keys of the algorithm that is set", () => {
    expect(keyParameters("ECDSA-P256")).to.deep.equal({ algorithm: "ECDSA", ecdsaCurve: "P256" });
    expect(keyParameters("RSA-4096")).to.deep.equal({ algorithm: "RSA", rsaBits: 4096 });
  });

  it("start with a root that says whose it is and lives ten years", () => {
    expect(rootParameters(mesh, trust, "1")).to.deep.equal({
      subject: { organization: "usmesh", commonName: "usmesh root CA 1" },
      validityPeriodHours: 87_600,
      isCaCertificate: true,
      maxPathLength: 1,
      setSubjectKeyId: true,
      allowedUses: ["digital_signature", "key_encipherment", "cert_signing", "crl_signing"],
    });
  });

  it("never renew a root by themselves", () => expect(rootParameters(mesh, trust, "1")).not.to.have.property("earlyRenewalHours"));

  it("give each member an intermediate with istiod's name and its own, that signs no further CA", () => {
    const { request, certificate } = intermediateParameters(mesh, trust, "west");
    expect(request.dnsNames).to.deep.equal(["istiod.istio-system.svc"]);
    expect(request.subject).to.include({ organization: "usmesh", commonName: "usmesh intermediate CA west", locality: "west" });
    expect(certificate).to.include({ isCaCertificate: true, maxPathLength: 0, validityPeriodHours: 8_760, earlyRenewalHours: 720 });
    expect(certificate.allowedUses).to.include("cert_signing");
  });

  it("reissue an intermediate when the generation rises, and change nothing of the root", () => {
    const raised = { ...trust, generation: 2 };
    expect(intermediateParameters(mesh, raised, "west").request).not.to.deep.equal(intermediateParameters(mesh, trust, "west").request);
    expect(rootParameters(mesh, raised, "1")).to.deep.equal(rootParameters(mesh, trust, "1"));
  });

  it("have distinct subjects for distinct roots and members", () => {
    expect(rootParameters(mesh, trust, "1").subject).not.to.deep.equal(rootParameters(mesh, trust, "2").subject);
    expect(intermediateParameters(mesh, trust, "west").request.subject).not.to.deep.equal(intermediateParameters(mesh, trust, "east").request.subject);
  });

  it("make bundles whose bytes do not depend on how a block ended", () => {
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
