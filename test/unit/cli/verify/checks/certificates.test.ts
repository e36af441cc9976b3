import { expect } from "chai";
import { X509Certificate } from "node:crypto";
import { authorityFaults, certificates, fingerprints, forbidsFurtherAuthorities, nameOf, parsable, rootOf } from "../../../../../cli/verify/checks/certificates";
import { signingLimits } from "../../../../../cli/verify/checks/extensions";
import { issue, KeyUsageFlags, type Wanted } from "../support/authority";

const made = async (wanted: Partial<Wanted>): Promise<X509Certificate> => new X509Certificate((await issue({ name: "x", ...wanted })).pem);

/** Made by `openssl x509 -req` without a file of extensions: version 1. */
const VERSION_1 = `-----BEGIN CERTIFICATE-----
MIIBFzCBvQIUKWwft4WbRsROf6tlyi93bhymqiAwCgYIKoZIzj0EAwIwDTELMAkG
A1UEAwwCdjEwIBcNMjYxMTI4MDIzNjQ3WhgPMjEyNjExMDQwMjM2NDdaMA0xCzAJ
BgNVBAMMAnYxMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE8Wf6VdVwqP0MI/FK
varfiYRdUjyZ5N4WJPmQ6RIqpTxE/QxmeCl65/Q0pV3X0Wo4X6iS0eW4cVqfaZBc
Vum32TAKBggqhkjOPQQDAgNJADBGAiEA8HyRXtTFmwRat1mfGXNs00RhFaVoLHwt
PhPosv6Y4tACIQDH/jUZsKlNgzqZFI2Z5sLXupLqJ070z5dAd92Osbqljw==
-----END CERTIFICATE-----`;

/** Made by openssl with a CA:FALSE that is written out, where others leave it away: basicConstraints=DER:30:03:01:01:00. */
const CA_FALSE = `-----BEGIN CERTIFICATE-----
MIIBSzCB86ADAgECAhR/aDoKg1fM/XWsM3DMoxzv7hLpgjAKBggqhkjOPQQDAjAN
MQswCQYDVQQDDAJ2MTAgFw0yNjExMjgwMjM3MDdaGA8yMTI2MTEwNDAyMzcwN1ow
DTELMAkGA1UEAwwCdjEwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAATxZ/pV1XCo
/Qwj8Uq9qt+JhF1SPJnk3hYk+ZDpEiqlPET9DGZ4KXrn9DSlXdfRajhfqJLR5bhx
Wp9pkFxW6bfZoy8wLTAMBgNVHRMEBTADAQEAMB0GA1UdDgQWBBQ/pD6eNPO7jQNt
IFEioHq0FVXXNDAKBggqhkjOPQQDAgNHADBEAiBu8StH2ttnX85fnU1B/ASiwIc0
Dv7qGgxHrTuwTrzlZwIgHWaP3X3ej/gIyKcXVjfpBE8C4opzq9VjlfrXCIelWAk=
-----END CERTIFICATE-----`;

describe("the extensions of a certificate", () => {
  for (const length of [0, 1, 127, 128, 300]) {
    it(`tell a path length of ${length}`, async () => {
      expect(signingLimits(await made({ pathLength: length })).pathLength).to.equal(length);
    });
  }

  it("tell whether the key may sign certificates", async () => {
    const { keyCertSign, digitalSignature, cRLSign } = KeyUsageFlags;
    expect(signingLimits(await made({ usages: keyCertSign | cRLSign })).maySign).to.equal(true);
    expect(signingLimits(await made({ usages: digitalSignature | cRLSign })).maySign).to.equal(false);
  });

  it("tell CA:FALSE, written out or left away, and beside a path length too", async () => {
    expect(signingLimits(new X509Certificate(CA_FALSE)).isAuthority).to.equal(false);
    expect(signingLimits(await made({ ca: false })).isAuthority).to.equal(false);
    expect(signingLimits(await made({ ca: false, pathLength: 1 }))).to.include({ isAuthority: false, pathLength: 1 });
    expect(signingLimits(await made({ ca: true })).isAuthority).to.equal(true);
  });

  it("limit nothing where they are missing", async () => {
    expect(signingLimits(await made({ extensions: false }))).to.deep.equal({ isAuthority: false, pathLength: undefined, maySign: undefined });
    expect(signingLimits(await made({})).pathLength).to.equal(undefined);
    expect(signingLimits(new X509Certificate(VERSION_1)), "a certificate of version 1").to.deep.equal({ isAuthority: false, pathLength: undefined, maySign: undefined });
  });
});

describe("an authority", () => {
  it("is unfit without CA:TRUE, with more authorities below it than it allows, and without keyCertSign", async () => {
    expect(authorityFaults(await made({ ca: false, usages: KeyUsageFlags.keyCertSign }), 0)).to.deep.equal(["is not a certificate authority (CA:FALSE)"]);
    expect(authorityFaults(await made({ pathLength: 0 }), 1)).to.deep.equal(["allows 0 authorities below it and has 1"]);
    expect(authorityFaults(await made({ pathLength: 1 }), 1)).to.deep.equal([]);
    expect(authorityFaults(await made({ usages: KeyUsageFlags.digitalSignature }), 0)).to.deep.equal(["may not sign certificates (no keyCertSign)"]);
    expect(authorityFaults(await made({}), 9)).to.deep.equal([]);
  });

  it("forbids further authorities below an intermediate by its own path length or by one above it", async () => {
    const [none, zero, one, two] = [await made({}), await made({ pathLength: 0 }), await made({ pathLength: 1 }), await made({ pathLength: 2 })];
    expect(forbidsFurtherAuthorities([zero, none])).to.equal(true);
    expect(forbidsFurtherAuthorities([none, one])).to.equal(true);
    expect(forbidsFurtherAuthorities([none, two])).to.equal(false);
    expect(forbidsFurtherAuthorities([one, none])).to.equal(false);
  });
});

describe("a chain of certificates", () => {
  it("leads to the root that signed its last link, by name and by signature", async () => {
    const root = await issue({ name: "root" });
    const middle = await issue({ name: "middle", issuer: root });
    const leaf = await issue({ name: "leaf", issuer: middle, ca: false });
    const namesake = await issue({ name: "root" });
    const [roots, others] = [certificates(root.pem), certificates(namesake.pem)];
    expect(rootOf(certificates(leaf.pem + middle.pem), roots)?.fingerprint256).to.equal(roots[0]?.fingerprint256);
    expect(rootOf(certificates(root.pem), roots)?.fingerprint256).to.equal(roots[0]?.fingerprint256);
    expect(rootOf(certificates(leaf.pem + middle.pem), others)).to.equal(undefined);
    expect(rootOf(certificates(middle.pem), certificates(middle.pem))?.subject, "an intermediate that is trusted itself").to.equal("CN=middle");
    expect(rootOf(certificates(leaf.pem), roots), "a missing link").to.equal(undefined);
    expect(rootOf(certificates(leaf.pem + namesake.pem + middle.pem), roots), "a link in between that did not sign").to.equal(undefined);
  });
});

describe("the name of a certificate", () => {
  it("is its common name or, without one, its organisation", async () => {
    expect(nameOf(await made({ subject: "O=Acme, CN=west" }))).to.equal("west");
    expect(nameOf(await made({ subject: "CN=west, O=Acme" }))).to.equal("west");
    expect(nameOf(await made({ subject: "O=Acme, OU=CN=none" }))).to.equal("Acme");
    expect(nameOf(await made({ subject: "OU=O=none" }))).to.equal("unnamed");
  });
});

describe("a bundle of certificates", () => {
  it("is compared without regard to its order", async () => {
    const [one, two] = [(await issue({ name: "one" })).pem, (await issue({ name: "two" })).pem];
    expect(fingerprints(certificates(one + two))).to.equal(fingerprints(certificates(two + one)));
    expect(fingerprints(certificates(one))).not.to.equal(fingerprints(certificates(two)));
  });

  it("that cannot be parsed holds nothing, where that is enough to know", () => {
    const broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----";
    expect(parsable(broken)).to.deep.equal([]);
    expect(() => certificates(broken)).to.throw();
  });

  it("that is missing or has no certificate in it holds none", () => {
    for (const none of [undefined, "", "root"]) expect(certificates(none)).to.deep.equal([]);
  });
});
