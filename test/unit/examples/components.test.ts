import { expect } from "chai";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { kubeconfigOf } from "../components/support/answers";
import { resource } from "../components/support/queries";
import { redacted } from "../components/support/secrets";
import { runPiece, type World } from "../components/support/world";

/** Runs the program of an example as its own project would. */
async function runExample(name: string, config: Record<string, string>, stacks: Record<string, Record<string, unknown>> = {}): Promise<World> {
  const file = join(__dirname, "../../../examples", name, "index.ts");
  delete require.cache[file];
  return runPiece(
    () => {
      pulumi.runtime.setAllConfig(config);
      // eslint-disable-next-line @typescript-eslint/no-require-imports
      require(file);
    },
    { stacks },
  );
}

describe("the example of two components", function () {
  // It runs a whole program, which takes time on a busy machine.
  this.timeout(60_000);

  it("makes an authority, and Istio in one cluster with what it signed", async () => {
    const world = await runExample("components", { "usmesh:kubeconfig": kubeconfigOf("west"), "usmesh:charts": "/charts" });
    expect(world.resources.filter(({ parent, custom }) => parent === undefined && !custom).map(({ type, name }) => `${name} ${type}`)).to.include.members(["trust usmesh:index:PluginCA", "west-istio usmesh:index:IstioPrimary"]);
    const { provider, inputs } = resource(world, "west-istio-istiod");
    expect(provider).to.equal("west");
    expect(inputs).to.include({ chart: "/charts/istiod" });
    expect(JSON.stringify(redacted(resource(world, "west-istio-cacerts").inputs))).to.contain("[secret]");
    expect(world.resources.map(({ name }) => name)).to.include.members(["trust-west-certificate", "trust-east-certificate"]);
  });
});

describe("the example of EKS in two regions", function () {
  // Two clusters of a mesh.
  this.timeout(120_000);

  /** As `@pulumi/eks` gives it: an object, whose user is a program. */
  const eks = (region: string) => ({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "kubernetes", cluster: { server: "http://127.0.0.1:1", "certificate-authority-data": Buffer.from(region).toString("base64") } }],
    users: [{ name: "aws", user: { exec: { apiVersion: "client.authentication.k8s.io/v1beta1", command: "/nowhere/aws", args: ["eks", "get-token", "--region", region] } } }],
    contexts: [{ name: "aws", context: { cluster: "kubernetes", user: "aws" } }],
    "current-context": "aws",
  });

  it("is one mesh over the clusters of both stacks, with network load balancers", async () => {
    const stacks = { "organization/eks/us-west-2": { kubeconfig: eks("us-west-2") }, "organization/eks/us-east-1": { kubeconfig: eks("us-east-1") } };
    const clusters = { west: "organization/eks/us-west-2", east: "organization/eks/us-east-1" };
    const world = await runExample("eks-two-regions", { "usmesh:clusters": JSON.stringify(clusters) }, stacks);
    for (const [key, region] of [["west", "us-west-2"], ["east", "us-east-1"]] as const) {
      const provider = resource(world, `shop-${key}-provider`);
      expect(JSON.stringify(provider.inputs)).to.contain(region);
      expect(redacted(provider.inputs)).to.include({ kubeconfig: "[secret]" });
      for (const gateway of ["istio-ingress", "eastwest-release"]) {
        expect(JSON.stringify(resource(world, `shop-${key}-${gateway}`).inputs["values"])).to.contain("aws-load-balancer-nlb-target-type");
      }
    }
    expect(resource(world, "shop-east-failover").inputs).to.include({ consecutiveErrors: 3 });
    expect(resource(world, "shop-east-eastwest").inputs["hosts"]).to.deep.equal(["*.shop.svc.cluster.local", "*.catalog.svc.cluster.local"]);
    expect(world.resources.map(({ name }) => name), "API servers that stay private").to.include("shop-east-discovery").and.not.to.include("shop-east-istio-reader-1");
    expect(resource(world, "shop-peering-west").provider).to.equal("shop-west-provider");
  });
});
