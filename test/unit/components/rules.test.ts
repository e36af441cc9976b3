import { expect } from "chai";
import { CANARY } from "./support/answers";
import { closure, clusterOf, inCluster, namesOf, resource } from "./support/queries";
import { redacted } from "./support/secrets";
import { run, type World } from "./support/world";

describe("what holds for every resource", function () {
  // A whole program each: on a busy machine that takes its time.
  this.timeout(60_000);

  let world: World;
  before(async () => {
    world = await run("local", { settings: { peering: { generation: 2 } } });
  });

  it("every child has a parent; only components stand at the top", () => {
    const orphans = world.resources.filter(({ custom, parent }) => custom && parent === undefined);
    expect(orphans.map(({ name }) => name)).to.deep.equal([]);
  });

  it("a child is called after its parent", () => {
    const strangers = world.resources.filter(({ name, parent }) => parent !== undefined && !name.startsWith(`${parent}-`));
    expect(strangers.map(({ name }) => name)).to.deep.equal([]);
  });

  it("no two resources share a type and a name", () => {
    const keys = world.resources.map(({ type, name }) => `${type} ${name}`);
    expect(new Set(keys).size).to.equal(keys.length);
  });

  it("components are of the project's own types", () => {
    const types = world.resources.filter(({ custom }) => !custom).map(({ type }) => type);
    expect(types.filter((type) => !type.startsWith("usmesh:index:"))).to.deep.equal([]);
  });

  it("whatever lives in a cluster is written by that cluster's provider, and nothing by a default one", () => {
    const inside = world.resources.filter(inCluster);
    expect(inside).to.have.length.greaterThan(40);
    for (const { name, provider } of inside) expect(provider, name).to.equal(`${clusterOf(name)}-provider`);
  });

  it("containers and images are written by the client's own provider", () => {
    const docker = world.resources.filter(({ type }) => type.startsWith("docker:"));
    expect(docker.map(({ provider }) => provider)).to.deep.equal(["client-docker", "client-docker"]);
  });

  it("whatever is made in a kind cluster ends with it, its provider too", () => {
    const made = world.resources.filter((item) => (inCluster(item) && !item.external) || item.type === "pulumi:providers:kubernetes");
    for (const { name, deletedWith } of made) expect(deletedWith, name).to.equal(`${clusterOf(name)}-kind`);
  });

  it("a provider is told by its cluster's authority, and outlives an unreachable one", () => {
    const { west, east } = { west: resource(world, "west-provider").inputs, east: resource(world, "east-provider").inputs };
    expect(west["clusterIdentifier"]).to.match(/^[0-9a-f]{64}$/);
    expect(west["clusterIdentifier"]).not.to.equal(east["clusterIdentifier"]);
    expect(west).to.include({ deleteUnreachable: "true", enableServerSideApply: "true" });
    expect(west).not.to.have.any.keys("context", "cluster");
  });

  it("nothing that providers hang on is deleted before it is replaced: the engine would close them", () => {
    const first = world.resources.filter(({ deleteBeforeReplace }) => deleteBeforeReplace);
    expect(first.map(({ name }) => name)).to.deep.equal(["client-container"]);
  });

  it("every Helm release is named, pinned, bounded in history and waited for", () => {
    const releases = world.resources.filter(({ type }) => type === "kubernetes:helm.sh/v3:Release");
    expect(releases).to.have.length(10);
    for (const { name, inputs } of releases) {
      expect(inputs["name"], name).to.be.a("string");
      expect(inputs["version"], name).to.match(/^\d+\.\d+\.\d+$/);
      expect(inputs, name).to.include({ maxHistory: 3, timeout: 600 });
      expect(inputs["skipAwait"], name).to.equal(undefined);
    }
  });

  it("commands say nothing, and hand nothing on", () => {
    for (const name of namesOf(world, "Command")) {
      expect(resource(world, name).inputs, name).to.include({ logging: "none", addPreviousOutputInEnv: false });
    }
    expect(resource(world, "west-kind").secretOutputs).to.include("stdout");
  });

  it("no key, token or kubeconfig is anywhere in plain text", () => {
    const inputs = world.resources.map(({ name, inputs: plain }) => ({ name, inputs: redacted(plain) }));
    expect(inputs.filter((item) => leaks(item.inputs)).map(({ name }) => name)).to.deep.equal([]);
    expect(leaks(redacted(world.outputs))).to.equal(false);
    expect(world.componentOutputs.filter((outputs) => leaks(redacted(outputs)))).to.deep.equal([]);
    // The search finds what it looks for: the same without taking secrets out is full of them.
    expect(leaks(world.outputs)).to.equal(true);
  });

  it("no secret goes into a chart's values", () => {
    const releases = world.resources.filter(({ type }) => type === "kubernetes:helm.sh/v3:Release");
    for (const { name, inputs } of releases) expect(JSON.stringify(redacted(inputs)), name).not.to.include("[secret]");
  });

  const order: readonly (readonly [later: string, earlier: string])[] = [
    ["istio-base", "istio-namespace"],
    ["istio-cacerts", "istio-namespace"],
    ["istio-istiod", "istio-base"],
    ["istio-istiod", "istio-cacerts"],
    ["istio-ingress", "istio-istiod"],
    ["istio-ingress", "metallb-pool"],
    ["istio-ingress", "metallb-advertisement"],
    ["eastwest-release", "istio-istiod"],
    ["eastwest-release", "metallb-pool"],
    ["eastwest-release", "metallb-advertisement"],
    ["eastwest-gateway", "istio-istiod"],
    ["metallb-pool", "metallb-release"],
    ["metallb-advertisement", "metallb-pool"],
    ["istio-reader-2", "istio-base"],
  ];
  for (const key of ["west", "east"]) {
    for (const [later, earlier] of order) {
      it(`${key}: ${later} comes after ${earlier}`, () => {
        expect(closure(world, `${key}-${later}`)).to.include(`${key}-${earlier}`);
      });
    }
  }

  it("a remote Secret comes after the base of the cluster that it reads, and not before its own namespace", () => {
    expect(closure(world, "peering-west")).to.include("east-istio-base").and.to.include("west-istio-namespace");
    expect(closure(world, "peering-east")).to.include("west-istio-base").and.to.include("east-istio-namespace");
  });

  it("nothing is written to a cluster before its nodes are labelled with their place", () => {
    expect(closure(world, "west-provider")).to.include("west-labels");
  });

  it("demo pods come after the injector", () => {
    expect(closure(world, "demo-west-webapp-deployment")).to.include("west-istio-istiod");
    expect(closure(world, "demo-east-catalog-deployment")).to.include("east-istio-istiod");
  });
});

function leaks(value: unknown): boolean {
  const text = JSON.stringify(value);
  const base64 = [...text.matchAll(/[A-Za-z0-9+/]{12,}={0,2}/g)].map(([word]) => Buffer.from(word, "base64").toString("latin1"));
  return [text, ...base64].some((part) => part.includes(CANARY));
}
