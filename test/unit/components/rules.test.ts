import { expect } from "chai";
import { CANARY } from "./support/answers";
import { closure, clusterOf, inCluster, namesOf, resource } from "./support/queries";
import { redacted } from "./support/secrets";
import { run, type World } from "./support/world";

describe("every resource of a mesh", function () {
  // Each test runs a whole program, which takes time on a busy machine.
  this.timeout(60_000);

  let world: World;
  before(async () => {
    world = await run("local", { settings: { peering: { generation: 2 } } });
  });

  it("has a parent, unless it is a component of the program", () => {
    const orphans = world.resources.filter(({ custom, parent }) => custom && parent === undefined);
    expect(orphans.map(({ name }) => name)).to.deep.equal([]);
  });

  it("has a name that starts with its parent's", () => {
    const strangers = world.resources.filter(({ name, parent }) => parent !== undefined && !name.startsWith(`${parent}-`));
    expect(strangers.map(({ name }) => name)).to.deep.equal([]);
  });

  it("has a name of its own among those of its type", () => {
    const keys = world.resources.map(({ type, name }) => `${type} ${name}`);
    expect(new Set(keys).size).to.equal(keys.length);
  });

  it("has one of the project's own types if it is a component", () => {
    const types = world.resources.filter(({ custom }) => !custom).map(({ type }) => type);
    expect(types.filter((type) => !type.startsWith("usmesh:index:"))).to.deep.equal([]);
  });

  it("in a cluster is written with that cluster's provider, and never with a default one", () => {
    const inside = world.resources.filter(inCluster);
    expect(inside).to.have.length.greaterThan(40);
    for (const { name, provider } of inside) expect(provider, name).to.equal(`${clusterOf(name)}-provider`);
  });

  it("in Docker is written with the client's own provider", () => {
    const docker = world.resources.filter(({ type }) => type.startsWith("docker:"));
    expect(docker.map(({ provider }) => provider)).to.deep.equal(["client-docker", "client-docker"]);
  });

  it("in a kind cluster is deleted with the cluster, and so are components and providers", () => {
    const components = [
      ...["MetalLB", "IstioPrimary", "EastWestGateway", "MutualTls", "Failover", "DiscoveryProxy"],
      ...["Demo", "Catalog", "Webapp", "SimpleBackend", "AccessPolicy"],
    ].map((type) => `usmesh:index:${type}`);
    const created = world.resources.filter(
      (item) => (inCluster(item) && !item.external) || item.type === "pulumi:providers:kubernetes" || components.includes(item.type),
    );
    for (const { name, deletedWith } of created) expect(deletedWith, name).to.equal(`${clusterOf(name)}-kind`);
  });

  it("is written with a provider that is identified by its cluster, and that survives an unreachable cluster", () => {
    const { west, east } = { west: resource(world, "west-provider").inputs, east: resource(world, "east-provider").inputs };
    expect(west["clusterIdentifier"]).to.match(/^[0-9a-f]{64}$/);
    expect(west["clusterIdentifier"]).not.to.equal(east["clusterIdentifier"]);
    expect(west).to.include({ deleteUnreachable: "true", enableServerSideApply: "true" });
    expect(west).not.to.have.any.keys("context", "cluster");
  });

  it("is replaced before it is deleted if providers depend on it: the engine would close them", () => {
    const first = world.resources.filter(({ deleteBeforeReplace }) => deleteBeforeReplace);
    expect(first.map(({ name }) => name)).to.deep.equal(["client-container"]);
  });

  it("has a name, a pinned version, a limited history and is waited for if it is a Helm release", () => {
    const releases = world.resources.filter(({ type }) => type === "kubernetes:helm.sh/v3:Release");
    expect(releases).to.have.length(10);
    for (const { name, inputs } of releases) {
      expect(inputs["name"], name).to.be.a("string");
      expect(inputs["version"], name).to.match(/^\d+\.\d+\.\d+$/);
      expect(inputs, name).to.include({ maxHistory: 3, timeout: 600 });
      expect(inputs["skipAwait"], name).to.equal(undefined);
    }
  });

  it("logs nothing and passes no previous output on if it is a command", () => {
    for (const name of namesOf(world, "Command")) {
      expect(resource(world, name).inputs, name).to.include({ logging: "none", addPreviousOutputInEnv: false });
    }
    expect(resource(world, "west-kind").secretOutputs).to.include("stdout");
  });

  it("has no key, token or kubeconfig in plain text", () => {
    const inputs = world.resources.map(({ name, inputs: plain }) => ({ name, inputs: redacted(plain) }));
    expect(inputs.filter((item) => leaks(item.inputs)).map(({ name }) => name)).to.deep.equal([]);
    expect(leaks(redacted(world.outputs))).to.equal(false);
    expect(world.componentOutputs.filter((outputs) => leaks(redacted(outputs)))).to.deep.equal([]);
    // The search works: without removing the secrets first it finds them.
    expect(leaks(world.outputs)).to.equal(true);
  });

  it("has no secret in its values if it is a Helm release", () => {
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
    ["failover-rule", "istio-istiod"],
    ["mtls-policy", "istio-istiod"],
    ["metallb-pool", "metallb-release"],
    ["metallb-advertisement", "metallb-pool"],
    ["discovery-cluster-PEER-2", "discovery-namespace"],
    // A read of what istiod's release holds.
    ["discovery-deployment", "discovery-injector"],
    ["discovery-gateway", "istio-istiod"],
  ];
  for (const key of ["west", "east"]) {
    for (const [later, earlier] of order) {
      it(`${key}: ${later} comes after ${earlier}`, () => {
        expect(closure(world, `${key}-${later.replace("PEER", key === "west" ? "east" : "west")}`)).to.include(`${key}-${earlier}`);
      });
    }
  }

  it("a remote Secret comes after all that lets the other cluster be read, and not before its own namespace", () => {
    for (const [key, peer] of [["west", "east"], ["east", "west"]] as const) {
      const needs = ["istio-base", "eastwest-service", "discovery-deployment", "discovery-service", "discovery-gateway", "discovery-virtualservice", "discovery-destinationrule", "discovery-binding", "discovery-mesh-config-binding", "discovery-no-secrets-binding"];
      expect([...closure(world, `peering-${key}`)]).to.include.members([`${key}-istio-namespace`, ...needs.map((name) => `${peer}-${name}`)]);
    }
  });

  it("a remote Secret with an API server's address comes after the base of the cluster that it reads", async () => {
    const direct = await run("local", { settings: { peering: { generation: 2, through: "apiServer" } } });
    expect(closure(direct, "peering-west")).to.include("east-istio-base").and.to.include("east-istio-reader-2");
    expect(closure(direct, "east-istio-reader-2")).to.include("east-istio-base");
    expect(direct.resources.filter(({ name }) => name.includes("discovery"))).to.deep.equal([]);
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
