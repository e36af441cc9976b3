import { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { childOptions, dependencies, originOf } from "../../../../components/kubernetes/child-options";
import { anything, optionsIn } from "../support/pieces";
import { resource } from "../support/queries";
import { runPiece } from "../support/world";

const outer = (opts?: pulumi.ComponentResourceOptions): pulumi.ComponentResource => new pulumi.ComponentResource("usmesh:test:Outer", "outer", {}, opts);

describe("the options of what a component has in a cluster", () => {
  it("name the component, what is deleted with it, and what differs from child to child", async () => {
    await runPiece(() => {
      const { provider, deletedWith } = optionsIn("west");
      const component = outer({ provider });
      expect(childOptions(component, { deletedWith: deletedWith! })({ protect: true })).to.deep.equal({ parent: component, deletedWith, protect: true });
      expect(childOptions(component)()).to.deep.equal({ parent: component });
    });
  });

  it("are refused without a Kubernetes provider, so that the ambient kubeconfig is never used", async () => {
    await runPiece(() => {
      const component = outer();
      expect(() => childOptions(component)).to.throw("pass the cluster's Kubernetes provider in the component's options");
    });
  });

  it("make a child wait for all that it is said to need, and for where a value comes from that it does not use", async () => {
    const world = await runPiece(() => {
      const [istiod, one, other] = [anything("istiod"), anything("one"), anything("other")];
      new local.Command("child", {}, { dependsOn: dependencies(istiod, [one, other], originOf(anything("namespace").id)) });
    });
    expect(resource(world, "child").dependsOn).to.deep.equal(["istiod", "namespace", "one", "other"]);
  });
});
