import { expect } from "chai";
import { resource } from "../components/support/queries";
import { run, type World } from "../components/support/world";

const istio = (step: string) => ({ version: "1.31.3", tag: "fix-1", upgrade: { version: "1.31.4", hub: "example.org/istio", tag: "fix-2", step } });
const settings = (west: object) => ({ clusters: { west: { istio: west }, east: {} }, demo: true });
const release = (world: World, name: string) => resource(world, name).inputs as { version: string; values: Record<string, unknown> };

describe("an upgrade of one cluster", function () {
  // Each test runs a whole program, which takes time on a busy machine.
  this.timeout(60_000);

  let world: World;
  before(async () => {
    world = await run("local", { settings: settings(istio("eastWest")) });
  });

  it("moves its east-west gateway first, with the charts of the new version", () => {
    expect(release(world, "west-eastwest-release")).to.include({ version: "1.31.4" });
    expect(release(world, "west-eastwest-release").values).to.include({ revision: "blue" });
    expect(resource(world, "west-eastwest-release").dependsOn).to.include("west-istio-istiod-blue");
    expect(release(world, "west-istio-ingress")).to.include({ version: "1.31.3" });
  });

  it("leaves what needs an injector with the old one: new pods and the discovery proxy", () => {
    for (const name of ["demo-west-simple-backend-deployment", "west-discovery-injector"]) expect(resource(world, name).dependsOn.join(), name).not.to.include("istiod-blue");
  });

  it("touches nothing in another cluster", () => {
    expect(world.resources.filter(({ name }) => name.startsWith("east-istio-")).map(({ name }) => name)).not.to.include.members(["east-istio-tag"]);
    expect(release(world, "east-istio-istiod")).to.include({ version: "1.31.4" });
    expect(release(world, "east-eastwest-release").values).not.to.have.property("revision");
  });

  it("is among the outputs, with both versions, and with what each istiod was installed from", () => {
    const { clusters } = world.outputs as { clusters: Record<string, { versions: { istio: string }; istio?: unknown }> };
    expect(clusters["west"]).to.deep.include({ istio: { revision: "default", source: { tag: "fix-1" }, upgrade: { version: "1.31.4", source: { hub: "example.org/istio", tag: "fix-2" }, revision: "blue", step: "eastWest" } } });
    expect([clusters["west"]?.versions.istio, clusters["east"]?.istio]).to.deep.equal(["1.31.3", { revision: "default", source: {} }]);
  });

  it("takes the discovery proxy's image from the istiod that injects, once that is the new one", async () => {
    const moved = await run("local", { settings: settings(istio("workloads")) });
    expect(resource(moved, "west-discovery-injector-blue").external).to.equal(true);
    expect(resource(moved, "demo-west-simple-backend-deployment").dependsOn).to.include("west-istio-istiod-blue");
  });

  it("gives both istiods and their gateways what observes the mesh, where it is observed", async () => {
    const observed = await run("local", { settings: { ...settings(istio("eastWest")), observability: { enabled: true } } });
    for (const name of ["west-istio-istiod", "west-istio-istiod-blue"]) expect(release(observed, name).values, name).to.have.nested.property("meshConfig.extensionProviders");
    for (const name of ["west-eastwest-release", "west-istio-ingress"]) expect(release(observed, name).values, name).to.have.nested.property("podAnnotations.usmesh\\.io/statistics");
  });
});
