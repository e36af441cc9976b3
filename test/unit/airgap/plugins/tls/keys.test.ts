import { expect } from "chai";
import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { algorithmOf, CURVE_NAMES, curveOf, describeKey, generateKey, parseKey } from "../../../../../airgap/plugins/tls/keys";
import { openSshPublicKey } from "../../../../../airgap/plugins/tls/openssh";

/** Public keys, with the output of ssh-keygen for them. */
const VECTORS = [
  {
    pem: `-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEZU6oAfhL2nphId6i4ZBZqG4POnvC
wpirkJbp94kJcDCi4mazpNbB12wl08f5GulWCeLFy6oS5vxl8wVaK0ypcA==
-----END PUBLIC KEY-----`,
    type: "ecdsa-sha2-nistp256",
    blob: "AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBGVOqAH4S9p6YSHeouGQWahuDzp7wsKYq5CW6feJCXAwouJms6TWwddsJdPH+RrpVgnixcuqEub8ZfMFWitMqXA=",
  },
  {
    pem: `-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAyC0yB9IPrZqfEeGjNkdVQZGaX8sylxPbwcHfQybnv0o=
-----END PUBLIC KEY-----`,
    type: "ssh-ed25519",
    blob: "AAAAC3NzaC1lZDI1NTE5AAAAIMgtMgfSD62anxHhozZHVUGRml/LMpcT28HB30Mm579K",
  },
  {
    pem: `-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA1PWPMCyQVayPY4gV+ueR
5ICToza99+vJYes0pXZgcU2m44eDaMQqTXIZ9KnykszbEtVolGvZTXVoJ8T9PhiO
xw9Dn64NJWp+iedUuJ56GpDfw0Ey9sxSTI/63AwTcdpvblsSChevO0Vc2+4e5ewB
qZiK5oVbHCOiQB2MuE/XNR4J7JdUIyj0dJbmQtkBtG/5bGBJrK5y9oO5uUC+LBiN
8bg9qFxwNovwUBwHdYxoStY4lkuvf8i2XKju/pHbqEJ/IXgN9QLu49+vYbU241Q1
UVIgpBBiLIl6sYjWwh2HHFLiXgOpYIQgtPTnCPOLOcyHXfIUC3lunPRDEWhSVih9
MwIDAQAB
-----END PUBLIC KEY-----`,
    type: "ssh-rsa",
    blob: "AAAAB3NzaC1yc2EAAAADAQABAAABAQDU9Y8wLJBVrI9jiBX655HkgJOjNr3368lh6zSldmBxTabjh4NoxCpNchn0qfKSzNsS1WiUa9lNdWgnxP0+GI7HD0Ofrg0lan6J51S4nnoakN/DQTL2zFJMj/rcDBNx2m9uWxIKF687RVzb7h7l7AGpmIrmhVscI6JAHYy4T9c1Hgnsl1QjKPR0luZC2QG0b/lsYEmsrnL2g7m5QL4sGI3xuD2oXHA2i/BQHAd1jGhK1jiWS69/yLZcqO7+kduoQn8heA31Au7j369htTbjVDVRUiCkEGIsiXqxiNbCHYccUuJeA6lghCC09OcI84s5zIdd8hQLeW6c9EMRaFJWKH0z",
  },
];

/** The length-prefixed fields of a blob. */
function fields(blob: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at + 4 <= blob.length; ) {
    const length = blob.readUInt32BE(at);
    if (at + 4 + length > blob.length) break;
    found.push(blob.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return found;
}

describe("keys of the tls plugin", () => {
  it("writes public keys as OpenSSH does", () => {
    for (const { pem, type, blob } of VECTORS) {
      const key = openSshPublicKey(createPublicKey(pem));
      expect(key?.type).to.equal(type);
      expect(key?.blob.toString("base64")).to.equal(blob);
    }
  });

  it("makes keys of every algorithm and describes them", async () => {
    const keys: [KeyObject, string][] = [
      [await generateKey("RSA", 2048, ""), "RSA PRIVATE KEY"],
      [await generateKey("ED25519", 0, ""), "PRIVATE KEY"],
    ];
    for (const curve of CURVE_NAMES) keys.push([await generateKey("ECDSA", 0, curve), "EC PRIVATE KEY"]);
    for (const [key, label] of keys) {
      const texts = describeKey(key);
      expect(texts.privateKeyPem).to.match(new RegExp(`^-----BEGIN ${label}-----\n[^]*\n-----END ${label}-----\n$`));
      expect(texts.privateKeyPemPkcs8).to.match(/^-----BEGIN PRIVATE KEY-----\n/);
      for (const pem of [texts.privateKeyPem, texts.privateKeyPemPkcs8]) {
        const again = parseKey(pem, "privateKeyPem");
        expect(algorithmOf(again)).to.equal(algorithmOf(key));
        expect(createPublicKey(again).equals(createPublicKey(texts.publicKeyPem))).to.equal(true);
      }
    }
    expect(keys.slice(2).map(([key]) => curveOf(key))).to.deep.equal(CURVE_NAMES);
  });

  it("has no OpenSSH formats for the curve that OpenSSH does not support", async () => {
    const texts = describeKey(await generateKey("ECDSA", 0, "P224"));
    const { privateKeyOpenssh, publicKeyOpenssh, publicKeyFingerprintMd5, publicKeyFingerprintSha256 } = texts;
    expect([privateKeyOpenssh, publicKeyOpenssh, publicKeyFingerprintMd5, publicKeyFingerprintSha256]).to.deep.equal([
      "",
      "",
      "",
      "",
    ]);
  });

  it("writes private keys in OpenSSH's format", async () => {
    const key = await generateKey("ED25519", 0, "");
    const { privateKeyOpenssh, publicKeyOpenssh } = describeKey(key);
    const body = Buffer.from(privateKeyOpenssh.replace(/-----.*-----|\n/g, ""), "base64");
    const magic = "openssh-key-v1\0";
    expect(body.subarray(0, magic.length).toString()).to.equal(magic);
    const [cipher, kdf, options] = fields(body.subarray(magic.length));
    expect([cipher, kdf, options].map(String)).to.deep.equal(["none", "none", ""]);
    const [blob, secrets] = fields(body.subarray(magic.length + 8 + 8 + 4 + 4));
    expect(blob?.toString("base64")).to.equal(publicKeyOpenssh.split(" ")[1]?.trim());
    expect((secrets as Buffer).length % 8).to.equal(0);
    expect(secrets?.subarray(0, 4).equals(secrets.subarray(4, 8))).to.equal(true);
    const [type, point, pair, comment] = fields((secrets as Buffer).subarray(8));
    expect([String(type), String(comment)]).to.deep.equal(["ssh-ed25519", ""]);
    const jwk = createPrivateKey(describeKey(key).privateKeyPem).export({ format: "jwk" });
    expect(point?.toString("base64url")).to.equal(jwk.x);
    expect(pair?.toString("base64url")).to.equal(
      Buffer.concat([jwk.d, jwk.x].map((part) => Buffer.from(part as string, "base64url"))).toString("base64url"),
    );
  });

  it("refuses what is not a key without showing it", () => {
    expect(() => parseKey("hunter2", "caPrivateKeyPem"))
      .to.throw("caPrivateKeyPem is not a private key")
      .with.property("message")
      .that.does.not.contain("hunter2");
  });
});
