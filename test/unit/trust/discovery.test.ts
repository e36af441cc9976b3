import { expect } from "chai";
import { pemBundle } from "../../../trust/certificates";
import {
  authorityAlgorithms,
  discoveryAlgorithms,
  discoveryAuthorityParameters,
  discoveryAuthoritySubject,
  discoveryCertificateParameters,
  discoveryCertificateRequest,
} from "../../../trust/discovery";
import { certificatePem, discoveryAuthorityPem, rootPem } from "./support/roots";

describe("the authorities of a discovery proxy", () => {
  it("sign, and do nothing else", () => {
    expect(discoveryAuthorityParameters(1_000)).to.deep.equal({ validityPeriodHours: 1_000, isCaCertificate: true, setSubjectKeyId: true, allowedUses: ["cert_signing", "crl_signing"] });
    expect(discoveryAuthoritySubject("usmesh", "east", 2)).to.deep.equal({ organization: "usmesh", commonName: "usmesh discovery CA east 2", locality: "east" });
  });

  it("say in their certificates of which generation they are, and which key they have", async () => {
    const bundle = pemBundle([await discoveryAuthorityPem("east-1", 2, "ECDSA-P256"), await discoveryAuthorityPem("east-1", 13, "ECDSA-P384")]);
    expect(authorityAlgorithms(bundle)).to.deep.equal({ 2: "ECDSA-P256", 13: "ECDSA-P384" });
  });

  it("are not found in what is something else", async () => {
    const broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----";
    expect(authorityAlgorithms(pemBundle([broken, "certificate", await rootPem("usmesh", "1", "ECDSA-P256", 1_000)]))).to.deep.equal({});
    expect(authorityAlgorithms("")).to.deep.equal({});
    const others = ["usmesh discovery CA east 2 of another", "usmesh discovery proxy 2"].map((commonName) => certificatePem("ECDSA-P256", { commonName }));
    const unit = certificatePem("ECDSA-P256", { commonName: "other", organization: "CN=usmesh discovery CA east 2" });
    expect(authorityAlgorithms(pemBundle(await Promise.all([...others, unit])))).to.deep.equal({});
    const weak = await certificatePem("RSA-1024", discoveryAuthoritySubject("usmesh", "east", 2));
    expect(authorityAlgorithms(weak), "a key that no setting asks for").to.deep.equal({});
  });

  it("keep the keys that they have, and new ones have what is wanted", () => {
    expect(discoveryAlgorithms([1, 2], { 1: "ECDSA-P256" }, "RSA-4096")).to.deep.equal({ 1: "ECDSA-P256", 2: "RSA-4096" });
    expect(discoveryAlgorithms([2], { 1: "ECDSA-P256" }, "RSA-4096"), "one that is gone").to.deep.equal({ 2: "RSA-4096" });
  });
});

describe("the certificate of a discovery proxy", () => {
  it("is asked for with the name by which peers ask for the proxy", () => {
    expect(discoveryCertificateRequest("usmesh", "east")).to.deep.equal({
      subject: { organization: "usmesh", commonName: "usmesh discovery proxy east", locality: "east" },
      dnsNames: ["east.discovery.usmesh.internal"],
    });
  });

  it("serves, and does nothing else", () => {
    expect(discoveryCertificateParameters({ validityHours: 720, earlyRenewalHours: 240 })).to.deep.equal({
      validityPeriodHours: 720,
      earlyRenewalHours: 240,
      allowedUses: ["digital_signature", "key_encipherment", "server_auth"],
    });
  });
});
