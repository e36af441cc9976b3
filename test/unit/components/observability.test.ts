import type * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { Observability, type ObservabilityArgs } from "../../../components";
import { prometheusMiB } from "../../../components/observability/memory";
import { anything, below, expectOrdinary, itHonoursOptions, itStaysInItsCluster, KUBECONFIG, optionsIn } from "./support/pieces";
import { resource } from "./support/queries";
import { runPiece, sharedWorld, type World } from "./support/world";

const NAME = "west-observability";
const IMAGES = { prometheus: "prometheus:3", jaeger: "jaeger:2" };
const create = (args: Partial<ObservabilityArgs> = {}, opts?: pulumi.ComponentResourceOptions) =>
  new Observability(NAME, { key: "west", peers: ["east"], trustDomain: "mesh.example", images: IMAGES, kubeconfig: KUBECONFIG, ...args }, opts);
const register = sharedWorld((args?: Partial<ObservabilityArgs>): Promise<World> => runPiece(() => create(args, optionsIn("west"))));
const inputs = (world: World, name: string): Record<string, unknown> => resource(world, `${NAME}-${name}`).inputs;

interface Deployment {
  readonly spec: { readonly template: { readonly metadata: { annotations: Record<string, string> }; readonly spec: { readonly serviceAccountName: string; readonly containers: Record<string, unknown>[] } } };
}
const containerOf = (world: World, app: string): Record<string, unknown> => (inputs(world, `${app}-deployment`) as unknown as Deployment).spec.template.spec.containers[0] ?? {};

describe("Observability", function () {
  // It consists of many resources, which take time on a busy machine.
  this.timeout(60_000);

  it("has a namespace of its own in the mesh, which makes no spans: those about the sending of spans would never end", async () => {
    const world = await register();
    expect(inputs(world, "namespace")["metadata"]).to.deep.equal({ name: "usmesh-observability", labels: { "istio-injection": "enabled" } });
    const { metadata, spec } = inputs(world, "quiet");
    expect([metadata, spec]).to.deep.equal([
      { name: "quiet", namespace: "usmesh-observability" },
      { tracing: [{ disableSpanReporting: true }], accessLogging: [{ disabled: true }] },
    ]);
  });

  it("is that of a single cluster where no peers are named, which nobody asks", async () => {
    const world = await runPiece(() => new Observability(NAME, { key: "west", trustDomain: "mesh.example", images: IMAGES, kubeconfig: KUBECONFIG }, optionsIn("west")));
    for (const name of [NAME, `${NAME}-prometheus`, `${NAME}-jaeger`]) {
      expect(resource(world, name).inputs, name).to.deep.include({ peers: [] }).and.not.to.have.property("askers");
    }
  });

  it("gives each of both what it is given for it, and their own defaults for the rest", async () => {
    const parts = async (args: Partial<ObservabilityArgs>) => {
      const world = await register(args);
      return ["prometheus", "jaeger"].map((app) => inputs(world, app));
    };
    const shared = { key: "west", peers: ["east"], namespace: "usmesh-observability", trustDomain: "mesh.example" };
    expect(await parts({})).to.deep.equal([
      { ...shared, image: "prometheus:3", scrapeIntervalSeconds: 15, retentionHours: 24, limitMiB: 136 },
      { ...shared, image: "jaeger:2", samplingPercent: 1, maxTraces: 1_000 },
    ]);
    const args = { askers: ["kiali"], scrapeIntervalSeconds: 3, retentionHours: 2, samplingPercent: 20, maxTraces: 7, memoryMiB: 500 };
    expect(await parts(args)).to.deep.equal([
      { ...shared, askers: ["kiali"], image: "prometheus:3", scrapeIntervalSeconds: 3, retentionHours: 2, limitMiB: prometheusMiB(args) },
      { ...shared, askers: ["kiali"], image: "jaeger:2", samplingPercent: 20, maxTraces: 7 },
    ]);
  });

  it("runs both without rights on a file system that cannot be written to, with limits and probes", async () => {
    const world = await register();
    for (const app of ["prometheus", "jaeger"]) {
      const { securityContext, resources, readinessProbe, livenessProbe, image } = containerOf(world, app);
      expect(securityContext).to.deep.include({ runAsNonRoot: true, readOnlyRootFilesystem: true, allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] }, seccompProfile: { type: "RuntimeDefault" } });
      expect(resources).to.have.nested.property("limits.memory");
      expect([readinessProbe, livenessProbe]).not.to.include(undefined);
      expect(image).to.equal(IMAGES[app as keyof typeof IMAGES]);
    }
  });

  it("takes no more memory in a cluster than it is given, sidecars included", async () => {
    const limits = async (args: Partial<ObservabilityArgs>): Promise<number> => {
      const world = await register(args);
      const sizes = ["prometheus", "jaeger"].flatMap((app) => {
        const { annotations } = (inputs(world, `${app}-deployment`) as unknown as Deployment).spec.template.metadata;
        const { limits: own } = containerOf(world, app)["resources"] as { limits: { memory: string } };
        return [own.memory, annotations["sidecar.istio.io/proxyMemoryLimit"] ?? "none"];
      });
      return sizes.reduce((sum, size) => sum + Number(/^(\d+)Mi$/.exec(size)?.[1]), 0);
    };
    expect([await limits({}), await limits({ memoryMiB: 700, maxTraces: 4_000 })]).to.deep.equal([400, 700]);
  });

  it("has proxies that know of nothing but this namespace and the API server, however large the mesh", async () => {
    const { kind, metadata, spec } = inputs(await register(), "scope");
    // Istio takes a Sidecar without a selector for all of its namespace.
    expect([kind, metadata, spec]).to.deep.equal(["Sidecar", { name: "default", namespace: "usmesh-observability" }, { egress: [{ hosts: ["./*", "default/kubernetes.default.svc.cluster.local"] }] }]);
  });

  it("starts Jaeger again for another cluster, and Prometheus not, which would lose what it has read", async () => {
    const annotations = async (peers: string[], app: string): Promise<unknown> => (inputs(await register({ peers }), `${app}-deployment`) as unknown as Deployment).spec.template.metadata.annotations;
    expect(await annotations([], "jaeger")).not.to.deep.equal(await annotations(["east"], "jaeger"));
    expect(await annotations([], "prometheus")).to.deep.equal(await annotations(["east"], "prometheus"));
  });

  it("needs what is in the option dependsOn for its pods and Istio's resources", async () => {
    const world = await runPiece(() => create({}, { ...optionsIn("west"), dependsOn: [anything("istiod")] }));
    for (const name of ["quiet", "scope", "prometheus-deployment", "prometheus-access", "jaeger-deployment", "jaeger-access", "jaeger-tracing"]) {
      expect(resource(world, `${NAME}-${name}`).dependsOn, name).to.include("istiod");
    }
  });

  it("has one of the project's own types for each of its components", async () => {
    const components = Object.values(below(await register(), NAME)).filter(({ custom }) => !custom);
    expect(components.map(({ type }) => type).sort()).to.deep.equal(["usmesh:index:Jaeger", "usmesh:index:Prometheus"]);
  });

  it("ignores no change, and replaces nothing by deleting it first", async () => expectOrdinary(await register()));

  itStaysInItsCluster(NAME, (opts) => create({}, opts));
  itHonoursOptions(NAME, (opts) => create({}, opts), () => optionsIn("west"));
});
