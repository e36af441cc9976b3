import { expect } from "chai";
import { clustersOf } from "../../../../cli/drill/clusters";
import { outputsOf } from "../support/outputs";

/** A kubeconfig whose current context has this name. */
const kubeconfig = (context: string): string =>
  JSON.stringify({
    "current-context": context,
    contexts: [{ name: context, context: { cluster: "c", user: "u" } }],
    clusters: [{ name: "c", cluster: { server: "https://192.0.2.1:6443" } }],
    users: [{ name: "u", user: {} }],
  });

describe("the clusters of a drill", () => {
  it("are those of all stacks, with their places, and the kind cluster of those that kind has created", () => {
    const west = { ...outputsOf(["west"], []), kubeconfigs: { west: kubeconfig("kind-my-west") } };
    const east = { ...outputsOf(["east"], []), kubeconfigs: { east: kubeconfig("kind-looks-like-it") } };
    east.clusters.east = { ...east.clusters.east!, driver: "existing", zone: "b" };
    const clusters = clustersOf([west, east], 1000).map(({ target, ...others }) => ({ key: target.key, ...others }));
    expect(clusters).to.deep.equal([
      { key: "west", region: "westus", zone: "0", kind: "my-west" },
      { key: "east", region: "eastus", zone: "b" },
    ]);
  });

  it("cannot have one key in two stacks", () => {
    const stack = { ...outputsOf(["west"], []), kubeconfigs: { west: kubeconfig("kind-west") } };
    expect(() => clustersOf([stack, stack], 1000)).to.throw('two clusters are called "west"');
  });
});
