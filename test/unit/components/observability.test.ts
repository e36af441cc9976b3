import type * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { Observability, type ObservabilityArgs } from "../../../components";
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
const rules = (world: World, app: string): unknown => (inputs(world, `${app}-access`)["spec"] as { rules: unknown }).rules;

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

  it("has Services that bear the cluster's key, so that a name means one of them in the whole mesh", async () => {
    const world = await register();
    const names = ["prometheus", "jaeger"].map((app) => (inputs(world, `${app}-service`)["metadata"] as { name: string }).name);
    expect(names).to.deep.equal(["prometheus-west", "jaeger-west"]);
  });

  it("lets Prometheus read pods and nothing else, and Jaeger nothing", async () => {
    const world = await register();
    expect(inputs(world, "prometheus-role")["rules"]).to.deep.equal([{ apiGroups: [""], resources: ["pods"], verbs: ["list", "watch"] }]);
    expect(inputs(world, "prometheus-binding")["subjects"]).to.deep.equal([{ kind: "ServiceAccount", name: "prometheus", namespace: "usmesh-observability" }]);
    expect(inputs(world, "jaeger-account")["automountServiceAccountToken"]).to.equal(false);
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

  it("lets only the other clusters' Prometheus and Jaeger ask, and every proxy send spans", async () => {
    const world = await register();
    const from = (app: string) => [{ source: { principals: [`mesh.example/ns/usmesh-observability/sa/${app}`] } }];
    expect(rules(world, "prometheus")).to.deep.equal([{ from: from("prometheus"), to: [{ operation: { paths: ["/federate"] } }] }]);
    expect(rules(world, "jaeger")).to.deep.equal([
      { from: [{ source: { namespaces: ["*"] } }], to: [{ operation: { ports: ["4317"] } }] },
      { from: from("jaeger"), to: [{ operation: { ports: ["4319"] } }] },
    ]);
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
    const { kind, spec } = inputs(await register(), "scope");
    expect([kind, spec]).to.deep.equal(["Sidecar", { egress: [{ hosts: ["./*", "default/kubernetes.default.svc.cluster.local"] }] }]);
  });

  it("traces the share of the requests that is asked for", async () => {
    const { metadata, spec } = inputs(await register({ samplingPercent: 20 }), "jaeger-tracing");
    expect(metadata).to.deep.equal({ name: "usmesh-tracing", namespace: "istio-system" });
    expect(spec).to.deep.equal({ tracing: [{ providers: [{ name: "usmesh-jaeger" }], randomSamplingPercentage: 20 }] });
  });

  it("starts Jaeger again for another cluster, and Prometheus not, which would lose what it has read", async () => {
    const annotations = async (peers: string[], app: string): Promise<unknown> => (inputs(await register({ peers }), `${app}-deployment`) as unknown as Deployment).spec.template.metadata.annotations;
    expect(await annotations([], "jaeger")).not.to.deep.equal(await annotations(["east"], "jaeger"));
    expect(await annotations([], "prometheus")).to.deep.equal(await annotations(["east"], "prometheus"));
  });

  it("keeps what is asked for as long as is asked for", async () => {
    const world = await register({ retentionHours: 2, maxTraces: 7, scrapeIntervalSeconds: 3 });
    const config = (app: string): string => (inputs(world, `${app}-config`)["data"] as Record<string, string>)["config.yaml"] ?? "";
    expect(config("prometheus")).to.include("scrape_interval: 3s").and.to.include("time: 2h");
    expect(config("jaeger")).to.include("max_traces: 7");
  });

  it("shows what is no longer read for a minute at most, or for four readings where they are far apart", async () => {
    for (const [scrapeIntervalSeconds, seconds] of [[5, 60], [30, 120]] as const) {
      expect(containerOf(await register({ scrapeIntervalSeconds }), "prometheus")["args"]).to.include(`--query.lookback-delta=${seconds}s`);
    }
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
