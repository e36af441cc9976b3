import { expect } from "chai";
import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { kubeconfigOf } from "../components/support/answers";
import { outputsOf } from "../cli/support/outputs";
import { endEngine, startEngine, type Engine, type Registered } from "../outputs/support/engine";

const folder = path.join(__dirname, "../../../examples/consumer");

/** What a stack with these clusters exports. */
const mesh = (...keys: string[]): object => ({ ...outputsOf(keys, []), kubeconfigs: Object.fromEntries(keys.map((key) => [key, kubeconfigOf(key)])) });

async function run(stacks: Record<string, unknown>, settings: { stacks: string[] }): Promise<{ engine: Engine; outputs: Record<string, unknown> }> {
  const engine = await startEngine(stacks, { "consumer:stacks": JSON.stringify(settings.stacks), "consumer:image": "demo:1" });
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const program = require(folder) as () => Promise<Record<string, unknown>>;
  const outputs = await program();
  await endEngine();
  return { engine, outputs };
}

describe("the example of a consumer", () => {
  it("deploys into both clusters of a stack, each through its own provider", async () => {
    const { engine, outputs } = await run({ "acme/usmesh/local": mesh("west", "east") }, { stacks: ["local"] });
    for (const key of ["west", "east"]) {
      const children = engine.resources.filter(({ name }) => name.startsWith(`hello-${key}-`));
      expect(children.map(({ type, name }) => `${name} ${type}`)).to.have.members([
        `hello-${key}-namespace kubernetes:core/v1:Namespace`,
        `hello-${key}-account kubernetes:core/v1:ServiceAccount`,
        `hello-${key}-service kubernetes:core/v1:Service`,
        `hello-${key}-deployment kubernetes:apps/v1:Deployment`,
      ]);
      for (const { name, provider } of children) expect(provider, name).to.equal(`usmesh-${key}`);
    }
    expect(engine.resources.filter(({ type }) => !type.startsWith("kubernetes:")).map(({ name }) => name)).to.have.members(["hello-west", "hello-east", "usmesh-west", "usmesh-east"]);
    expect(outputs["clusters"]).to.have.members(["west", "east"]);
  });

  it("deploys into the clusters of two stacks that are one mesh", async () => {
    const { engine } = await run({ "acme/usmesh/west": mesh("west"), "acme/usmesh/east": mesh("east") }, { stacks: ["west", "east"] });
    expect(engine.read).to.have.members(["acme/usmesh/west", "acme/usmesh/east"]);
    expect(deployments(engine).map(({ name, provider }) => [name, provider])).to.deep.equal([
      ["hello-east-deployment", "usmesh-east"],
      ["hello-west-deployment", "usmesh-west"],
    ]);
  });

  it("runs in the mesh, under the same names everywhere and an identity of its own", async () => {
    const { engine } = await run({ "acme/usmesh/local": mesh("west", "east") }, { stacks: ["local"] });
    const of = (name: string): Registered["inputs"] => engine.resources.find((resource) => resource.name === name)!.inputs;
    expect(of("hello-west-namespace")["metadata"]).to.deep.equal({ name: "consumer", labels: { "istio-injection": "enabled" } });
    expect(of("hello-west-service")).to.deep.include(of("hello-east-service"));
    expect(of("hello-west-service")["spec"]).to.deep.equal({ selector: { app: "hello" }, ports: [{ name: "http", port: 80, targetPort: 8080 }] });
    for (const { inputs, name } of deployments(engine)) {
      const { template } = inputs["spec"] as { template: { spec: { serviceAccountName: string; containers: { image: string; env: { name: string; value: string }[] }[] } } };
      expect(template.spec.serviceAccountName).to.equal("hello");
      expect(template.spec.containers[0]?.image).to.equal("demo:1");
      expect(template.spec.containers[0]?.env).to.deep.include({ name: "MESSAGE", value: `hello from ${name.split("-")[1]}-cluster` });
    }
  });

  it("registers nothing when a stack is not a mesh stack or not up", async () => {
    for (const outputs of [{ url: "x" }, {}]) {
      const engine = await startEngine({ "acme/usmesh/local": outputs }, { "consumer:stacks": '["local"]', "consumer:image": "demo:1" });
      // eslint-disable-next-line @typescript-eslint/no-require-imports
      const program = require(folder) as () => Promise<unknown>;
      const error = await program().catch((failure: Error) => failure);
      expect(error).to.be.an("error").with.property("message").that.matches(/^stack acme\/usmesh\/local: it is no/);
      expect(engine.resources).to.deep.equal([]);
    }
  });

  it("is a project of its own, written for the packages that the mesh is", () => {
    const read = (file: string): Record<string, unknown> => parse(fs.readFileSync(file, "utf8")) as Record<string, unknown>;
    const [own, root] = [read(path.join(folder, "package.json")), read(path.join(folder, "../../package.json"))];
    const { usmesh, ...others } = own["dependencies"] as Record<string, string>;
    expect(usmesh).to.equal("file:../..");
    expect(root["dependencies"]).to.include({ ...others });
    expect(root["devDependencies"]).to.include(own["devDependencies"]);
    expect((read(path.join(folder, "Pulumi.yaml"))["config"] as Record<string, unknown>)["pulumi:disable-default-providers"]).to.deep.equal({ value: ["kubernetes"] });
  });
});

function deployments({ resources }: Engine): Registered[] {
  return resources.filter(({ type }) => type === "kubernetes:apps/v1:Deployment").sort((a, b) => (a.name < b.name ? -1 : 1));
}
