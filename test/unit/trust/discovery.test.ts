import { expect } from "chai";
import { pemBundle } from "../../../trust/certificates";
import { authorityAlgorithms, discoveryAlgorithms } from "../../../trust/discovery";
import { discoveryAuthorityPem, rootPem } from "./support/roots";

describe("the authorities of a discovery proxy", () => {
  it("say in their certificates of which generation they are, and which key they have", async () => {
    const bundle = pemBundle([await discoveryAuthorityPem("east-1", 2, "ECDSA-P256"), await discoveryAuthorityPem("east-1", 3, "ECDSA-P384")]);
    expect(authorityAlgorithms(bundle)).to.deep.equal({ 2: "ECDSA-P256", 3: "ECDSA-P384" });
  });

  it("are not found in what is something else", async () => {
    const broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----";
    expect(authorityAlgorithms(pemBundle([broken, "certificate", await rootPem("usmesh", "1", "ECDSA-P256", 1_000)]))).to.deep.equal({});
    expect(authorityAlgorithms("")).to.deep.equal({});
  });

  it("keep the keys that they have, and new ones have what is wanted", () => {
    expect(discoveryAlgorithms([1, 2], { 1: "ECDSA-P256" }, "RSA-4096")).to.deep.equal({ 1: "ECDSA-P256", 2: "RSA-4096" });
    expect(discoveryAlgorithms([2], { 1: "ECDSA-P256" }, "RSA-4096"), "one that is gone").to.deep.equal({ 2: "RSA-4096" });
  });
});
