/** What the tests of single components have in common. */
import { local } from "@pulumi/command";
import { Provider } from "@pulumi/kubernetes/provider";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import type { InClusterOptions } from "../../../../components";
import type { KindClusterArgs } from "../../../../components/kind/kind-cluster";
import { CANARY, kubeconfigOf } from "./answers";
import { resource } from "./queries";
import { redacted } from "./secrets";
import { runPiece, type Registered, type World } from "./world";

type Options = pulumi.ComponentResourceOptions;

/** Where Istio's charts come from. */
export const CHARTS = { version: "1.31.4", repository: "https://charts.example" };

/** Certificates, of which only the key is secret to the search for CANARY. */
export const CACERTS = { caCert: "certificate", caKey: `${CANARY} key`, certChain: "certificate, root", rootCert: "root" };

/** The administrator's kubeconfig of cluster `west`. */
export const KUBECONFIG = pulumi.secret(kubeconfigOf("west"));

/** What a kind cluster is made from. */
export const KIND: KindClusterArgs = {
  kindName: "west",
  podSubnet: "10.10.0.0/16",
  serviceSubnet: "10.100.0.0/16",
  image: "kindest/node:1",
  region: "westus",
  zone: "0",
  dockerNetwork: "usmesh",
  dockerSubnet: "172.18.0.0/16",
};

/** Options of what is in a cluster, as `Cluster.options`: its provider `<key>-provider`, and the resource `<key>-kind`. */
export function optionsIn(key: string): InClusterOptions {
  return { provider: new Provider(`${key}-provider`, { kubeconfig: kubeconfigOf(key) }), deletedWith: new local.Command(`${key}-kind`) };
}

/** A resource that stands for anything, such as what a component depends on. */
export function anything(name: string): pulumi.CustomResource {
  return new local.Command(name);
}

/** The resources below a component, at any depth, by name. */
export function below(world: World, component: string): Record<string, Registered> {
  const direct = world.resources.filter(({ parent }) => parent === component);
  return Object.assign({}, ...direct.map((item) => ({ [item.name]: item, ...below(world, item.name) }))) as Record<string, Registered>;
}

/** The types of the resources below a component, by name. */
export function typesBelow(world: World, component: string): Record<string, string> {
  return Object.fromEntries(Object.entries(below(world, component)).map(([name, { type }]) => [name, type]));
}

/** Expects that a component honours the options that every component has. @param name its name, @param create makes it */
export function itHonoursOptions(name: string, create: (opts: Options) => unknown, needed: () => Options = () => ({})): void {
  const register = (opts: () => Options): Promise<World> => runPiece(() => create({ ...needed(), ...opts() }));

  it("honours the options parent, dependsOn, aliases and transforms", async () => {
    const world = await register(() => ({
      parent: new pulumi.ComponentResource("usmesh:test:Outer", "outer"),
      dependsOn: anything("earlier"),
      aliases: [{ name: "former-name" }],
      transforms: [() => undefined],
    }));
    const component = resource(world, name);
    expect(component).to.include({ parent: "outer", transforms: 1 });
    expect(component.dependsOn).to.include("earlier");
    expect(component.aliases).to.deep.equal(["former-name"]);
  });

  it("protects all its resources with the option protect, and none without", async () => {
    const created = (world: World) => [resource(world, name), ...Object.values(below(world, name))].filter(({ external }) => !external);
    expect(created(await register(() => ({ protect: true }))).filter(({ protect }) => !protect)).to.deep.equal([]);
    expect(created(await register(() => ({}))).filter(({ protect }) => protect)).to.deep.equal([]);
  });

  it("records no secret in its inputs", async () => {
    const { inputs } = resource(await register(() => ({})), name);
    expect(inputs).to.not.deep.equal({});
    expect(JSON.stringify(inputs)).not.to.include(CANARY);
    expect(JSON.stringify(redacted(inputs))).not.to.include("[secret]");
  });
}

/** Expects that everything in a component is written to the one cluster in its options. */
export function itStaysInItsCluster(name: string, create: (opts: Options) => unknown): void {
  for (const [option, options] of [
    ["provider", ({ provider }: InClusterOptions): Options => ({ provider })],
    ["providers", ({ provider }: InClusterOptions): Options => ({ providers: [provider] })],
  ] as const) {
    it(`writes all its resources with the provider in the option ${option}`, async () => {
      const world = await runPiece(() => create(options(optionsIn("west"))));
      const children = Object.values(below(world, name)).filter(({ custom }) => custom);
      expect(children).not.to.be.empty;
      expect(children.filter(({ provider }) => provider !== "west-provider")).to.deep.equal([]);
      expect(children.filter(({ deletedWith }) => deletedWith !== undefined)).to.deep.equal([]);
    });
  }

  it("deletes all its resources with what is in the option deletedWith", async () => {
    const world = await runPiece(() => create(optionsIn("west")));
    const created = Object.values(below(world, name)).filter(({ external }) => !external);
    expect(created.filter(({ deletedWith }) => deletedWith !== "west-kind").map((item) => item.name)).to.deep.equal([]);
  });

  it("refuses to work without a Kubernetes provider, so that the ambient kubeconfig is never used", async () => {
    const error = await runPiece(() => create({})).catch((thrown: Error) => thrown);
    expect(error).to.be.an("error").with.property("message").that.includes("pass the cluster's Kubernetes provider");
  });
}

/** Expects that nothing but what is named has options with which Pulumi would ignore or replace changes. */
export function expectOrdinary(world: World, exceptions: readonly string[] = []): void {
  const special = world.resources.filter(({ type, ignoreChanges, replaceOnChanges, retainOnDelete, customTimeouts, deleteBeforeReplace }) => {
    // Commands come with it from their SDK: other triggers run them again.
    const replaced = type === "command:local:Command" ? undefined : replaceOnChanges;
    return (ignoreChanges ?? replaced ?? customTimeouts) !== undefined || retainOnDelete || deleteBeforeReplace;
  });
  expect(special.map(({ name }) => name).sort()).to.deep.equal([...exceptions].sort());
}
