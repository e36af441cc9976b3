import { expect } from "chai";
import { parseSettings } from "../../../settings/config";
import { existing, problemsOf, refusalOf, two } from "./support/refusals";

describe("settings that are parsed", () => {
  it("are refused with all problems at once, in one message", () => {
    const message = refusalOf({
      clusters: { west: { podSubnet: "10.10.0.0", network: "n" }, East: { network: "n", addressIndex: 2 } },
      trust: { signer: "2" },
      prfile: "demo",
    })!.message;
    expect(message).to.match(/^5 settings are wrong in stack local; nothing was changed\.\n/);
    expect(message.split("\n").slice(1)).to.have.length(5);
    for (const path of ["clusters.west.podSubnet", "clusters.East:", "clusters.west.network", "trust.signer", "prfile"]) {
      expect(message).to.contain(`usmesh:${path}`);
    }
  });

  it("are refused without what only follows from another problem", () => {
    // Read as if it were not set, the driver would be kind, and the kubeconfig wrong.
    expect(problemsOf({ clusters: { west: { ...existing, driver: "exsting" } } })).to.have.length(1);
    // Without its second cluster the demo would lack one.
    expect(problemsOf({ clusters: { west: {}, east: 5 }, demo: true })).to.have.length(1);
  });

  const own = { podSubnet: "10.30.0.0/16", serviceSubnet: "10.130.0.0/16", addresses: ["172.18.7.0/28"] };
  const west = (cluster: object) => ({ clusters: { west: cluster } });
  const trust = (more: object) => ({ clusters: two, trust: more });
  for (const [what, settings] of [
    ["no cluster, where they are not a record", { clusters: 7 }],
    ["no address index, beside a wrong pod subnet", { clusters: { ...two, north: { ...own, podSubnet: "x" } } }],
    ["no address index, beside a wrong Service subnet", { clusters: { ...two, north: { ...own, serviceSubnet: "x" } } }],
    ["no address index, beside wrong addresses", { clusters: { ...two, north: { ...own, addresses: "x" } } }],
    ["an index beyond the plan, beside a wrong subnet", west({ ...own, podSubnet: "x", addressIndex: 80 })],
    ["a subnet of an existing cluster, beside a wrong driver", west({ driver: "exsting", nodes: 2, kubeconfig: "a" })],
    ["addresses without MetalLB, which is wrong itself", west({ ...existing, addresses: ["10.0.0.1-10.0.0.9"], metallb: 7 })],
    ["a network that is another cluster's default, beside that cluster's wrong one", { clusters: { west: { network: "a b" }, east: { network: "west-network" } } }],
    ["a subnet in another cluster's default one, beside that cluster's wrong one", { clusters: { west: { podSubnet: "x" }, east: { podSubnet: "10.10.0.0/16" } } }],
    ["no kubeconfig, where it is not a path", west({ driver: "existing", kubeconfig: 7, context: "a" })],
    ["a secret for a cluster whose driver is wrong", { ...west({ driver: "exsting" }), kubeconfigs: { west: "kubeconfig" } }],
    ["a secret for a cluster that is not there, beside one that is wrong", { clusters: 7, kubeconfigs: { west: "kubeconfig" } }],
    ["a place of the demo in a cluster that is wrong", { clusters: { ...two, north: 7 }, demo: true, demoClusters: { webapp: "north" } }],
    ["catalog beside webapp, whose place is wrong", { clusters: two, demo: true, demoClusters: { webapp: 7, catalog: "west" } }],
    ["a client without a kind cluster, beside a wrong driver", { clusters: 7, client: { enabled: true } }],
    ["a member that is not a cluster, beside a wrong cluster", { clusters: { west: {}, east: 7 }, trust: { members: ["west", "east"] } }],
    ["a member that is not a cluster, beside wrong peers", { peers: 7, ...trust({ members: ["west", "east", "north"] }) }],
    ["a signer that is not a root, beside wrong roots", trust({ roots: 7, signer: "2" })],
    ["a renewal after the end, beside a wrong lifetime", trust({ intermediateValidityHours: "x", earlyRenewalHours: 9_000 })],
    ["an authority that is not a peer, beside wrong peers", { peers: 7, ...trust({ authority: "hub" }) }],
    ["what only another authority decides, which is wrong itself", trust({ authority: "a b", signer: "1" })],
  ] as const) {
    it(`are refused without what only follows from another problem: ${what}`, () => expect(problemsOf(settings)).to.have.length(1));
  }

  it("take a cluster with nothing after its key as one with every default", () => {
    const parse = (clusters: unknown) => parseSettings({ clusters }, { stack: "local" });
    expect(parse({ west: null, east: null })).to.deep.equal(parse(two));
  });

  it("belong to the project usmesh, and every file exists, unless the context says otherwise", () => {
    const settings = { clusters: { west: {} }, peers: ["organization/usmesh/west"] };
    expect(() => parseSettings(settings, { stack: "west" })).to.throw(/this stack itself/);
    expect(() => parseSettings(settings, { stack: "west", project: "other" })).not.to.throw();
    const charts = { clusters: { west: {} }, istio: { charts: "charts" } };
    expect(() => parseSettings(charts, { stack: "west" })).not.to.throw();
    expect(() => parseSettings(charts, { stack: "west", exists: () => false })).to.throw(/no folder "charts"/);
  });
});
