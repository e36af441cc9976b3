import { expect } from "chai";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../support/run";
import { done } from "../support/events";
import { createProject, type Project } from "../support/project";
import type { StateResource } from "../support/state";

/** A root, an intermediate that may sign no further authority, and a leaf; the shape of a mesh's trust. */
function chain({ locality = "west", earlyRenewalHours = 0 } = {}): string {
  return `
const tls = require("@pulumi/tls");
const key = (name) => new tls.PrivateKey(name, { algorithm: "ECDSA", ecdsaCurve: "P256" });
const rootKey = key("root-key"), caKey = key("ca-key"), leafKey = key("leaf-key");
const root = new tls.SelfSignedCert("root", {
  privateKeyPem: rootKey.privateKeyPem,
  subject: { commonName: "root", organization: "usmesh" },
  isCaCertificate: true,
  setSubjectKeyId: true,
  setAuthorityKeyId: true,
  validityPeriodHours: 87600,
  allowedUses: ["cert_signing", "crl_signing"],
});
const caRequest = new tls.CertRequest("ca-request", {
  privateKeyPem: caKey.privateKeyPem,
  subject: { commonName: "ca", organization: "usmesh", locality: "${locality}" },
  dnsNames: ["istiod.istio-system.svc"],
});
const ca = new tls.LocallySignedCert("ca", {
  certRequestPem: caRequest.certRequestPem,
  caPrivateKeyPem: rootKey.privateKeyPem,
  caCertPem: root.certPem,
  isCaCertificate: true,
  maxPathLength: 0,
  setSubjectKeyId: true,
  validityPeriodHours: 17520,
  earlyRenewalHours: ${earlyRenewalHours},
  allowedUses: ["cert_signing", "crl_signing", "digital_signature", "key_encipherment"],
});
const leafRequest = new tls.CertRequest("leaf-request", {
  privateKeyPem: leafKey.privateKeyPem,
  uris: ["spiffe://cluster.local/ns/a/sa/b"],
});
const leaf = new tls.LocallySignedCert("leaf", {
  certRequestPem: leafRequest.certRequestPem,
  caPrivateKeyPem: caKey.privateKeyPem,
  caCertPem: ca.certPem,
  validityPeriodHours: 24,
  allowedUses: ["server_auth", "client_auth", "digital_signature"],
});
exports.root = root.certPem;
exports.ca = ca.certPem;
exports.leaf = leaf.certPem;
exports.rootKey = rootKey.privateKeyPem;
`;
}

const NAMES = ["ca", "ca-key", "ca-request", "leaf", "leaf-key", "leaf-request", "root", "root-key"];

describe("the tls plugin under the real engine", () => {
  let project: Project;
  let folder: string;

  before(async () => {
    project = await createProject({ plugins: ["tls"], program: chain() });
    folder = await mkdtemp(join(tmpdir(), "usmesh-tls-"));
  });
  after(async () => {
    await project?.remove();
    await rm(folder, { recursive: true, force: true });
  });

  it("previews everything before anything is known", async () => {
    const outcome = await project.preview();
    expect(done(outcome).sort()).to.deep.equal(NAMES.map((name) => `create ${name}`));
  });

  it("makes a chain that openssl verifies", async () => {
    const outcome = await project.up();
    expect(done(outcome).sort()).to.deep.equal(NAMES.map((name) => `create ${name}`));
    const outputs = (await project.outputs()) as Record<string, string>;
    for (const name of ["root", "ca", "leaf"]) await writeFile(join(folder, `${name}.pem`), outputs[name] as string);
    const args = ["verify", "-x509_strict", "-CAfile", "root.pem", "-untrusted", "ca.pem", "leaf.pem"];
    const { stdout } = await run("openssl", args, { cwd: folder });
    expect(stdout).to.equal("leaf.pem: OK");
  });

  it("keeps private keys out of state and output", async () => {
    expect(await project.stateText()).not.to.contain("PRIVATE KEY");
    const preview = await project.preview({ args: ["--diff"] });
    expect(preview.output).not.to.contain("PRIVATE KEY");
  });

  it("changes nothing when nothing has changed, and refreshes to the same state", async () => {
    expect(done(await project.up())).to.deep.equal([]);
    const before = await project.export({ showSecrets: true });
    const refresh = await project.refresh();
    expect(refresh.output).not.to.match(/updated|deleted/);
    const after = await project.export({ showSecrets: true });
    const bare = (list: StateResource[]) => list.map(({ urn, id, inputs, outputs }) => ({ urn, id, inputs, outputs }));
    expect(bare(after)).to.deep.equal(bare(before));
    expect(done(await project.up())).to.deep.equal([]);
  });

  it("updates in place when only the time of renewal changes", async () => {
    await project.write(chain({ earlyRenewalHours: 24 }));
    const outcome = await project.up();
    expect(done(outcome)).to.deep.equal(["update ca"]);
    expect(outcome.steps.find(({ name }) => name === "ca")?.changed).to.deep.equal(["earlyRenewalHours"]);
    expect((await project.resource("ca")).outputs).to.include({ earlyRenewalHours: 24, readyForRenewal: false });
  });

  it("replaces what depends on a changed input, and nothing else", async () => {
    await project.write(chain({ locality: "east", earlyRenewalHours: 24 }));
    const expected = ["ca", "ca-request", "leaf"];
    const preview = await project.preview();
    expect(replaced(done(preview))).to.deep.equal(expected);
    expect(replaced(done(await project.up()))).to.deep.equal(expected);
  });

  it("replaces a certificate when it is time", async () => {
    await project.write(chain({ locality: "east", earlyRenewalHours: 17520 }));
    const preview = await project.preview();
    expect(replaced(done(preview))).to.include("ca");
    expect(preview.steps.find(({ op, name }) => op === "replace" && name === "ca")?.changed).to.contain("readyForRenewal");
    await project.write(chain({ locality: "east", earlyRenewalHours: 24 }));
  });

  it("refuses what it does not support, by name", async () => {
    const odd = (type: string, inputs: object) => `
      const pulumi = require("@pulumi/pulumi");
      new pulumi.CustomResource("${type}", "odd", ${JSON.stringify(inputs)}, { version: "5.6.1" });`;
    const refusals = [
      [odd("tls:index/privateKey:PrivateKey", { algorithm: "DSA" }), "must be one of RSA, ECDSA, ED25519"],
      [odd("tls:index/privateKey:PrivateKey", { algorithm: "RSA", size: 3 }), "does not support size of tls:index/privateKey:PrivateKey"],
      [odd("tls:index/other:Other", {}), "the air-gap plugin tls does not support tls:index/other:Other; see docs/troubleshooting.md#airgap-plugin-refuses"],
      [`require("@pulumi/tls").getPublicKey({ privateKeyPem: "x" });`, "does not support tls:index/getPublicKey:getPublicKey"],
      [`new (require("@pulumi/tls").Provider)("p", { proxy: { url: "http://a" } });`, "does not support proxy of the provider"],
    ] as const;
    for (const [program, message] of refusals) {
      await project.write(program);
      const { output } = await project.preview({ fails: true });
      expect(output).to.contain(message);
    }
  });

  it("destroys everything", async () => {
    const outcome = await project.destroy();
    expect(done(outcome).filter((line) => line.startsWith("delete")).length).to.equal(NAMES.length);
    expect(await project.export()).to.have.length(0);
  });
});

/** A root of each name, as it was before roots had a path length or as it is; below each an intermediate, below that another. */
function roots(names: readonly string[], limited: boolean): string {
  const [length, options] = limited ? ["maxPathLength: 1,", `{ ignoreChanges: ["maxPathLength"] }`] : ["", "{}"];
  return `
const tls = require("@pulumi/tls");
const terms = { isCaCertificate: true, validityPeriodHours: 24, allowedUses: ["cert_signing"] };
const key = (name) => new tls.PrivateKey(name + "-key", { algorithm: "ECDSA", ecdsaCurve: "P256" });
function sign(name, issuer, more) {
  const { privateKeyPem } = key(name);
  const request = new tls.CertRequest(name + "-request", { privateKeyPem, subject: { commonName: name } });
  const signed = { certRequestPem: request.certRequestPem, caPrivateKeyPem: issuer.privateKeyPem, caCertPem: issuer.certPem };
  const { certPem } = new tls.LocallySignedCert(name, { ...terms, ...more, ...signed });
  return { privateKeyPem, certPem };
}
for (const name of ${JSON.stringify(names)}) {
  const { privateKeyPem } = key(name);
  const { certPem } = new tls.SelfSignedCert(name, { ...terms, ${length} privateKeyPem, subject: { commonName: name } }, ${options});
  const ca = sign(name + "-ca", { privateKeyPem, certPem }, { maxPathLength: 0 });
  const further = sign(name + "-further", ca, {});
  const leaf = { isCaCertificate: false, allowedUses: ["server_auth"] };
  exports[name] = { root: certPem, ca: ca.certPem, further: further.certPem, good: sign(name + "-good", ca, leaf).certPem, bad: sign(name + "-bad", further, leaf).certPem };
}
`;
}

describe("the path length of a root under the real engine", () => {
  let project: Project;
  let folder: string;
  type Chain = Record<"root" | "ca" | "further" | "good" | "bad", string>;
  const chains = async (): Promise<Record<string, Chain>> => (await project.outputs()) as Record<string, Chain>;

  /** What openssl says of a workload below the intermediate, and of one below a further authority. */
  async function judge({ root, ca, further, good, bad }: Chain): Promise<{ good: boolean; bad: boolean; why: string }> {
    const files = { root, above: ca + further, good, bad };
    for (const [name, pem] of Object.entries(files)) await writeFile(join(folder, name), pem);
    const verify = (name: string) => run("openssl", ["verify", "-CAfile", "root", "-untrusted", "above", name], { cwd: folder, reject: false });
    const [first, second] = [await verify("good"), await verify("bad")];
    return { good: !first.failed, bad: !second.failed, why: second.stdout + second.stderr };
  }

  before(async () => {
    project = await createProject({ plugins: ["tls"], program: roots(["old"], false) });
    folder = await mkdtemp(join(tmpdir(), "usmesh-tls-"));
  });
  after(async () => {
    await project?.remove();
    await rm(folder, { recursive: true, force: true });
  });

  it("is needed: an intermediate's own zero does not reach its certificate", async () => {
    await project.up();
    expect(await judge((await chains())["old"]!)).to.include({ good: true, bad: true });
  });

  it("does not replace a root that was made without one", async () => {
    const before = await chains();
    await project.write(roots(["old"], true));
    expect(done(await project.preview())).to.deep.equal([]);
    expect(done(await project.up())).to.deep.equal([]);
    expect(done(await project.up())).to.deep.equal([]);
    expect(await chains()).to.deep.equal(before);
  });

  it("comes with the next root, and forbids further authorities below its intermediates", async () => {
    await project.write(roots(["old", "new"], true));
    expect(done(await project.up()).filter((line) => line.includes(" old"))).to.deep.equal([]);
    const judged = await judge((await chains())["new"]!);
    expect(judged).to.include({ good: true, bad: false });
    expect(judged.why).to.contain("path length constraint exceeded");
    expect(done(await project.up())).to.deep.equal([]);
  });
});

function replaced(lines: string[]): string[] {
  return lines.filter((line) => line.startsWith("replace ")).map((line) => line.slice("replace ".length)).sort();
}
