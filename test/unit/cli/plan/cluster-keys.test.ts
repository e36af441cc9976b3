import { expect } from "chai";
import { ClusterKeys } from "../../../../cli/plan/cluster-keys";
import { readPreview } from "../../../../cli/plan/preview";
import { ResourceTree, type Resource } from "../../../../cli/plan/resources";
import { settings } from "./support/facts";
import { clusterSteps, outputsWith, previewJson, tokenStep, urn, type PretendedStep } from "./support/steps";

/** What is told of resources: the key of the cluster by the resource's name. */
function keys(steps: readonly PretendedStep[], wanted: readonly string[], before?: readonly string[]): Record<string, string | undefined> {
  const { resources, previous } = readPreview(previewJson(steps, before && outputsWith(before)))!;
  const clusterKeys = new ClusterKeys(new ResourceTree(resources), { model: settings(wanted), previous });
  return Object.fromEntries(resources.map((resource: Resource) => [resource.name, clusterKeys.keyOf(resource)]));
}

/** A cluster that says nothing of itself, as before Istio is in it. */
const bare = (key: string, op: string): PretendedStep[] => clusterSteps(key, op, { network: "nobody's" });

describe("the keys of clusters", () => {
  it("are told by the network of a namespace, to everything that shares its provider or its component", () => {
    const found = keys([...clusterSteps("west"), ...clusterSteps("east"), tokenStep("east", 1, "same", "t")], ["west", "east"]);
    expect(found).to.deep.equal({ "c-west": "west", "p-west": "west", "i-west": "west", "n-west": "west", "c-east": "east", "p-east": "east", "i-east": "east", "n-east": "east", t: "east" });
  });

  it("are told by the values of istiod's chart", () => {
    const release = (values: object): PretendedStep => ({ op: "same", types: "IstioPrimary$kubernetes:helm.sh/v3:Release", name: "h", parent: urn("IstioPrimary", "i-west"), cluster: "west", after: { values } });
    for (const global of [{ multiCluster: { clusterName: "west-cluster" } }, { network: "west-network" }]) {
      expect(keys([...bare("west", "same"), release({ global })], ["west", "east"])["c-west"], JSON.stringify(global)).to.equal("west");
    }
    expect(keys([...bare("west", "same"), release({ global: "west" })], ["west"])["c-west"]).to.equal(undefined);
  });

  it("are told by what a control plane records", () => {
    const steps = bare("west", "same").map((step) => (step.types === "IstioPrimary" ? { ...step, after: { clusterName: "west-cluster", network: "west-network" } } : step));
    expect(keys(steps, ["west"])["p-west"]).to.equal("west");
  });

  it("of what is deleted are told by the last outputs", () => {
    expect(keys(clusterSteps("north", "delete"), ["west"], ["west", "north"])["c-north"]).to.equal("north");
    expect(keys(clusterSteps("north", "delete"), ["west"])["c-north"]).to.equal(undefined);
  });

  it("follow the settings when a cluster gets another network", () => {
    const steps = clusterSteps("west").map((step) => (step.name === "n-west" ? { ...step, op: "update", before: { metadata: { labels: { "topology.istio.io/network": "old" } } } } : step));
    expect(keys(steps, ["west"], ["west"])["c-west"]).to.equal("west");
  });

  it("are the name of the cluster's component where nothing else tells them", () => {
    const steps: PretendedStep[] = [{ op: "same", types: "Cluster", name: "west" }, { op: "same", types: "Cluster", name: "other" }];
    expect(keys(steps, ["west"])).to.deep.equal({ west: "west", other: undefined });
    expect(keys([{ op: "delete", types: "Cluster", name: "north" }], ["west"], ["north"])).to.deep.equal({ north: "north" });
  });

  it("are not known of what is in no cluster, or whose provider the preview does not show", () => {
    const steps: PretendedStep[] = [{ op: "same", types: "PluginCA", name: "a" }, { op: "same", types: "Demo$kubernetes:core/v1:Service", name: "b", cluster: "west" }];
    expect(keys(steps, ["west"])).to.deep.equal({ a: undefined, b: undefined });
  });
});
