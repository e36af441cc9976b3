import { expect } from "chai";
import { below } from "../components/support/pieces";
import { resource } from "../components/support/queries";
import { run, type World } from "../components/support/world";

type Environment = readonly { readonly name: string; readonly value: string }[];

describe("the demo", function () {
  // Each test runs a whole program, which takes time on a busy machine.
  this.timeout(60_000);

  let world: World;
  before(async () => {
    world = await run("local", { settings: { trustDomain: "mesh.example" } });
  });

  const specOf = (name: string): unknown => resource(world, name).inputs["spec"];
  const environmentOf = (name: string): Record<string, string> => {
    const spec = specOf(name) as { template: { spec: { containers: [{ env: Environment }] } } };
    return Object.fromEntries(spec.template.spec.containers[0].env.map(({ name: variable, value }) => [variable, value]));
  };

  for (const key of ["west", "east"]) {
    const name = `demo-${key}-simple-backend`;

    it(`says hello from ${key} with a simple-backend there, whose errors can be set`, () => {
      expect(environmentOf(`${name}-deployment`)).to.include({ NAME: "simple-backend", MESSAGE: `Hello from ${key.toUpperCase()}`, ERROR_RATE: "0" });
    });

    it(`leads to simple-backend from the ingress gateway of ${key}, and the last attempt to another region`, () => {
      expect(specOf(`${name}-gateway`)).to.deep.include({ selector: { istio: "ingressgateway" } });
      const { hosts, http } = specOf(`${name}-route`) as { hosts: string[]; http: { retries: object }[] };
      expect(hosts).to.deep.equal(["simple-backend.istioinaction.io"]);
      expect(http[0]?.retries).to.deep.include({ attempts: 2, perTryTimeout: "1s", retryRemoteLocalities: true });
    });

    it(`lets only ingress gateways ask simple-backend in ${key}`, () => {
      expect(resource(world, `${name}-access-policy`).inputs["metadata"]).to.deep.include({ name: "allow-only-ingress" });
      expect(specOf(`${name}-access-policy`)).to.deep.include({
        selector: { matchLabels: { app: "simple-backend" } },
        rules: [{ from: [{ source: { principals: ["mesh.example/ns/istio-system/sa/istio-ingressgateway"] } }] }],
      });
    });
  }

  it("runs webapp in one cluster, and catalog in the other", () => {
    const deployments = world.resources.filter(({ type, name }) => type === "kubernetes:apps/v1:Deployment" && name.startsWith("demo-")).map(({ name }) => name);
    expect(deployments).to.have.members(["webapp", "simple-backend"].map((app) => `demo-west-${app}-deployment`).concat(["catalog", "simple-backend"].map((app) => `demo-east-${app}-deployment`)));
  });

  it("leads to webapp from the ingress gateway, without retries of its own", () => {
    expect(Object.keys(below(world, "demo-west-webapp"))).to.include.members(["demo-west-webapp-gateway", "demo-west-webapp-route"]);
    expect(specOf("demo-west-webapp-route")).to.deep.equal({
      hosts: ["webapp.istioinaction.io"],
      gateways: ["webapp"],
      http: [{ route: [{ destination: { host: "webapp", port: { number: 80 } } }] }],
    });
  });
});
