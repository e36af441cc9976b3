import type * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { EastWestGateway, type EastWestGatewayArgs } from "../../../components";
import { anything, CHARTS, expectOrdinary, itHonoursOptions, itStaysInItsCluster, KUBECONFIG, optionsIn, typesBelow } from "./support/pieces";
import { resource } from "./support/queries";
import { runPiece, sharedWorld, type World } from "./support/world";

const NAME = "west-eastwest";
const ARGS: EastWestGatewayArgs = { network: "west-network", namespace: "istio-system", charts: CHARTS, kubeconfig: KUBECONFIG };
const create = (args: Partial<EastWestGatewayArgs> = {}, opts?: pulumi.ComponentResourceOptions) => new EastWestGateway(NAME, { ...ARGS, ...args }, opts);
const register = sharedWorld((args?: Partial<EastWestGatewayArgs>): Promise<World> => runPiece(() => create(args, optionsIn("west"))));
const valuesOf = (world: World) => resource(world, `${NAME}-release`).inputs["values"] as Record<string, unknown>;

describe("EastWestGateway", () => {
  it("is a release, its Service, and an Istio Gateway", async () => {
    expect(typesBelow(await register(), NAME)).to.deep.equal({
      "west-eastwest-release": "kubernetes:helm.sh/v3:Release",
      "west-eastwest-gateway": "kubernetes:networking.istio.io/v1:Gateway",
      "west-eastwest-service": "kubernetes:core/v1:Service",
    });
  });

  it("records its network and its chart, with every default", async () => {
    expect(resource(await register(), NAME)).to.deep.include({
      type: "usmesh:index:EastWestGateway",
      inputs: { network: "west-network", namespace: "istio-system", profile: "demo", charts: CHARTS, hosts: ["*.local"] },
    });
  });

  it("is the gateway of its network, by which peers find it", async () => {
    const world = await register();
    expect(resource(world, `${NAME}-release`).inputs).to.include({ name: "istio-eastwestgateway", namespace: "istio-system" });
    expect(valuesOf(world)).to.deep.include({ networkGateway: "west-network", service: { type: "LoadBalancer" } });
  });

  it("is served by the revision that it is given, and without one by whichever injects", async () => {
    expect(valuesOf(await register({ revision: "blue" }))).to.include({ revision: "blue", networkGateway: "west-network" });
    for (const world of [await register(), await register({ revision: "default" })]) expect(valuesOf(world)).not.to.have.property("revision");
  });

  it("records the hosts that it was created for, where that is not every service", async () => {
    const { inputs } = resource(await register({ hosts: ["*.shop.svc.cluster.local", "a.local"] }), `${NAME}-gateway`);
    expect(inputs["metadata"]).to.deep.include({ annotations: { "usmesh/hosts": "*.shop.svc.cluster.local,a.local" } });
  });

  it("forwards requests for every service of the mesh on port 15443 without terminating TLS", async () => {
    const { inputs } = resource(await register(), `${NAME}-gateway`);
    expect(inputs["metadata"]).to.deep.equal({ name: "cross-network-gateway", namespace: "istio-system" });
    expect(inputs["spec"]).to.deep.equal({
      selector: { istio: "eastwestgateway" },
      servers: [{ port: { number: 15443, name: "tls", protocol: "TLS" }, tls: { mode: "AUTO_PASSTHROUGH" }, hosts: ["*.local"] }],
    });
  });

  it("passes the profile and extra values on to its chart", async () => {
    expect(valuesOf(await register({ profile: "production", values: { a: 1 } }))).to.include({ a: 1, replicaCount: 2 });
  });

  it("needs what is in the option dependsOn for its release and its Istio Gateway", async () => {
    const world = await runPiece(() => create({}, { ...optionsIn("west"), dependsOn: [anything("istiod")] }));
    for (const name of [NAME, `${NAME}-release`, `${NAME}-gateway`]) expect(resource(world, name).dependsOn, name).to.include("istiod");
  });

  it("asks for the address in its arguments, and only the release waits for it", async () => {
    const world = await runPiece(() => {
      const pool = anything("pool");
      create({ address: pool.id.apply(() => "10.0.0.2") }, optionsIn("west"));
    });
    expect(valuesOf(world)["service"]).to.deep.equal({ type: "LoadBalancer", annotations: { "metallb.io/loadBalancerIPs": "10.0.0.2" } });
    const waiting = world.resources.filter(({ dependsOn }) => dependsOn.includes("pool"));
    expect(waiting.map(({ name }) => name)).to.deep.equal([`${NAME}-release`]);
  });

  for (const [kind, loadBalancer, address] of [
    ["an IP address", { ip: "10.0.0.2" }, "10.0.0.2"],
    ["a host name", { hostname: "lb.example" }, "lb.example"],
  ] as const) {
    it(`tells the address of its load balancer when that is ${kind}`, async () => {
      const { componentOutputs } = await runPiece(() => create({}, optionsIn("west")), { loadBalancer });
      expect(componentOutputs).to.deep.include({ address });
    });
  }

  it("ignores no change, and replaces nothing by deleting it first", async () => expectOrdinary(await register()));

  itStaysInItsCluster(NAME, (opts) => create({}, opts));
  itHonoursOptions(NAME, (opts) => create({}, opts), () => optionsIn("west"));
});
