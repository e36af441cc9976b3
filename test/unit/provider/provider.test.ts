import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { MeshProvider } from "../../../provider/provider";
import { kubeconfigOf } from "../components/support/answers";
import { CHARTS } from "../components/support/pieces";
import { resource } from "../components/support/queries";
import { redacted } from "../components/support/secrets";
import { runPiece, type World } from "../components/support/world";

describe("the components for other languages", function () {
  // Three meshes are made, which takes time on a busy machine.
  this.timeout(120_000);

  /** Makes one as the engine would ask for it. */
  async function construct(type: string, inputs: pulumi.Inputs): Promise<{ world: World; state: Record<string, unknown>; error?: Error }> {
    let made: Promise<{ state: pulumi.Inputs }> | undefined;
    let error: Error | undefined;
    const world = await runPiece(() => {
      made = new MeshProvider("1.2.3").construct("made", `usmesh:index:${type}`, inputs, {});
      return made.catch((failure: Error) => (error = failure));
    });
    if (error) return { world, state: {}, error };
    return { world, state: (await made!).state };
  }

  const cluster = (key: string) => ({ kubeconfig: pulumi.secret(kubeconfigOf(key)) });

  it("are the same as in TypeScript, whichever of the arguments are outputs", async () => {
    const clusters = { west: cluster("west"), east: cluster("east") };
    for (const given of [clusters, pulumi.output(clusters), pulumi.secret(clusters)]) {
      const { world, state, error } = await construct("Mesh", { meshId: "usmesh", clusters: given, istioCharts: pulumi.output(CHARTS), failover: false, unknown: 1 });
      expect(error).to.equal(undefined);
      expect(world.resources.filter(({ type }) => type === "kubernetes:helm.sh/v3:Release")).to.have.length(8);
      expect(redacted(resource(world, "made-west-provider").inputs)).to.include({ kubeconfig: "[secret]" });
      expect(Object.keys(state)).to.have.members(["clusters", "rootCertificates", "pairs"]);
      expect(Object.keys((state["clusters"] as Record<string, object>)["west"]!)).to.have.members(["ingressAddress", "eastWestAddress"]);
    }
  });

  it("take what each of them takes in TypeScript: how clusters read each other, failover, mutual TLS, and what other networks reach", async () => {
    const clusters = pulumi.output({ west: { ...cluster("west"), through: "apiServer" }, east: cluster("east") });
    const more = { failover: pulumi.output({ consecutiveErrors: 2 }), mutualTls: pulumi.output("permissive"), eastWestHosts: pulumi.output(["*.shop.svc.cluster.local"]) };
    const { world, error } = await construct("Mesh", { meshId: "usmesh", clusters, istioCharts: CHARTS, ...more });
    expect(error).to.equal(undefined);
    expect(resource(world, "made-east-failover").inputs).to.include({ consecutiveErrors: 2 });
    expect(resource(world, "made-east-mtls").inputs).to.include({ mode: "permissive" });
    expect(resource(world, "made-east-eastwest").inputs["hosts"]).to.deep.equal(["*.shop.svc.cluster.local"]);
    expect(world.resources.map(({ name }) => name)).to.include.members(["made-west-istio-reader-1", "made-east-discovery"]).and.not.to.include("made-west-discovery");
  });

  it("refuse what has to be known and is not, by its path", async () => {
    const unknown = new (pulumi.Output as unknown as new (...args: unknown[]) => pulumi.Output<string>)(new Set(), Promise.resolve(undefined), Promise.resolve(false), Promise.resolve(false), Promise.resolve(new Set()));
    const { error } = await construct("Mesh", { meshId: "usmesh", clusters: { west: { ...cluster("west"), network: unknown } }, istioCharts: CHARTS });
    expect(error).to.include({ propertyPath: "clusters.west.network" }).and.property("reason").to.match(/^it must be known before anything is created/);
  });

  it("refuse what is missing, by its path", async () => {
    expect((await construct("Mesh", { meshId: "usmesh", istioCharts: CHARTS })).error).to.include({ propertyPath: "clusters", reason: "it is missing" });
    expect((await construct("Mesh", { meshId: "usmesh", clusters: { west: {} }, istioCharts: CHARTS })).error).to.include({ propertyPath: "clusters.west.kubeconfig" });
  });

  it("are no others", async () => {
    const { error } = await construct("Cluster", {});
    expect(error?.message).to.equal("there is no component usmesh:index:Cluster; there are: usmesh:index:Mesh, usmesh:index:PluginCA, usmesh:index:IstioPrimary, usmesh:index:EastWestGateway, usmesh:index:RemoteSecret");
  });

  it("are described by a schema with the package's version", () => {
    expect(JSON.parse(new MeshProvider("1.2.3").schema)).to.include({ name: "usmesh", version: "1.2.3" });
  });
});
