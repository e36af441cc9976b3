import { expect } from "chai";
import { interruptedCreations, kubeconfigsByCluster, kubeconfigsByProvider, outputsIn, plainInputs, rootsIn, withRecorded, type StateResource } from "../../../../cli/lib/state";

const SECRET = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", plaintext: '"hidden"' };
const MAP: StateResource = { urn: "urn:map", type: "kubernetes:core/v1:ConfigMap", provider: "p::1", inputs: { a: 1 } };
const creating = (...resources: StateResource[]) => resources.map((resource) => ({ type: "creating", resource }));

describe("what an interrupted run was creating", () => {
  it("is what is pending and not recorded", () => {
    expect(interruptedCreations({ pending_operations: creating(MAP) })).to.deep.equal([MAP]);
    expect(interruptedCreations({ pending_operations: [{ type: "updating", resource: MAP }] })).to.deep.equal([]);
    expect(interruptedCreations({})).to.deep.equal([]);
  });

  it("is not what a later run has created, although Pulumi keeps the note", () => {
    expect(interruptedCreations({ resources: [MAP], pending_operations: creating(MAP) })).to.deep.equal([]);
  });

  it("is what was to replace something: in another cluster, or after its deletion", () => {
    for (const old of [{ ...MAP, provider: "p::0" }, { ...MAP, delete: true }, { ...MAP, pendingReplacement: true }]) {
      expect(interruptedCreations({ resources: [old], pending_operations: creating(MAP) }), JSON.stringify(old)).to.deep.equal([MAP]);
    }
  });
});

describe("a state with what was pending recorded", () => {
  const first: StateResource = { urn: "urn:first", type: "t" };
  const recorded = { ...MAP, id: "ns/map", outputs: { a: 1 } };

  it("has it last, with its id and what it was created from, and nothing pending", () => {
    const state = { resources: [first], pending_operations: creating(MAP, { ...MAP, urn: "urn:other" }), metadata: {} };
    expect(withRecorded(state, [{ urn: "urn:map", id: "ns/map" }])).to.deep.equal({ resources: [first, recorded], metadata: {} });
  });

  it("has it in the place of what it replaces, since a URN may occur only once", () => {
    const state = { resources: [{ ...MAP, pendingReplacement: true }, first], pending_operations: creating(MAP) };
    expect(withRecorded(state, [{ urn: "urn:map", id: "ns/map" }]).resources).to.deep.equal([recorded, first]);
  });

  it("is without it when it was never created", () => {
    expect(withRecorded({ resources: [first], pending_operations: creating(MAP) }, [])).to.deep.equal({ resources: [first] });
  });
});

describe("an exported state", () => {
  it("has its secrets in records, which are unwrapped at any depth", () => {
    expect(plainInputs({ a: SECRET, b: [{ c: SECRET }], d: 1, e: null })).to.deep.equal({ a: "hidden", b: [{ c: "hidden" }], d: 1, e: null });
    expect(plainInputs({ plaintext: '"mine"' })).to.deep.equal({ plaintext: '"mine"' });
  });

  it("has the kubeconfig of each of the stack's clusters by its key, and of no other provider", () => {
    const provider = (urn: string, more: Partial<StateResource> = {}): StateResource => ({ urn: `urn:pulumi:s::p::${urn}`, id: "1", type: "pulumi:providers:kubernetes", inputs: { kubeconfig: SECRET }, ...more });
    const resources = [
      provider("usmesh:index:Cluster$pulumi:providers:kubernetes::west-provider"),
      provider("usmesh:index:Cluster$pulumi:providers:kubernetes::us-east-1-provider"),
      provider("usmesh:index:Cluster$pulumi:providers:kubernetes::old-provider", { delete: true }),
      provider("pulumi:providers:kubernetes::mine-provider"),
    ];
    expect(kubeconfigsByCluster({ resources })).to.deep.equal({ west: "hidden", "us-east-1": "hidden" });
    expect(kubeconfigsByCluster({})).to.deep.equal({});
  });

  it("has the roots that the stack holds", () => {
    const root = { urn: "urn:pulumi:s::p::usmesh:index:PluginCA$tls:index/selfSignedCert:SelfSignedCert::trust-root-1", type: "tls:index/selfSignedCert:SelfSignedCert" };
    const authority = { ...root, urn: "urn:pulumi:s::p::usmesh:index:DiscoveryCA$tls:index/selfSignedCert:SelfSignedCert::west-discovery-trust-ca-1" };
    expect(rootsIn({ resources: [root, MAP, authority, { ...root, delete: true }] })).to.deep.equal(["trust-root-1"]);
    expect(rootsIn({})).to.deep.equal([]);
  });

  it("exports something once an up has ended", () => {
    const stack = { urn: "s", type: "pulumi:pulumi:Stack" };
    expect(outputsIn({ resources: [MAP, { ...stack, outputs: { version: 1, secret: SECRET } }] })).to.deep.equal({ version: 1, secret: "hidden" });
    for (const resources of [[stack], [{ ...stack, outputs: {} }], [{ ...MAP, outputs: { version: 1 } }], []]) expect(outputsIn({ resources })).to.deep.equal({});
  });

  it("has the kubeconfig of each cluster in its provider", () => {
    const provider = { urn: "p", id: "1", type: "pulumi:providers:kubernetes", inputs: { kubeconfig: SECRET } };
    const encrypted = { ...provider, id: "2", inputs: { kubeconfig: { ...SECRET, plaintext: undefined, ciphertext: "c" } } };
    expect([...kubeconfigsByProvider({ resources: [provider, encrypted, MAP] })]).to.deep.equal([["p::1", "hidden"]]);
  });
});
