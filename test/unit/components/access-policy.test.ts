import type * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { AccessPolicy, type AccessPolicyArgs, ingressPrincipal } from "../../../components";
import { anything, expectOrdinary, itHonoursOptions, itStaysInItsCluster, KUBECONFIG, optionsIn, typesBelow } from "./support/pieces";
import { resource } from "./support/queries";
import { runPiece, sharedWorld, type World } from "./support/world";

const NAME = "access";
const create = (args: Partial<AccessPolicyArgs> = {}, opts?: pulumi.ComponentResourceOptions) => {
  const principals = [ingressPrincipal("mesh.example"), "cluster.local/ns/shop/sa/web"];
  return new AccessPolicy(NAME, { policyName: "allow-some", namespace: "shop", selector: { app: "backend" }, principals, kubeconfig: KUBECONFIG, ...args }, opts);
};
const register = sharedWorld((args?: Partial<AccessPolicyArgs>): Promise<World> => runPiece(() => create(args, optionsIn("west"))));

describe("AccessPolicy", () => {
  it("lets only the named identities send requests to the selected workloads", async () => {
    const world = await register();
    expect(typesBelow(world, NAME)).to.deep.equal({ "access-policy": "kubernetes:security.istio.io/v1:AuthorizationPolicy" });
    const { metadata, spec } = resource(world, "access-policy").inputs;
    expect(metadata).to.deep.equal({ name: "allow-some", namespace: "shop" });
    expect(spec).to.deep.equal({
      selector: { matchLabels: { app: "backend" } },
      action: "ALLOW",
      rules: [{ from: [{ source: { principals: ["mesh.example/ns/istio-system/sa/istio-ingressgateway", "cluster.local/ns/shop/sa/web"] } }] }],
    });
  });

  it("records whom it lets in", async () => {
    expect(resource(await register({ principals: ["cluster.local/ns/shop/sa/web"] }), NAME)).to.deep.include({
      type: "usmesh:index:AccessPolicy",
      inputs: { policyName: "allow-some", namespace: "shop", selector: { app: "backend" }, principals: ["cluster.local/ns/shop/sa/web"] },
    });
  });

  it("needs what is in the option dependsOn for its policy", async () => {
    const world = await runPiece(() => create({}, { ...optionsIn("west"), dependsOn: [anything("istiod")] }));
    expect(resource(world, `${NAME}-policy`).dependsOn).to.include("istiod");
  });

  it("ignores no change, and replaces nothing by deleting it first", async () => expectOrdinary(await register()));

  itStaysInItsCluster(NAME, (opts) => create({}, opts));
  itHonoursOptions(NAME, (opts) => create({}, opts), () => optionsIn("west"));
});
