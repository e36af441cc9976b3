import type * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { Jaeger, type JaegerArgs } from "../../../components";
import { jaegerConfig } from "../../../components/observability/jaeger-config";
import { jaegerMiB } from "../../../components/observability/memory";
import { anything, below, expectOrdinary, itHonoursOptions, itStaysInItsCluster, KUBECONFIG, optionsIn } from "./support/pieces";
import { resource } from "./support/queries";
import { runPiece, sharedWorld, type World } from "./support/world";

const NAME = "west-jaeger";
const PLACE = { key: "west", namespace: "usmesh-observability", trustDomain: "mesh.example", image: "jaeger:2" };
const METADATA = { name: "jaeger", namespace: "usmesh-observability", labels: { app: "jaeger" } };
const create = (args: Partial<JaegerArgs> = {}, opts?: pulumi.ComponentResourceOptions) => new Jaeger(NAME, { ...PLACE, kubeconfig: KUBECONFIG, ...args }, opts);
const register = sharedWorld((args?: Partial<JaegerArgs>): Promise<World> => runPiece(() => create(args, optionsIn("west"))));
/** What is written to the cluster. */
const written = (world: World, name: string): Record<string, unknown> => {
  const { kind: _kind, apiVersion: _apiVersion, ...inputs } = resource(world, `${NAME}-${name}`).inputs;
  return inputs;
};

interface Template {
  readonly metadata: { readonly annotations: Readonly<Record<string, string>> };
  readonly spec: { readonly containers: readonly Readonly<Record<string, unknown>>[] };
}
const templateOf = (world: World): Template => (written(world, "deployment")["spec"] as { template: Template }).template;

describe("Jaeger", () => {
  it("is a pod in the mesh with its configuration and its Service, who may ask it, and the proxies' tracing", async () => {
    const types = Object.entries(below(await register(), NAME)).map(([name, { type }]) => [name.slice(NAME.length + 1), type.split(":").pop()]);
    expect(Object.fromEntries(types)).to.deep.equal({
      account: "ServiceAccount",
      config: "ConfigMap",
      service: "Service",
      deployment: "Deployment",
      access: "AuthorizationPolicy",
      tracing: "Telemetry",
    });
  });

  it("records what it is made from, with every default", async () => {
    const { type, inputs } = resource(await register(), NAME);
    expect(type).to.equal("usmesh:index:Jaeger");
    expect(inputs).to.deep.equal({ ...PLACE, peers: [], samplingPercent: 1, maxTraces: 1_000 });
  });

  it("has a Service whose name bears the cluster's key, with a port for each purpose", async () => {
    expect(written(await register(), "service")).to.deep.equal({
      metadata: { ...METADATA, name: "jaeger-west", annotations: { "pulumi.com/skipAwait": "true" } },
      spec: {
        selector: { app: "jaeger" },
        ports: [
          { name: "grpc-spans", port: 4317, targetPort: 4317 },
          { name: "grpc-peer-spans", port: 4319, targetPort: 4319 },
          { name: "http-query", port: 16686, targetPort: 16686 },
        ],
      },
    });
  });

  it("runs with its configuration, stays below its limit by itself, and cannot ask the API server", async () => {
    const world = await register();
    const [container] = templateOf(world).spec.containers;
    expect(written(world, "account")).to.deep.equal({ metadata: METADATA, automountServiceAccountToken: false });
    expect(written(world, "deployment")).to.nested.include({ "spec.template.spec.automountServiceAccountToken": false, "spec.template.spec.serviceAccountName": "jaeger" });
    const probe = { httpGet: { path: "/status", port: 13133 }, periodSeconds: 5, timeoutSeconds: 5, failureThreshold: 12 };
    expect(container).to.deep.include({
      image: "jaeger:2",
      args: ["--config=/etc/observer/config.yaml"],
      env: [{ name: "GOMEMLIMIT", value: "108MiB" }],
      ports: [{ name: "grpc-spans", containerPort: 4317 }, { name: "grpc-peer-spans", containerPort: 4319 }, { name: "http-query", containerPort: 16686 }],
      readinessProbe: probe,
      livenessProbe: probe,
      resources: { requests: { cpu: "10m", memory: "60Mi" }, limits: { cpu: "1", memory: "120Mi" } },
      // Traces are in memory: it writes nothing.
      volumeMounts: [{ name: "config", mountPath: "/etc/observer", readOnly: true }],
    });
    expect(written(world, "deployment")).to.have.deep.nested.property("spec.template.spec.volumes", [{ name: "config", configMap: { name: "jaeger" } }]);
  });

  it("keeps as many traces as are asked for, with the memory for them, and passes spans on to its peers", async () => {
    const world = await register({ peers: ["east"], maxTraces: 5_000 });
    expect(written(world, "config")).to.deep.equal({ metadata: METADATA, data: { "config.yaml": jaegerConfig({ peers: ["east"], maxTraces: 5_000 }) } });
    expect(templateOf(world).spec.containers[0]).to.deep.nested.include({ "resources.limits": { cpu: "1", memory: `${jaegerMiB(5_000)}Mi` } });
  });

  it("starts again for another configuration, which it reads when it starts, and for nothing else", async () => {
    const mark = async (args: Partial<JaegerArgs>): Promise<string | undefined> => templateOf(await register(args)).metadata.annotations["usmesh.io/config"];
    const [first, same, peers, traces] = [await mark({}), await mark({ samplingPercent: 20 }), await mark({ peers: ["east"] }), await mark({ maxTraces: 7 })];
    expect(first).to.match(/^[0-9a-f]{16}$/);
    expect(same).to.equal(first);
    expect(new Set([first, peers, traces]).size).to.equal(3);
  });

  it("takes spans from every proxy of the mesh and from other Jaegers, and is asked by the accounts that are named", async () => {
    const from = (...accounts: string[]) => [{ source: { principals: accounts.map((account) => `mesh.example/ns/usmesh-observability/sa/${account}`) } }];
    const at = (port: string) => [{ operation: { ports: [port] } }];
    const spans = [{ from: [{ source: { namespaces: ["*"] } }], to: at("4317") }, { from: from("jaeger"), to: at("4319") }];
    const policy = (rules: object[]) => ({
      metadata: { name: "jaeger", namespace: "usmesh-observability" },
      spec: { selector: { matchLabels: { app: "jaeger" } }, action: "ALLOW", rules },
    });
    expect(written(await register(), "access")).to.deep.equal(policy(spans));
    expect(written(await register({ askers: ["kiali", "grafana"] }), "access")).to.deep.equal(policy([...spans, { from: from("kiali", "grafana"), to: at("16686") }]));
  });

  it("has the proxies of its cluster trace the share of the requests that is asked for", async () => {
    for (const [args, percentage] of [[{}, 1], [{ samplingPercent: 20 }, 20]] as const) {
      expect(written(await register(args), "tracing")).to.deep.equal({
        metadata: { name: "usmesh-tracing", namespace: "istio-system" },
        spec: { tracing: [{ providers: [{ name: "usmesh-jaeger" }], randomSamplingPercentage: percentage }] },
      });
    }
  });

  it("needs what is in the option dependsOn for its pod and Istio's resources", async () => {
    const world = await runPiece(() => create({}, { ...optionsIn("west"), dependsOn: [anything("istiod")] }));
    for (const name of ["deployment", "access", "tracing"]) expect(resource(world, `${NAME}-${name}`).dependsOn, name).to.include("istiod");
  });

  it("ignores no change, and replaces nothing by deleting it first", async () => expectOrdinary(await register()));

  itStaysInItsCluster(NAME, (opts) => create({}, opts));
  itHonoursOptions(NAME, (opts) => create({}, opts), () => optionsIn("west"));
});
