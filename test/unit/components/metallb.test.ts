import type * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { MetalLB, type MetalLBArgs } from "../../../components";
import { CHARTS, expectOrdinary, itHonoursOptions, itStaysInItsCluster, KUBECONFIG, optionsIn, typesBelow } from "./support/pieces";
import { closure, resource } from "./support/queries";
import { runPiece, sharedWorld, type World } from "./support/world";

const NAME = "west-metallb";
const RANGES = ["172.18.255.101-172.18.255.120"];
const create = (args: Partial<MetalLBArgs> = {}, opts?: pulumi.ComponentResourceOptions) =>
  new MetalLB(NAME, { addresses: RANGES, charts: CHARTS, kubeconfig: KUBECONFIG, ...args }, opts);
const register = sharedWorld((args?: Partial<MetalLBArgs>): Promise<World> => runPiece(() => create(args, optionsIn("west"))));

describe("MetalLB", () => {
  it("is a namespace, the chart, a pool and its advertisement", async () => {
    expect(typesBelow(await register(), NAME)).to.deep.equal({
      "west-metallb-namespace": "kubernetes:core/v1:Namespace",
      "west-metallb-release": "kubernetes:helm.sh/v3:Release",
      "west-metallb-pool": "kubernetes:metallb.io/v1beta1:IPAddressPool",
      "west-metallb-advertisement": "kubernetes:metallb.io/v1beta1:L2Advertisement",
    });
  });

  it("records its ranges and its chart", async () => {
    const world = await register();
    expect(resource(world, NAME)).to.deep.include({ type: "usmesh:index:MetalLB", inputs: { addresses: RANGES, charts: CHARTS } });
  });

  it("lets its speaker onto the node's network", async () => {
    expect(resource(await register(), `${NAME}-namespace`).inputs["metadata"]).to.deep.equal({
      name: "metallb-system",
      labels: { "pod-security.kubernetes.io/enforce": "privileged" },
    });
  });

  it("gives out the ranges in its arguments, and announces just these", async () => {
    const world = await register();
    expect(resource(world, `${NAME}-pool`).inputs["spec"]).to.deep.equal({ addresses: RANGES });
    expect(resource(world, `${NAME}-pool`).inputs["metadata"]).to.deep.equal({ name: "usmesh", namespace: "metallb-system" });
    expect(resource(world, `${NAME}-advertisement`).inputs["spec"]).to.deep.equal({ ipAddressPools: ["usmesh"] });
  });

  it("creates the pool after the chart, and the advertisement after the pool", async () => {
    const world = await register();
    expect(resource(world, `${NAME}-pool`).dependsOn).to.include(`${NAME}-release`);
    expect(resource(world, `${NAME}-advertisement`).dependsOn).to.include(`${NAME}-pool`);
  });

  it("makes whatever uses its addresses wait until one can be given out", async () => {
    const world = await runPiece(() => {
      const { addresses } = create({}, optionsIn("west"));
      new MetalLB("other", { addresses, charts: CHARTS, kubeconfig: KUBECONFIG }, optionsIn("east"));
    });
    expect(closure(world, "other")).to.include(`${NAME}-pool`).and.to.include(`${NAME}-advertisement`);
    expect(resource(world, "other").inputs["addresses"]).to.deep.equal(RANGES);
    expect(world.componentOutputs).to.deep.include({ ranges: RANGES });
  });

  it("takes its chart from a repository with a version, or from a folder", async () => {
    const { inputs } = resource(await register(), `${NAME}-release`);
    expect(inputs).to.deep.include({ chart: "metallb", version: "1.31.4", repositoryOpts: { repo: "https://charts.example" }, name: "metallb" });
    const local = resource(await register({ charts: { ...CHARTS, folder: "/charts" } }), `${NAME}-release`).inputs;
    expect(local).to.include({ chart: "/charts/metallb" });
    expect(local).not.to.have.any.keys("version", "repositoryOpts");
  });

  it("adds extra values to the chart's", async () => {
    const { speaker } = resource(await register({ values: { speaker: { logLevel: "debug" } } }), `${NAME}-release`).inputs["values"] as { speaker: object };
    expect(speaker).to.include({ logLevel: "debug" }).and.to.deep.include({ frr: { enabled: false } }).and.not.to.have.property("memberlist");
    const single = resource(await register({ singleNode: true }), `${NAME}-release`).inputs["values"] as { speaker: object };
    expect(single.speaker).to.deep.include({ memberlist: { enabled: false } });
  });

  it("ignores no change, and replaces nothing by deleting it first", async () => expectOrdinary(await register()));

  itStaysInItsCluster(NAME, (opts) => create({}, opts));
  itHonoursOptions(NAME, (opts) => create({}, opts), () => optionsIn("west"));
});
