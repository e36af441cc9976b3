import type * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { MutualTls, type MutualTlsArgs } from "../../../components";
import { anything, expectOrdinary, itHonoursOptions, itStaysInItsCluster, KUBECONFIG, optionsIn, typesBelow } from "./support/pieces";
import { resource } from "./support/queries";
import { runPiece, sharedWorld, type World } from "./support/world";

const NAME = "west-mtls";
const create = (args: Partial<MutualTlsArgs> = {}, opts?: pulumi.ComponentResourceOptions) => new MutualTls(NAME, { namespace: "istio-system", kubeconfig: KUBECONFIG, ...args }, opts);
const register = sharedWorld((args?: Partial<MutualTlsArgs>): Promise<World> => runPiece(() => create(args, optionsIn("west"))));

describe("MutualTls", () => {
  it("is one PeerAuthentication for the whole mesh, by which workloads accept only mutual TLS", async () => {
    const world = await register();
    expect(typesBelow(world, NAME)).to.deep.equal({ "west-mtls-policy": "kubernetes:security.istio.io/v1:PeerAuthentication" });
    expect(resource(world, `${NAME}-policy`).inputs).to.deep.include({ metadata: { name: "default", namespace: "istio-system" }, spec: { mtls: { mode: "STRICT" } } });
  });

  it("says so when plain text is accepted, too", async () => {
    expect(resource(await register({ mode: "permissive" }), `${NAME}-policy`).inputs).to.deep.include({ spec: { mtls: { mode: "PERMISSIVE" } } });
  });

  it("records its arguments, with the default", async () => {
    expect(resource(await register(), NAME)).to.deep.include({ type: "usmesh:index:MutualTls", inputs: { namespace: "istio-system", mode: "strict" } });
  });

  it("needs what is in the option dependsOn for its policy", async () => {
    const world = await runPiece(() => create({}, { ...optionsIn("west"), dependsOn: [anything("istiod")] }));
    expect(resource(world, `${NAME}-policy`).dependsOn).to.include("istiod");
  });

  it("ignores no change, and replaces nothing by deleting it first", async () => expectOrdinary(await register()));

  itStaysInItsCluster(NAME, (opts) => create({}, opts));
  itHonoursOptions(NAME, (opts) => create({}, opts), () => optionsIn("west"));
});
