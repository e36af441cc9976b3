import { expect } from "chai";
import type { DiffRequest, ResourceType, Log } from "../../../../../airgap/plugins/lib/plugin";
import { reveal, Secret, UNKNOWN, type Props } from "../../../../../airgap/plugins/lib/values";
import { resourceTypeOf } from "../../../../../airgap/plugins/tls/recipe";
import { isDue } from "../../../../../airgap/plugins/tls/renewal";
import {
  CERT_REQUEST,
  LOCALLY_SIGNED_CERT,
  PRIVATE_KEY,
  SELF_SIGNED_CERT,
} from "../../../../../airgap/plugins/tls/resources";

const SUBJECT = { urn: "urn:pulumi:s::p::t::n", name: "n", type: "t" };

interface Recorded extends Log {
  warnings: string[];
}

function recorder(): Recorded {
  const warnings: string[] = [];
  return { warnings, status() {}, warn: (m) => warnings.push(m) };
}

async function create(resource: ResourceType, inputs: Props, { preview = false, log = recorder() } = {}) {
  const running = { timeoutSeconds: 0, signal: new AbortController().signal, log };
  return resource.create({ ...SUBJECT, ...running, inputs, preview });
}

const diff = (resource: ResourceType, state: Props, oldInputs: Props, news: Props) =>
  resource.diff({ ...SUBJECT, id: "1", state, oldInputs, news } satisfies DiffRequest);

describe("the tls plugin's resources", () => {
  const privateKey = resourceTypeOf(PRIVATE_KEY);
  const selfSigned = resourceTypeOf(SELF_SIGNED_CERT);
  const signed = resourceTypeOf(LOCALLY_SIGNED_CERT);
  let keyPem: string;
  let inputs: Props;

  before(async () => {
    const { state } = await create(privateKey, { algorithm: "ECDSA", ecdsaCurve: "P256" });
    keyPem = reveal<string>(state["privateKeyPem"] as Secret);
    inputs = {
      privateKeyPem: new Secret(keyPem),
      allowedUses: ["cert_signing"],
      isCaCertificate: true,
      subject: { commonName: "root" },
      validityPeriodHours: 48,
    };
  });

  it("keep the state that the official plugin keeps", async () => {
    const { id, state } = await create(privateKey, { algorithm: "ED25519" });
    expect(state).to.include({ algorithm: "ED25519", ecdsaCurve: "P224", rsaBits: 2048, id });
    expect(state["__meta"]).to.equal('{"schema_version":"1"}');
    expect(Object.keys(state).filter((name) => state[name] instanceof Secret).sort()).to.deep.equal([
      "privateKeyOpenssh",
      "privateKeyPem",
      "privateKeyPemPkcs8",
    ]);
    const certificate = await create(selfSigned, inputs);
    expect(certificate.state).to.include({
      earlyRenewalHours: 0,
      isCaCertificate: true,
      keyAlgorithm: "ECDSA",
      readyForRenewal: false,
      setAuthorityKeyId: false,
      setSubjectKeyId: false,
      validityPeriodHours: 48,
      id: certificate.id,
    });
    expect(certificate.state).not.to.have.any.keys("maxPathLength", "__meta", "dnsNames");
    expect(certificate.state["privateKeyPem"]).to.be.instanceOf(Secret);
    expect(certificate.id).to.match(/^\d{30,39}$/);
  });

  it("mark secret inputs, also those given in plain text", async () => {
    const { inputs: checked } = await resourceTypeOf(CERT_REQUEST).check({ ...SUBJECT, news: { privateKeyPem: "x" } });
    expect(checked["privateKeyPem"]).to.be.instanceOf(Secret);
  });

  it("name the properties that are wrong", async () => {
    const news = { allowedUses: ["dancing"], earlyRenewalHours: -1, subject: { nick: "x" }, ipAddresses: ["here"] };
    const { failures = [] } = await selfSigned.check({ ...SUBJECT, news });
    expect(failures.map(({ property }) => property).sort()).to.deep.equal([
      "allowedUses[0]",
      "earlyRenewalHours",
      "ipAddresses[0]",
      "privateKeyPem",
      "subject.nick",
      "validityPeriodHours",
    ]);
  });

  it("have only their inputs in a preview", async () => {
    const preview = await create(selfSigned, { ...inputs, privateKeyPem: new Secret(UNKNOWN) }, { preview: true });
    expect(preview.state).to.include({ certPem: UNKNOWN, validityEndTime: UNKNOWN, readyForRenewal: false });
    expect(preview.state).not.to.have.property("id");
    expect((preview.state["privateKeyPem"] as Secret).value).to.equal(UNKNOWN);
  });

  it("do not change when defaults are given explicitly", async () => {
    const { state } = await create(selfSigned, inputs);
    const written = { ...inputs, earlyRenewalHours: 0, setSubjectKeyId: false, dnsNames: null };
    expect(await diff(selfSigned, state, inputs, written)).to.include({ changes: false });
  });

  it("are replaced for every change except that of earlyRenewalHours", async () => {
    const { state } = await create(selfSigned, { ...inputs, maxPathLength: 1 });
    const change = (news: Props) => diff(selfSigned, state, { ...inputs, maxPathLength: 1 }, { ...inputs, ...news });
    expect((await change({ maxPathLength: 0 })).replaces).to.deep.equal(["maxPathLength"]);
    expect((await change({ privateKeyPem: UNKNOWN })).replaces).to.deep.equal(["privateKeyPem"]);
    expect((await change({ uris: ["a:b"] })).detailed).to.deep.equal({ uris: "add-replace" });
    expect((await change({ isCaCertificate: null })).detailed).to.deep.equal({ isCaCertificate: "update-replace" });
    expect(await change({ earlyRenewalHours: 1 })).to.deep.include({ changes: true, replaces: [] });
    expect(await change({}), "a path length no longer given stays").to.include({ changes: false });
  });

  it("are replaced when renewal is due, which a refresh shows", async () => {
    const { id, state } = await create(selfSigned, inputs);
    const early = { ...inputs, earlyRenewalHours: 48 };
    const due = await diff(selfSigned, state, inputs, early);
    expect(due.replaces).to.deep.equal(["readyForRenewal"]);
    const running = { timeoutSeconds: 0, signal: new AbortController().signal, log: recorder() };
    const read = await selfSigned.read({ ...SUBJECT, ...running, id, state: { ...state, earlyRenewalHours: 48 }, inputs });
    expect(read?.state["readyForRenewal"]).to.equal(true);
    const late = { validityEndTime: "2020-01-01T00:00:00Z" };
    expect([isDue(late, new Date("2019-12-31T23:59:59Z")), isDue(late, new Date("2020-01-01T00:00:00Z"))]).to.deep.equal([
      false,
      true,
    ]);
  });

  it("are due for renewal from the start when their lifetime does not exceed earlyRenewalHours", async () => {
    const ready = async (more: Props) => (await create(selfSigned, { ...inputs, ...more })).state["readyForRenewal"];
    expect([await ready({ earlyRenewalHours: 48 }), await ready({ validityPeriodHours: 0 })]).to.deep.equal([true, true]);
    expect(await ready({ earlyRenewalHours: 47 })).to.equal(false);
  });

  it("change earlyRenewalHours in place", async () => {
    const { id, state } = await create(selfSigned, inputs);
    const running = { timeoutSeconds: 0, signal: new AbortController().signal, log: recorder() };
    const news = { ...inputs, earlyRenewalHours: 5 };
    const request = { ...SUBJECT, ...running, id, state, oldInputs: inputs, inputs: news, preview: false };
    expect((await selfSigned.update(request)).state).to.deep.equal({ ...state, earlyRenewalHours: 5 });
  });

  it("warn when the authority is not a certificate authority", async () => {
    const plain = await create(selfSigned, { ...inputs, isCaCertificate: false });
    const request = await create(resourceTypeOf(CERT_REQUEST), { privateKeyPem: new Secret(keyPem) });
    const log = recorder();
    await create(
      signed,
      {
        caCertPem: plain.state["certPem"] as string,
        caPrivateKeyPem: new Secret(keyPem),
        certRequestPem: request.state["certRequestPem"] as string,
        allowedUses: [],
        validityPeriodHours: 1,
      },
      { log },
    );
    expect(log.warnings).to.have.length(1);
  });

  it("cannot be imported", async () => {
    const running = { timeoutSeconds: 0, signal: new AbortController().signal, log: recorder() };
    const thrown = await privateKey.read({ ...SUBJECT, ...running, id: "x", state: {}, inputs: {} }).catch((e: Error) => e);
    expect((thrown as Error).message).to.contain("cannot be imported");
  });
});
