import type * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { Failover, type FailoverArgs } from "../../../components";
import { anything, expectOrdinary, itHonoursOptions, itStaysInItsCluster, KUBECONFIG, optionsIn, typesBelow } from "./support/pieces";
import { resource } from "./support/queries";
import { runPiece, sharedWorld, type World } from "./support/world";

const NAME = "west-failover";
const create = (args: Partial<FailoverArgs> = {}, opts?: pulumi.ComponentResourceOptions) =>
  new Failover(NAME, { namespace: "istio-system", kubeconfig: KUBECONFIG, ...args }, opts);
const register = sharedWorld((args?: Partial<FailoverArgs>): Promise<World> => runPiece(() => create(args, optionsIn("west"))));
const ruleOf = (world: World) => resource(world, `${NAME}-rule`).inputs as { metadata: object; spec: { host: string; trafficPolicy: Record<string, unknown> } };

describe("Failover", () => {
  it("is one DestinationRule for every service, in the namespace from which it is for all others", async () => {
    const world = await register();
    expect(typesBelow(world, NAME)).to.deep.equal({ "west-failover-rule": "kubernetes:networking.istio.io/v1:DestinationRule" });
    expect(ruleOf(world).metadata).to.deep.equal({ name: "failover", namespace: "istio-system" });
    expect(ruleOf(world).spec.host).to.equal("*.local");
  });

  it("turns on both, priorities by locality and outlier detection: neither does anything alone; and ends connections that a frozen server does not finish", async () => {
    expect(ruleOf(await register()).spec.trafficPolicy).to.deep.equal({
      loadBalancer: { localityLbSetting: { enabled: true } },
      connectionPool: { tcp: { connectTimeout: "2s" } },
      outlierDetection: { consecutive5xxErrors: 5, interval: "5s", baseEjectionTime: "30s", maxEjectionPercent: 100, minHealthPercent: 1 },
    });
  });

  it("takes its numbers and the order of regions from its arguments, and records them", async () => {
    const numbers = { consecutiveErrors: 2, intervalSeconds: 1, ejectionSeconds: 10, connectTimeoutSeconds: 4, maxEjectionPercent: 50 };
    const regions = { westus: "eastus", northus: "westus" };
    const world = await register({ ...numbers, regions });
    expect(ruleOf(world).spec.trafficPolicy).to.deep.equal({
      loadBalancer: { localityLbSetting: { enabled: true, failover: [{ from: "westus", to: "eastus" }, { from: "northus", to: "westus" }] } },
      connectionPool: { tcp: { connectTimeout: "4s" } },
      outlierDetection: { consecutive5xxErrors: 2, interval: "1s", baseEjectionTime: "10s", maxEjectionPercent: 50, minHealthPercent: 1 },
    });
    expect(resource(world, NAME)).to.deep.include({ type: "usmesh:index:Failover", inputs: { namespace: "istio-system", ...numbers, regions } });
  });

  it("needs what is in the option dependsOn for its rule", async () => {
    const world = await runPiece(() => create({}, { ...optionsIn("west"), dependsOn: [anything("istiod")] }));
    expect(resource(world, `${NAME}-rule`).dependsOn).to.include("istiod");
  });

  it("ignores no change, and replaces nothing by deleting it first", async () => expectOrdinary(await register()));

  itStaysInItsCluster(NAME, (opts) => create({}, opts));
  itHonoursOptions(NAME, (opts) => create({}, opts), () => optionsIn("west"));
});
