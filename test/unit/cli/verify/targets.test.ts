import { expect } from "chai";
import * as fs from "node:fs";
import * as path from "node:path";
import { targetsFromContexts, targetsFromKubeconfigs } from "../../../../cli/verify/targets";
import { folderForEach } from "../support/folder";

const kubeconfig = (...names: string[]): string =>
  JSON.stringify({
    "current-context": names[0],
    contexts: names.map((name) => ({ name, context: { cluster: name, user: name } })),
    clusters: names.map((name) => ({ name, cluster: { server: `https://${name}:6443` } })),
    users: names.map((name) => ({ name, user: { token: "abc" } })),
  });

describe("the clusters that verify is given", () => {
  const folder = folderForEach();
  const file = (): string => {
    const where = path.join(folder(), "config");
    fs.writeFileSync(where, kubeconfig("kind-west", "kind-east"));
    return where;
  };

  it("are contexts of a kubeconfig, with a name of their own or their context's", () => {
    const targets = targetsFromContexts(["west=kind-west", "kind-east"], file(), 1000);
    expect(targets.map(({ key, kube, kubectl, timeoutMs }) => [key, kube.server, kubectl, timeoutMs])).to.deep.equal([
      ["west", "https://kind-west:6443", "kubectl --context kind-west", 1000],
      ["kind-east", "https://kind-east:6443", "kubectl --context kind-east", 1000],
    ]);
  });

  it("are refused when a context does not exist, with those that do", () => {
    expect(() => targetsFromContexts(["west=gke"], file(), 1000)).to.throw('no context "gke"').with.property("hint", "There is: kind-west, kind-east.");
  });

  it("are refused when two have one name", () => {
    expect(() => targetsFromContexts(["a=kind-west", "a=kind-east"], file(), 1000)).to.throw('two clusters are called "a"');
    expect(() => targetsFromKubeconfigs([["a", kubeconfig("x")], ["a", kubeconfig("y")]], 1000)).to.throw('two clusters are called "a"');
  });

  it("are refused when the kubeconfig cannot be read", () => {
    expect(() => targetsFromContexts(["west"], path.join(folder(), "none"), 1000)).to.throw("the kubeconfig cannot be read");
  });

  it("are the kubeconfigs that stacks export", () => {
    const [west] = targetsFromKubeconfigs([["west", kubeconfig("kind-west")]], 1000);
    expect([west?.key, west?.kube.server, west?.kubectl]).to.deep.equal(["west", "https://kind-west:6443", "kubectl --context kind-west"]);
  });
});
