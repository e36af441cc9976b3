import { expect } from "chai";
import { releases, versions, type Found } from "../../soak/support/inventory";
import { spread } from "../../soak/support/kill";
import { contents, urns } from "../../soak/support/likeness";
import { missing, orphans } from "../../soak/support/orphans";
import type { State } from "../../soak/support/state";

const object = (kind: string, name: string, more: Partial<Found> & { labels?: Record<string, string>; annotations?: Record<string, string> } = {}): Found => {
  const { labels, annotations, ...rest } = more;
  const metadata = { name, namespace: "istio-system", uid: `uid of ${name}`, resourceVersion: "7", ...(labels ? { labels } : {}), ...(annotations ? { annotations } : {}) };
  return { apiVersion: "v1", kind, metadata, ...rest };
};
const record = (release: string, version: number, status: string): Found =>
  object("Secret", `sh.helm.release.v1.${release}.v${version}`, { type: "helm.sh/release.v1", labels: { name: release, version: String(version), status } });
const provider = (key: string): string => `urn:pulumi:local::usmesh::pulumi:providers:kubernetes::${key}-provider::id`;
const state = (...resources: State["resources"]): State => ({ resources, pending: [] });

describe("what the soak tests compare", () => {
  it("spreads kills over a run, engine alone and everything by turns", () => {
    const kills = spread(20);
    expect(kills.map(({ after }) => after)).to.have.members(Array.from({ length: 20 }, (_, index) => index / 20));
    expect(kills.filter(({ what }) => what === "engine")).to.have.length(10);
  });

  it("takes each release as its last revision has it, by number", () => {
    const records = [record("istiod", 9, "superseded"), record("istiod", 10, "deployed"), record("istio-base", 1, "failed")];
    expect(releases(records)).to.deep.equal(["istio-base: failed", "istiod: deployed"]);
  });

  it("tells an object that was written to from one that was not", () => {
    const service = object("Service", "istiod");
    const written = { ...service, metadata: { ...service.metadata, resourceVersion: "8" } };
    expect(versions([written])).not.to.deep.equal(versions([service]));
  });

  it("leaves out of a comparison what is random, and nothing else", () => {
    const service = (clusterIP: string, port: number): Found => object("Service", "istiod", { spec: { clusterIP, ports: [{ port, nodePort: port + Number(clusterIP.at(-1)) }] } });
    const secret = (data: Record<string, string>): Found => object("Secret", "cacerts", { data });
    expect(contents([service("10.0.0.1", 80)], [])).to.deep.equal(contents([service("10.0.0.2", 80)], []));
    expect(contents([service("10.0.0.1", 80)], [])).not.to.deep.equal(contents([service("10.0.0.1", 81)], []));
    expect(contents([secret({ key: "a" })], [])).to.deep.equal(contents([secret({ key: "b" })], []));
    expect(contents([secret({ key: "a" })], [])).not.to.deep.equal(contents([secret({ other: "a" })], []));
    expect(contents([service("10.0.0.1", 80), record("istiod", 1, "deployed")], [service("10.0.0.1", 80)])).to.deep.equal({});
  });

  it("finds what nobody accounts for", () => {
    const values = { ...object("ConfigMap", "values"), metadata: { ...object("ConfigMap", "values").metadata, annotations: { "meta.helm.sh/release-name": "istiod" } } };
    const objects = [object("Secret", "cacerts"), object("Secret", "forgotten"), values, record("istiod", 1, "deployed"), object("ConfigMap", "kube-root-ca.crt")];
    const known = state(
      { urn: "a", type: "kubernetes:core/v1:Secret", id: "istio-system/cacerts", provider: provider("west") },
      { urn: "b", type: "kubernetes:helm.sh/v3:Release", id: "istio-system/istiod", inputs: { name: "istiod" }, provider: provider("west") },
    );
    expect(orphans(objects, [], known, "west")).to.deep.equal(["v1/Secret/istio-system/forgotten"]);
    expect(orphans(objects, objects, state(), "west")).to.deep.equal([]);
    expect(orphans(objects, [], known, "east")).to.have.length(4);
  });

  it("finds what is recorded and is not there", () => {
    const gone = state({ urn: "a", type: "kubernetes:core/v1:Secret", id: "istio-system/cacerts", provider: provider("west") });
    expect(missing([], gone, "west")).to.deep.equal(["a"]);
    expect(missing([object("Secret", "cacerts")], gone, "west")).to.deep.equal([]);
    expect(missing([], gone, "east")).to.deep.equal([]);
  });

  it("names every resource, repeated ones too", () => {
    const twice = { urn: "a", type: "t" };
    expect(urns(state({ urn: "b", type: "t" }, twice, twice))).to.deep.equal(["a", "a", "b"]);
  });
});
