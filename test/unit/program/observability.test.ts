import { expect } from "chai";
import { closure, clusterOf, inCluster, resource } from "../components/support/queries";
import { meet } from "../components/support/meet";
import { clearOutputs, run, type World } from "../components/support/world";

const ON = { observability: { enabled: true, samplingPercent: 5, images: { prometheus: "prometheus:3", jaeger: "jaeger:2" } } };

describe("a stack that is observed", function () {
  // Each test runs a whole program, which takes time on a busy machine.
  this.timeout(120_000);

  let world: World;
  before(async () => {
    world = await run("local", { settings: ON });
  });
  const peers = (of: World, key: string): unknown => resource(of, `${key}-observability`).inputs["peers"];

  it("has Prometheus and Jaeger in each cluster, which know those of the others, and its settings", () => {
    expect([peers(world, "west"), peers(world, "east")]).to.deep.equal([["east"], ["west"]]);
    expect(resource(world, "west-observability").inputs).to.deep.include({ key: "west", samplingPercent: 5, maxTraces: 1000, memoryMiB: 400, images: ON.observability.images });
    expect(clearOutputs(world)["clusters"]).to.nested.include({ "west.observed": true, "east.observed": true });
  });

  it("has proxies that send spans to the Jaeger of their cluster, and gateways that start again to count more", () => {
    for (const key of ["west", "east"]) {
      const providers = [{ name: "usmesh-jaeger", opentelemetry: { service: `jaeger-${key}.usmesh-observability.svc.cluster.local`, port: 4317 } }];
      expect(resource(world, `${key}-istio-istiod`).inputs["values"]).to.deep.nested.include({ "meshConfig.extensionProviders": providers });
      for (const gateway of [`${key}-istio-ingress`, `${key}-eastwest-release`]) expect(resource(world, gateway).inputs["values"]).to.have.nested.property("podAnnotations.usmesh\\.io/statistics");
    }
  });

  it("writes each cluster's part with the cluster's provider, deleted with the cluster, after istiod", () => {
    const parts = world.resources.filter((item) => item.name.includes("-observability") && inCluster(item));
    expect(parts).to.have.length(2 * 16);
    for (const { name, provider, deletedWith } of parts) expect([provider, deletedWith], name).to.deep.equal([`${clusterOf(name)}-provider`, `${clusterOf(name)}-kind`]);
    expect(closure(world, "west-observability-jaeger-deployment")).to.include("west-istio-istiod");
  });

  it("has pods that wait for their images where those come from the Docker engine, and only there", async () => {
    expect(world.resources.filter(({ name }) => name.includes("node-images"))).to.deep.equal([]);
    const loading = await run("local", { settings: { observability: { enabled: true, images: { ...ON.observability.images, load: true } } } });
    expect(resource(loading, "west-node-images-load").inputs["environment"]).to.deep.equal({ KIND_NAME: "west", IMAGES: "prometheus:3 jaeger:2" });
    for (const app of ["prometheus", "jaeger"]) expect(closure(loading, `west-observability-${app}-deployment`)).to.include("west-node-images-load");
  });

  it("knows of a peer's Prometheus and Jaeger only where the peer has them", async () => {
    for (const [settings, known] of [[{ east: ON }, []], [{ west: ON, east: ON }, ["west"]]] as const) {
      const { runs } = await meet(settings);
      expect(peers(runs[3]!, "east")).to.deep.equal(known);
    }
  });

  it("is another only with the setting: without it, nothing of this is there", async () => {
    const plain = await run("local");
    expect(plain.resources.filter(({ name }) => name.includes("observability"))).to.deep.equal([]);
    expect(JSON.stringify(resource(plain, "west-istio-ingress").inputs["values"])).not.to.include("usmesh.io/statistics");
  });
});
