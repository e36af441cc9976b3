import { expect } from "chai";
import { webcrypto } from "node:crypto";
import { cacertsOf, gatherCacerts, gatherWorkloadCertificate } from "../../../../../cli/verify/gather/trust";
import { issue } from "../support/authority";
import { sharedTrust } from "../support/cases";
import { type FakeCluster, fakeCluster, pod } from "../support/fake-cluster";

const encode = (text: string): string => Buffer.from(text).toString("base64");

describe("what verify reads of cacerts", () => {
  it("is its files and whether the key belongs, and never the key", async () => {
    const ca = await issue({ name: "west" });
    const other = await issue({ name: "west" });
    const key = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", ca.keys.privateKey)).toString("base64");
    const secret = (certificate: string) => ({
      metadata: { name: "cacerts" },
      data: { "ca-key.pem": encode(`-----BEGIN PRIVATE KEY-----\n${key}\n-----END PRIVATE KEY-----\n`), "ca-cert.pem": encode(certificate) },
    });
    const facts = cacertsOf(secret(ca.pem));
    expect(facts).to.deep.equal({ keys: ["ca-cert.pem", "ca-key.pem"], caCert: ca.pem, certChain: undefined, rootCert: undefined, keyMatches: true });
    expect(JSON.stringify(facts)).not.to.contain(key.slice(0, 40));
    expect(cacertsOf(secret(other.pem)).keyMatches).to.equal(false);
  });

  it("has no key that belongs where one of the two cannot be parsed, or is missing", () => {
    expect(cacertsOf({ metadata: { name: "cacerts" }, data: { "ca-key.pem": encode("KEY"), "ca-cert.pem": encode("CERT") } }).keyMatches).to.equal(false);
    expect(cacertsOf({ metadata: { name: "cacerts" } })).to.include({ caCert: undefined, keyMatches: false });
  });
});

describe("what verify reads of trust in a cluster", () => {
  let cluster: FakeCluster;
  beforeEach(async () => (cluster = await fakeCluster("west", await sharedTrust())));
  afterEach(() => cluster.stop());

  it("tells a missing Secret from one that may not be read", async () => {
    const path = "/api/v1/namespaces/istio-system/secrets/cacerts";
    cluster.api.objects.delete(path);
    expect(await gatherCacerts(cluster.kube)).to.deep.equal({ ok: true, value: undefined });
    cluster.kube.forbidden.add(path);
    expect(await gatherCacerts(cluster.kube)).to.deep.equal({ ok: false, error: `${path} is forbidden` });
  });

  it("is the certificate that a proxy has, in either form of Envoy's page", async () => {
    const { leaves } = await sharedTrust();
    const read = () => gatherWorkloadCertificate(cluster.kube, { ok: true, value: pod("gateway-1", { namespace: "istio-system" }) });
    const expected = { ok: true, value: { proxy: "gateway-1.istio-system", chain: leaves.west.pem } };
    expect(await read()).to.deep.equal(expected);
    const secret = { name: "default", secret: { tls_certificate: { certificate_chain: { inline_bytes: encode(leaves.west.pem) } } } };
    cluster.kube.pages.set("gateway-1/config_dump?resource=dynamic_active_secrets", { configs: [{ dynamic_active_secrets: [{ name: "ROOTCA" }, secret] }] });
    expect(await read()).to.deep.equal(expected);
  });

  it("says that a proxy has no certificate, or does not answer", async () => {
    cluster.kube.pages.set("gateway-1/config_dump?resource=dynamic_active_secrets", { configs: [] });
    expect(await gatherWorkloadCertificate(cluster.kube, { ok: true, value: pod("gateway-1") })).to.deep.equal({ ok: false, error: "gateway-1.shop holds no workload certificate" });
    expect(await gatherWorkloadCertificate(cluster.kube, { ok: true, value: pod("silent") })).to.deep.equal({ ok: false, error: "no answer within 5 s" });
  });
});
