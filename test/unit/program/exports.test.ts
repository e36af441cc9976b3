import { expect } from "chai";
import { resource } from "../components/support/queries";
import { clearOutputs, run } from "../components/support/world";

type Clusters = Record<string, { docker?: object; uid?: string }>;

describe("what a stack exports", function () {
  // Each test runs a whole program, which takes time on a busy machine.
  this.timeout(60_000);

  const keys = async (settings: object): Promise<string[]> => {
    const outputs = clearOutputs(await run("local", { settings: { ...settings } }));
    return Object.keys(outputs["kubeconfigs"] as object).sort();
  };

  it("are the administrators' kubeconfigs in the profile demo, and not in production, unless the settings say otherwise", async () => {
    expect(await keys({ profile: "demo" })).to.deep.equal(["east", "west"]);
    expect(await keys({ profile: "production" })).to.deep.equal([]);
    expect(await keys({ profile: "demo", outputs: { kubeconfigs: false } })).to.deep.equal([]);
    expect(await keys({ profile: "production", outputs: { kubeconfigs: true } })).to.deep.equal(["east", "west"]);
  });

  it("is where its kind clusters are, so that others take other addresses on the same network", async () => {
    const { west, east } = clearOutputs(await run("local"))["clusters"] as Clusters;
    expect([west?.docker, east?.docker]).to.deep.equal([1, 2].map((addressIndex) => ({ network: "usmesh", addressIndex })));
  });

  it("has no address of an ingress gateway where there is none, and the program passes on who may connect", async () => {
    const settings = {
      ingress: false,
      demo: false,
      eastWest: { hosts: ["*.shop.svc.cluster.local"], sourceRanges: ["10.0.0.0/8"] },
      istio: { values: { gateway: { minReadySeconds: 1 }, eastWest: { minReadySeconds: 2 } } },
    };
    const world = await run("local", { settings });
    expect(world.resources.filter(({ name }) => name.includes("ingress"))).to.deep.equal([]);
    expect((clearOutputs(world)["clusters"] as Clusters)["west"]).not.to.have.property("ingressAddress");
    expect(resource(world, "west-eastwest-gateway").inputs).to.have.nested.property("spec.servers[0].hosts").that.deep.equals(["*.shop.svc.cluster.local"]);
    expect(resource(world, "west-eastwest-release").inputs["values"]).to.deep.nested.include({ "service.loadBalancerSourceRanges": ["10.0.0.0/8"], minReadySeconds: 2 });
  });

  it("has the values for each gateway alone over those for both", async () => {
    const settings = { istio: { values: { gateway: { minReadySeconds: 1 }, ingress: { minReadySeconds: 3 } } } };
    const world = await run("local", { settings });
    expect(resource(world, "west-istio-ingress").inputs["values"]).to.include({ minReadySeconds: 3 });
    expect(resource(world, "west-eastwest-release").inputs["values"]).to.include({ minReadySeconds: 1 });
  });
});
