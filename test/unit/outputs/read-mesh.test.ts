import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { readMesh } from "../../../outputs";
import { kubeconfigOf } from "../components/support/answers";
import { outputsOf } from "../cli/support/outputs";
import { plain, redacted } from "../components/support/secrets";
import { endEngine, startEngine, valueOf } from "./support/engine";

const outputs = { ...outputsOf(["west", "east"], ["west->east", "east->west"]), kubeconfigs: { west: kubeconfigOf("west"), east: kubeconfigOf("east") } };

async function failure(stack: string, stacks: Record<string, unknown>): Promise<string> {
  await startEngine(stacks);
  const error = await readMesh(stack).then(
    () => undefined,
    (failed: unknown) => failed,
  );
  expect(pulumi.RunError.isInstance(error), String(error)).to.equal(true);
  return (error as Error).message;
}

describe("reading a mesh's outputs", () => {
  it("gives the clusters as plain values and their kubeconfigs as secrets", async () => {
    await startEngine({ "acme/usmesh/local": outputs });
    const mesh = await readMesh("local");
    expect(mesh).to.deep.include({ stack: "acme/usmesh/local", name: "usmesh", trustDomain: "cluster.local", pairs: ["west->east", "east->west"] });
    expect(Object.keys(mesh.clusters)).to.have.members(["west", "east"]);
    const west = mesh.cluster("west");
    expect(west).to.deep.include({ key: "west", network: "west-network", region: "westus", ingressAddress: "ingress.west", eastWestAddress: "eastwest.west" });
    expect(await pulumi.isSecret(west.kubeconfig!)).to.equal(true);
    expect(await valueOf(west.kubeconfig!)).to.equal(kubeconfigOf("west"));
  });

  it("takes a short name for a stack of the project usmesh", async () => {
    const engine = await startEngine({ "acme/usmesh/west": outputs, "other/mesh/west": outputs });
    await readMesh("west");
    await readMesh("other/mesh/west");
    expect(engine.read).to.deep.equal(["acme/usmesh/west", "other/mesh/west"]);
  });

  it("accepts a reference to the stack as well", async () => {
    const engine = await startEngine({ "acme/usmesh/local": outputs });
    const mesh = await readMesh(new pulumi.StackReference("acme/usmesh/local"));
    expect(mesh).to.deep.include({ stack: "acme/usmesh/local", name: "usmesh" });
    expect(await pulumi.isSecret(mesh.cluster("east").kubeconfig!)).to.equal(true);
    expect(engine.read).to.deep.equal([]);
  });

  it("shows nothing secret when a mesh is converted to text", async () => {
    await startEngine({ "acme/usmesh/local": outputs });
    const mesh = await readMesh("local");
    // Outputs cannot be converted to JSON; everything else is searched.
    const text = JSON.stringify(mesh, (_key, value: unknown) => (pulumi.Output.isInstance(value) ? "output" : value));
    for (const secret of ["a-token", "client-key-data"]) expect(text).not.to.contain(secret);
  });
});

describe("a mesh whose outputs cannot be read", () => {
  it("is refused when its stack was never initialised", async () => {
    expect(await failure("west", {})).to.equal(
      "stack acme/usmesh/west: there is no such stack. Bring it up first, in the folder of its project: ./mesh up west\nSee docs/troubleshooting.md#stack-not-up",
    );
  });

  it("is refused when its stack is not up, by name or by reference", async () => {
    const message = "stack acme/usmesh/west: it is not up: it has no outputs yet. Bring it up first, in the folder of its project: ./mesh up west\nSee docs/troubleshooting.md#stack-not-up";
    expect(await failure("west", { "acme/usmesh/west": {} })).to.equal(message);
    await startEngine({});
    expect(await readMesh(new pulumi.StackReference("acme/usmesh/west")).catch((error: Error) => error.message)).to.equal(message);
  });

  it("is refused when its stack is not a mesh stack", async () => {
    expect(await failure("acme/shop/dev", { "acme/shop/dev": { url: "http://shop" } })).to.equal(
      "stack acme/shop/dev: it is not a mesh stack: it has outputs, but no `version`. Name a stack of the project usmesh\nSee docs/troubleshooting.md#outputs-version",
    );
  });

  it("is refused when its stack was brought up with an older or a newer version", async () => {
    expect(await failure("west", { "acme/usmesh/west": { ...outputs, version: 0 } })).to.equal(
      "stack acme/usmesh/west: its outputs are of version 0 and this package reads version 2. Bring it up with this package's version: `pulumi up -s acme/usmesh/west`\nSee docs/troubleshooting.md#outputs-version",
    );
    expect(await failure("west", { "acme/usmesh/west": { ...outputs, version: 3 } })).to.match(/version 3 and this package reads version 2\. Update this package/);
  });

  it("is refused with what its outputs lack, and without any of their values", async () => {
    const { kubeconfigs: _left, ...others } = outputs;
    const message = await failure("west", { "acme/usmesh/west": { ...others, clusters: { west: { ...outputs.clusters["west"], network: 3 } } } });
    expect(message).to.match(/outputs are incomplete/).and.to.contain("clusters.west.network: must be string").and.to.contain("kubeconfigs: must be record");
    expect(message).not.to.contain("a-token");
  });

  it("is refused with any other reason as the engine says it", async () => {
    await startEngine({ "acme/usmesh/west": new Error("the backend does not answer") });
    expect(await readMesh("west").catch((error: Error) => error.message)).to.contain("stack acme/usmesh/west cannot be read")
      .and.to.contain("the backend does not answer\nSee docs/troubleshooting.md#state-unreadable");
  });
});

describe("a mesh that an earlier version brought up", () => {
  const { requests: _requests, certificates: _certificates, ...rest } = outputs;
  const former = { ...rest, version: 1, intermediates: { west: { caCert: "c", caKey: "an intermediate's key", certChain: "c", rootCert: "r" } } };

  it("is read all the same, by name or by reference, without the keys that it exported", async () => {
    await startEngine({ "acme/usmesh/local": former });
    for (const stack of ["local", new pulumi.StackReference("acme/usmesh/local")]) {
      const mesh = await readMesh(stack);
      expect(Object.keys(mesh.clusters)).to.have.members(["west", "east"]);
      expect(JSON.stringify(mesh, (_key, value: unknown) => (pulumi.Output.isInstance(value) ? "output" : value))).not.to.contain("an intermediate's key");
    }
  });
});

describe("a cluster of a mesh", () => {
  it("is refused when it does not exist, with those that do", async () => {
    await startEngine({ "acme/usmesh/local": outputs });
    const mesh = await readMesh("local");
    for (const key of ["north", "constructor"]) {
      expect(() => mesh.cluster(key)).to.throw(pulumi.RunError as unknown as ErrorConstructor, `stack acme/usmesh/local has no cluster ${key}; it has: east, west\nSee docs/troubleshooting.md#cluster-unknown`);
      expect(() => mesh.provider(key)).to.throw(/has no cluster/);
    }
  });

  it("has no kubeconfig and no provider when its stack exports none, and everything else", async () => {
    await startEngine({ "acme/usmesh/local": { ...outputs, kubeconfigs: {} } });
    const mesh = await readMesh("local");
    expect(mesh.cluster("west")).to.include({ network: "west-network" }).and.not.to.have.property("kubeconfig");
    expect(() => mesh.provider("west")).to.throw(/does not export the kubeconfig of its cluster west\. Set usmesh:outputs\.kubeconfigs to true there.*\nSee docs\/troubleshooting\.md#kubeconfig-not-exported/);
  });

  it("that kind did not make is not forgotten when it does not answer", async () => {
    const { west } = outputs.clusters;
    const engine = await startEngine({ "acme/usmesh/local": { ...outputs, clusters: { west: { ...west, driver: "existing" } } } });
    (await readMesh("local")).provider("west");
    await endEngine();
    expect(engine.resources.find(({ name }) => name === "usmesh-west")?.inputs).not.to.have.property("deleteUnreachable");
  });

  it("has one provider, which identifies the cluster by its certificate authority and, for a kind cluster, tolerates its absence", async () => {
    const engine = await startEngine({ "acme/usmesh/local": outputs });
    const mesh = await readMesh("local");
    expect(mesh.provider("west")).to.equal(mesh.provider("west")).and.not.to.equal(mesh.provider("east"));
    await endEngine();
    expect(engine.resources.map(({ type, name }) => `${type} ${name}`)).to.have.members(["west", "east"].map((key) => `pulumi:providers:kubernetes usmesh-${key}`));
    const [west, east] = ["west", "east"].map((key) => engine.resources.find(({ name }) => name === `usmesh-${key}`)?.inputs);
    expect(plain(west)).to.deep.include({ kubeconfig: kubeconfigOf("west"), deleteUnreachable: "true" });
    expect(redacted(west)).to.deep.include({ kubeconfig: "[secret]" });
    expect(west?.["clusterIdentifier"]).to.match(/^[0-9a-f]{64}$/).and.not.to.equal(east?.["clusterIdentifier"]);
  });
});
