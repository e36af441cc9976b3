import { expect } from "chai";
import type { MeshOutputs } from "../../../outputs/contract";
import type { Peer } from "../../../outputs/peers";
import type { IstioBefore } from "../../../program/istio-before";
import { isChanged, kubernetesIn, upgradeProblems, upgradeWarnings, type UpgradeFacts } from "../../../program/upgrades";
import { parseSettings } from "../../../settings/config";
import type { ClusterModel } from "../../../settings/model";
import { outputsOf } from "../cli/support/outputs";

const wanted = (istio: object, stack: object = {}): ClusterModel[] => [...parseSettings({ clusters: { west: { istio } }, istio: stack }, { stack: "west" }).clusters];
/** A cluster with versions that the settings would refuse today. */
const withVersions = (version: string, next?: string): ClusterModel[] => {
  const [west] = wanted(next === undefined ? {} : { upgrade: { version: "1.31.4" } });
  return [{ ...west!, istio: { ...west!.istio, version, ...(west!.istio.next && next !== undefined ? { next: { ...west!.istio.next, version: next } } : {}) } }];
};
const old: IstioBefore = { version: "1.31.3", revision: "default" };
const during = (step: string): IstioBefore => ({ ...old, upgrade: { version: "1.31.4", revision: "blue", step } });
const peer = (change: Partial<MeshOutputs> = {}): Peer => ({ state: "up", stack: "east", outputs: { ...outputsOf(["east"], []), ...change } });
const facts = (clusters: readonly ClusterModel[], before?: IstioBefore, more: Partial<UpgradeFacts> = {}): UpgradeFacts => ({ clusters, before: before ? { west: before } : {}, kubernetes: {}, peers: [], ...more });
const sections = (given: UpgradeFacts): string[] => upgradeProblems(given).map(({ section }) => section);

const UPGRADE = { version: "1.31.3", upgrade: { version: "1.31.4" } };
const step = (name: string) => ({ ...UPGRADE, upgrade: { ...UPGRADE.upgrade, step: name } });

describe("the rules of an upgrade", () => {
  it("accept a first up, an up without a change, and another patch in place", () => {
    expect(upgradeProblems(facts(wanted({})))).to.deep.equal([]);
    expect(upgradeProblems(facts(wanted({ version: "1.31.3" }), old))).to.deep.equal([]);
    expect(upgradeProblems(facts(wanted({ version: "1.31.4" }), old))).to.deep.equal([]);
  });

  it("accept an upgrade, each of its steps, its end, and a rollback", () => {
    expect(sections(facts(wanted(UPGRADE), old))).to.deep.equal([]);
    for (const [from, to] of [["beside", "eastWest"], ["eastWest", "gateways"], ["gateways", "workloads"], ["workloads", "gateways"], ["workloads", "beside"], ["beside", "workloads"]] as const) {
      expect(sections(facts(wanted(step(to)), during(from))), `${from} to ${to}`).to.deep.equal([]);
    }
    expect(sections(facts(wanted({ version: "1.31.4", revision: "blue" }), during("workloads")))).to.deep.equal([]);
    expect(sections(facts(wanted({ version: "1.31.3" }), during("beside")))).to.deep.equal([]);
  });

  it("accept the end and a rollback again, if they were interrupted", () => {
    expect(sections(facts(wanted({ version: "1.31.4", revision: "blue" }), { version: "1.31.4", revision: "blue" }))).to.deep.equal([]);
    expect(sections(facts(wanted({ version: "1.31.3" }), old))).to.deep.equal([]);
  });

  it("refuse an older version, in place and for an upgrade", () => {
    expect(sections(facts(wanted({ version: "1.31.2" }), old))).to.deep.equal(["istio-downgrade"]);
    const [problem] = upgradeProblems(facts(wanted({ version: "1.31.4", upgrade: { version: "1.31.3" } }), { ...old, version: "1.31.4" }));
    expect(problem?.section).to.equal("istio-downgrade");
    expect(problem?.message).to.match(/^usmesh:clusters\.west\.istio\.upgrade\.version: Istio 1\.31\.3 is older than 1\.31\.4.*nothing was changed$/);
  });

  it("refuse an end of an upgrade that installs an older version than it led to", () => {
    expect(sections(facts(wanted({ version: "1.31.3", revision: "blue" }), during("workloads")))).to.deep.equal(["istio-downgrade"]);
  });

  it("refuse a skipped minor version, in place and for an upgrade", () => {
    expect(sections(facts(withVersions("1.31.3"), { ...old, version: "1.29.1" }))).to.deep.equal(["istio-minor-skipped"]);
    expect(sections(facts(withVersions("1.29.1", "1.31.3"), { ...old, version: "1.29.1" }))).to.deep.equal(["istio-minor-skipped", "istio-skew"]);
  });

  it("refuse istiods that are further apart than one minor version, in the stack and across stacks", () => {
    const outdated = peer({ clusters: { east: { ...outputsOf(["east"], []).clusters["east"]!, versions: { kubernetes: "v1.34.4", istio: "1.29.9" } } } });
    const [problem] = upgradeProblems(facts(wanted({ version: "1.31.4" }), old, { peers: [outdated] }));
    expect(problem?.section).to.equal("istio-skew");
    expect(problem?.message).to.match(/Istio 1\.29\.9 in east and 1\.31\.4 in west would be more than one minor version apart/);
    expect(sections(facts(wanted({ version: "1.31.3" }), old, { peers: [outdated] })), "which is so already").to.deep.equal([]);
    expect(sections(facts(wanted({ version: "1.31.4" }), old, { peers: [{ state: "not-up", stack: "east" }] }))).to.deep.equal([]);
  });

  it("count the version to which a peer is being upgraded", () => {
    const east = { ...outputsOf(["east"], []).clusters["east"]!, istio: { revision: "default", upgrade: { version: "1.32.0", revision: "blue", step: "beside" } } };
    expect(sections(facts(wanted({ version: "1.30.5" }), { ...old, version: "1.30.4" }, { peers: [peer({ clusters: { east } })] }))).to.deep.equal(["istio-skew"]);
  });

  it("refuse to remove an istiod that serves gateways or new pods", () => {
    for (const [what, settings, before, message] of [
      ["another revision in place", { revision: "blue" }, old, /revision default would be removed.*gateways or new pods.*Keep .*revision "default", and install the other beside it/],
      ["the end before new pods follow", { version: "1.31.4", revision: "blue" }, during("gateways"), /revision default would be removed.*Set .*upgrade\.step to "workloads"/],
      ["a rollback in one step", { version: "1.31.3" }, during("eastWest"), /revision blue would be removed.*serves gateways; .*upgrade\.step to "beside"/],
      ["another revision for an upgrade that has begun", { ...UPGRADE, upgrade: { ...UPGRADE.upgrade, revision: "green" } }, during("workloads"), /revision blue would be removed/],
    ] as const) {
      const [problem, ...more] = upgradeProblems(facts(wanted(settings), before));
      expect(more, what).to.deep.equal([]);
      expect(problem?.section, what).to.equal("istio-revision-in-use");
      expect(problem?.message, what).to.match(message);
    }
  });

  it("refuse a revision that a peer which is read through its gateway does not permit", () => {
    const [problem] = upgradeProblems(facts(wanted(UPGRADE), old, { peers: [peer()] }));
    expect(problem?.section).to.equal("peer-permits-no-revision");
    expect(problem?.message).to.match(/stack east .*does not permit istiod of revision blue, .*First: pulumi up -s east/);
    const peering = { generation: 1, reads: {}, revisions: ["default", "blue", "green"] };
    expect(sections(facts(wanted(UPGRADE), old, { peers: [peer({ peering })] }))).to.deep.equal([]);
    const atApiServer = { east: { ...outputsOf(["east"], []).clusters["east"]!, through: "apiServer" as const } };
    expect(sections(facts(wanted(UPGRADE), old, { peers: [peer({ clusters: atApiServer })] }))).to.deep.equal([]);
    expect(sections(facts(wanted({ version: "1.31.3" }), old, { peers: [peer()] })), "without a revision").to.deep.equal([]);
  });

  it("refuse another Istio on a Kubernetes that is too old for it, and only warn of one that is too new", () => {
    const on = (kubernetes: string, before?: IstioBefore) => facts(wanted({ version: "1.31.4" }), before, { kubernetes: { west: kubernetes } });
    const [problem] = upgradeProblems(on("v1.31.9", old));
    expect(problem?.section).to.equal("kubernetes-unsupported");
    expect(problem?.message).to.match(/Istio 1\.31\.4 supports Kubernetes 1\.32 to 1\.36, and the cluster has v1\.31\.9.*Upgrade Kubernetes first/);
    expect(sections(on("v1.31.9", { ...old, version: "1.31.4" })), "which is so already").to.deep.equal([]);
    expect(sections(on("v1.31.9")), "a new cluster").to.deep.equal(["kubernetes-unsupported"]);
    expect([sections(on("v1.37.0", old)), upgradeWarnings(on("v1.37.0", old)).length]).to.deep.equal([[], 1]);
    expect(upgradeWarnings(on("v1.34.0", old))).to.deep.equal([]);
  });

  it("know the Kubernetes of a node image by its tag", () => {
    expect(kubernetesIn("kindest/node:v1.34.0@sha256:abc")).to.equal("v1.34.0");
    expect(kubernetesIn("registry:5000/node:latest")).to.equal(undefined);
  });

  it("know whether a cluster gets a version that it does not have", () => {
    expect(isChanged(wanted({ version: "1.31.3" })[0]!, old)).to.equal(false);
    expect(isChanged(wanted(UPGRADE)[0]!, old)).to.equal(true);
    expect(isChanged(wanted(UPGRADE)[0]!, during("beside"))).to.equal(false);
  });
});
