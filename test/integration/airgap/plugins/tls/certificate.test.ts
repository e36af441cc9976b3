import { expect } from "chai";
import { execFileSync } from "node:child_process";
import { X509Certificate as NodeCertificate, type KeyObject } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { requestCertificate, selfSign, signRequest, type Issued } from "../../../../../airgap/plugins/tls/certificate";
import type { CertificateTerms } from "../../../../../airgap/plugins/tls/extensions";
import { generateKey, parseKey, type Algorithm } from "../../../../../airgap/plugins/tls/keys";
import { parseCertificate, parseRequest } from "../../../../../airgap/plugins/tls/pem";
import { timestamp } from "../../../../../airgap/plugins/tls/renewal";
import { SIGNER, signingKey } from "../../../../../airgap/plugins/tls/signer";
import { USES } from "../../../../../airgap/plugins/tls/usages";
import { Name, Pkcs10CertificateRequestGenerator, SubjectAlternativeNameExtension, type JsonNameParams } from "../../../../../airgap/plugins/tls/x509";

const CA: CertificateTerms = {
  allowedUses: ["cert_signing", "crl_signing"],
  isCaCertificate: true,
  setSubjectKeyId: false,
  validityPeriodHours: 24,
};
const LEAF: CertificateTerms = { ...CA, isCaCertificate: false, allowedUses: ["server_auth", "digital_signature"] };

/** A certificate or request as openssl prints it. */
function openssl(what: "x509" | "req", pem: string): string {
  const args = [what, "-noout", "-text", "-nameopt", "esc_2253,esc_ctrl,utf8,dump_nostr,dump_der,sep_comma_plus"];
  return execFileSync("openssl", args, { input: pem }).toString();
}

/** The line after an extension's name. */
function extension(text: string, name: string): string | undefined {
  return text.match(new RegExp(`X509v3 ${name}:( critical)?\\s*\\n\\s*(.*)`))?.slice(1).join(" ").trim();
}

async function authority(terms = CA, algorithm: Algorithm = "ECDSA", curve = "P256") {
  const key = await generateKey(algorithm, 2048, curve);
  const issued = await selfSign(key, terms, { commonName: "root" }, {}, { setAuthorityKeyId: true });
  return { key, issued, certificate: parseCertificate(issued.pem, "caCertPem") };
}

describe("certificates of the tls plugin", () => {
  let key: KeyObject;
  before(async () => {
    key = await generateKey("ECDSA", 0, "P256");
  });

  it("have the given path length, except for a zero, and none when none is given", async () => {
    const constraints = async (terms: CertificateTerms): Promise<string | undefined> =>
      extension(openssl("x509", (await selfSign(key, terms, { commonName: "x" }, {})).pem), "Basic Constraints");
    expect(await constraints({ ...CA, maxPathLength: 0 })).to.equal("critical CA:TRUE");
    expect(await constraints({ ...CA, maxPathLength: 1 })).to.equal("critical CA:TRUE, pathlen:1");
    expect(await constraints({ ...CA, maxPathLength: 2 })).to.equal("critical CA:TRUE, pathlen:2");
    expect(await constraints({ ...CA, maxPathLength: -1 })).to.equal("critical CA:TRUE");
    expect(await constraints(CA)).to.equal("critical CA:TRUE");
    expect(await constraints(LEAF)).to.equal("critical CA:FALSE");
  });

  it("cannot have a path length without being an authority, or be an authority without a subject", async () => {
    for (const [terms, message] of [
      [{ ...LEAF, maxPathLength: 1 }, "maxPathLength needs isCaCertificate"],
      [CA, "a certificate authority needs a subject"],
    ] as const) {
      const thrown = await selfSign(key, terms, {}, {}).catch((e: Error) => e);
      expect(thrown).to.be.an("error").with.property("message", message);
    }
  });

  it("have every usage", async () => {
    const { pem } = await selfSign(key, { ...LEAF, allowedUses: [...USES] }, undefined, {});
    const text = openssl("x509", pem);
    expect(extension(text, "Key Usage")).to.equal(
      "critical Digital Signature, Non Repudiation, Key Encipherment, Data Encipherment, Key Agreement, Certificate Sign, CRL Sign, Encipher Only, Decipher Only",
    );
    expect(extension(text, "Extended Key Usage")?.split(", ").sort()).to.deep.equal(
      [
        "1.3.6.1.4.1.311.61.1.1",
        "Any Extended Key Usage",
        "Code Signing",
        "E-mail Protection",
        "IPSec End System",
        "IPSec Tunnel",
        "IPSec User",
        "Microsoft Commercial Code Signing",
        "Microsoft Server Gated Crypto",
        "Netscape Server Gated Crypto",
        "OCSP Signing",
        "TLS Web Client Authentication",
        "TLS Web Server Authentication",
        "Time Stamping",
      ],
    );
    const without = openssl("x509", (await selfSign(key, { ...LEAF, allowedUses: [] }, undefined, {})).pem);
    expect(extension(without, "Key Usage")).to.equal(undefined);
    expect(extension(without, "Extended Key Usage")).to.equal(undefined);
  });

  it("have the whole subject, in the official order", async () => {
    const subject = {
      commonName: "Zoë",
      country: "DE",
      emailAddress: "a@b.c",
      locality: "west",
      organization: "usmesh",
      organizationalUnit: "mesh",
      postalCode: "12345",
      province: "NW",
      serialNumber: "7",
      streetAddresses: ["One", "Two"],
    };
    const expected =
      "C=DE,O=usmesh,OU=mesh,L=west,ST=NW,street=One+street=Two,postalCode=12345,CN=Zoë,serialNumber=7,emailAddress=a@b.c";
    const { pem } = await selfSign(key, LEAF, subject, {});
    expect(openssl("x509", pem)).to.contain(`Subject: ${expected}\n`).and.to.contain(`Issuer: ${expected}\n`);
    const request = await requestCertificate(key, subject, {});
    expect(openssl("req", request.pem)).to.contain(`Subject: ${expected}\n`);
  });

  it("keep of a request what the official plugin keeps: no e-mail address, and the official order", async () => {
    const root = await authority();
    const attributes: JsonNameParams = [{ "2.5.4.3": ["Zoë"] }, { "1.2.840.113549.1.9.1": [{ ia5String: "a@b.c" }] }, { "2.5.4.10": ["One", "Two"] }, { "2.5.4.42": ["given"] }];
    const signing = signingKey(key);
    const names = new SubjectAlternativeNameExtension([{ type: "url", value: "a:b" }, { type: "email", value: "a@b.c" }, { type: "dns", value: "x" }]);
    const foreign = await Pkcs10CertificateRequestGenerator.create(
      { name: new Name(attributes), keys: { privateKey: signing, publicKey: signing }, signingAlgorithm: signing.algorithm as never, extensions: [names] },
      SIGNER,
    );
    const text = openssl("x509", (await signRequest(parseRequest(foreign.toString("pem"), "certRequestPem"), root, LEAF)).pem);
    expect(text).to.match(/Subject: O=One\+O=Two,CN=Zoë\n/);
    expect(extension(text, "Subject Alternative Name")).to.equal("DNS:x, URI:a:b");
  });

  it("have alternative names of every type, critical when there is no subject", async () => {
    const names = { dnsNames: ["a.b", "*.c"], ipAddresses: ["10.1.2.3", "fd00::1"], uris: ["spiffe://t/ns/a/sa/b"] };
    const expected = "DNS:a.b, DNS:*.c, IP Address:10.1.2.3, IP Address:FD00:0:0:0:0:0:0:1, URI:spiffe://t/ns/a/sa/b";
    const bare = await selfSign(key, LEAF, undefined, names);
    expect(extension(openssl("x509", bare.pem), "Subject Alternative Name")).to.equal(`critical ${expected}`);
    const named = await selfSign(key, LEAF, { commonName: "x" }, names);
    expect(extension(openssl("x509", named.pem), "Subject Alternative Name")).to.equal(expected);

    const root = await authority();
    const request = parseRequest((await requestCertificate(key, undefined, names)).pem, "certRequestPem");
    const signed = await signRequest(request, root, LEAF);
    expect(extension(openssl("x509", signed.pem), "Subject Alternative Name")).to.equal(`critical ${expected}`);
  });

  it("have the ids of their keys when they are asked for", async () => {
    const plain = openssl("x509", (await selfSign(key, LEAF, undefined, {})).pem);
    expect(extension(plain, "Subject Key Identifier")).to.equal(undefined);
    expect(extension(plain, "Authority Key Identifier")).to.equal(undefined);
    const asked = { ...LEAF, setSubjectKeyId: true };
    const text = openssl("x509", (await selfSign(key, asked, undefined, {}, { setAuthorityKeyId: true })).pem);
    const id = extension(text, "Subject Key Identifier");
    expect(id).to.match(/^([0-9A-F]{2}:){19}[0-9A-F]{2}$/);
    expect(extension(text, "Authority Key Identifier")?.replace(/^keyid:/, "")).to.equal(id);
    const thrown = await selfSign(key, LEAF, undefined, {}, { setAuthorityKeyId: true }).catch((e: Error) => e);
    expect((thrown as Error).message).to.contain("setAuthorityKeyId needs setSubjectKeyId");
  });

  it("have the key id that openssl computes", async () => {
    for (const [algorithm, curve] of [["RSA", ""], ["ECDSA", "P224"], ["ECDSA", "P256"], ["ECDSA", "P521"]] as const) {
      const own = await generateKey(algorithm, 2048, curve);
      const config = "[req]\ndistinguished_name=dn\nx509_extensions=e\nprompt=no\n[dn]\nCN=x\n[e]\nsubjectKeyIdentifier=hash\n";
      const folder = mkdtempSync(join(tmpdir(), "usmesh-ski-"));
      try {
        writeFileSync(join(folder, "c"), config);
        writeFileSync(join(folder, "k"), own.export({ type: "pkcs8", format: "pem" }));
        const args = ["req", "-x509", "-new", "-key", join(folder, "k"), "-config", join(folder, "c"), "-days", "1"];
        const theirs = openssl("x509", execFileSync("openssl", args, { stdio: "pipe" }).toString());
        const ours = openssl("x509", (await selfSign(own, CA, { commonName: "x" }, {})).pem);
        expect(extension(ours, "Subject Key Identifier")).to.equal(extension(theirs, "Subject Key Identifier"));
      } finally {
        rmSync(folder, { recursive: true });
      }
    }
  });

  it("are signed with every type of key so that Node and openssl verify them", async () => {
    const kinds = [["RSA", ""], ["ED25519", ""], ["ECDSA", "P224"], ["ECDSA", "P256"], ["ECDSA", "P384"], ["ECDSA", "P521"]];
    for (const [algorithm, curve] of kinds) {
      const root = await authority({ ...CA, maxPathLength: 1 }, algorithm as Algorithm, curve);
      expect(new NodeCertificate(root.issued.pem).verify(new NodeCertificate(root.issued.pem).publicKey)).to.equal(true);
      const request = (await requestCertificate(root.key, { commonName: "x" }, { dnsNames: ["x"] })).pem;
      expect(execFileSync("openssl", ["req", "-verify", "-noout"], { input: request, stdio: "pipe" }).length).to.equal(0);
      const leaf = await signRequest(parseRequest(request, "certRequestPem"), root, LEAF);
      expect(new NodeCertificate(leaf.pem).checkIssued(new NodeCertificate(root.issued.pem))).to.equal(true);
      expect(new NodeCertificate(leaf.pem).verify(new NodeCertificate(root.issued.pem).publicKey)).to.equal(true);
    }
  }).timeout(20_000);

  it("have serial numbers of 128 random bits", async () => {
    const many: Issued[] = [];
    for (let i = 0; i < 20; i++) many.push(await selfSign(key, LEAF, undefined, {}));
    const [first] = many as [Issued];
    expect(new Set(many.map(({ serialNumber }) => serialNumber)).size).to.equal(20);
    expect(many.some(({ serialNumber }) => BigInt(serialNumber) > 1n << 120n)).to.equal(true);
    expect(BigInt(`0x${new NodeCertificate(first.pem).serialNumber}`).toString()).to.equal(first.serialNumber);
  });

  it("have dates in whole seconds, which are reported with fractions and in the machine's time zone", async () => {
    const { pem, notBefore, notAfter } = await selfSign(key, LEAF, undefined, {}, { now: new Date("2026-03-01T12:00:00.789Z") });
    expect(new NodeCertificate(pem).validTo).to.equal("Mar  2 12:00:00 2026 GMT");
    const zone = process.env["TZ"];
    try {
      const told = (place: string, date: Date): string => {
        process.env["TZ"] = place;
        return timestamp(date);
      };
      expect(told("UTC", notBefore)).to.equal("2026-03-01T12:00:00.789Z");
      expect(told("UTC", notAfter)).to.equal("2026-03-02T12:00:00.789Z");
      expect(told("Asia/Kolkata", notBefore)).to.equal("2026-03-01T17:30:00.789+05:30");
      expect(told("America/St_Johns", notBefore)).to.equal("2026-03-01T08:30:00.789-03:30");
      expect(told("UTC", new Date("2026-03-01T12:00:00.120Z"))).to.equal("2026-03-01T12:00:00.12Z");
      expect(told("UTC", new Date("2026-03-01T12:00:10.000Z"))).to.equal("2026-03-01T12:00:10Z");
    } finally {
      if (zone === undefined) delete process.env["TZ"];
      else process.env["TZ"] = zone;
    }
  });

  it("can be valid beyond 2049, when X.509 writes dates differently", async () => {
    const { pem } = await selfSign(key, { ...LEAF, validityPeriodHours: 24 * 365 * 40 }, undefined, {});
    expect(new NodeCertificate(pem).validTo).to.match(/20[67]\d GMT$/);
  });

  it("are refused when the key is not that of the authority", async () => {
    const root = await authority();
    const request = parseRequest((await requestCertificate(key, undefined, {})).pem, "certRequestPem");
    const thrown = await signRequest(request, { ...root, key }, LEAF).catch((e: Error) => e);
    expect((thrown as Error).message).to.equal("caPrivateKeyPem is not the key of caCertPem");
  });

  it("are read only from valid PEM", () => {
    expect(() => parseCertificate("x", "caCertPem")).to.throw("caCertPem must be exactly one CERTIFICATE in PEM");
    expect(() => parseRequest("x", "certRequestPem")).to.throw("certRequestPem must be exactly one CERTIFICATE REQUEST");
    expect(() => parseKey("x", "privateKeyPem")).to.throw("privateKeyPem is not a private key");
  });
});
