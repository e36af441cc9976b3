import type * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { Prometheus, type PrometheusArgs } from "../../../components";
import { prometheusConfig } from "../../../components/observability/prometheus-config";
import { anything, below, expectOrdinary, itHonoursOptions, itStaysInItsCluster, KUBECONFIG, optionsIn } from "./support/pieces";
import { resource } from "./support/queries";
import { runPiece, sharedWorld, type World } from "./support/world";

const NAME = "west-prometheus";
const PLACE = { key: "west", namespace: "usmesh-observability", trustDomain: "mesh.example", image: "prometheus:3" };
const METADATA = { name: "prometheus", namespace: "usmesh-observability", labels: { app: "prometheus" } };
const create = (args: Partial<PrometheusArgs> = {}, opts?: pulumi.ComponentResourceOptions) => new Prometheus(NAME, { ...PLACE, kubeconfig: KUBECONFIG, ...args }, opts);
const register = sharedWorld((args?: Partial<PrometheusArgs>): Promise<World> => runPiece(() => create(args, optionsIn("west"))));
/** What is written to the cluster. */
const written = (world: World, name: string): Record<string, unknown> => {
  const { kind: _kind, apiVersion: _apiVersion, ...inputs } = resource(world, `${NAME}-${name}`).inputs;
  return inputs;
};

describe("Prometheus", () => {
  it("is a pod in the mesh with its configuration, its Service, its permissions and who may ask it", async () => {
    const types = Object.entries(below(await register(), NAME)).map(([name, { type }]) => [name.slice(NAME.length + 1), type.split(":").pop()]);
    expect(Object.fromEntries(types)).to.deep.equal({
      role: "ClusterRole",
      binding: "ClusterRoleBinding",
      account: "ServiceAccount",
      config: "ConfigMap",
      service: "Service",
      deployment: "Deployment",
      access: "AuthorizationPolicy",
    });
  });

  it("records what it is made from, with every default", async () => {
    const { type, inputs } = resource(await register(), NAME);
    expect(type).to.equal("usmesh:index:Prometheus");
    expect(inputs).to.deep.equal({ ...PLACE, peers: [], scrapeIntervalSeconds: 15, retentionHours: 24, limitMiB: 136 });
  });

  it("may list and watch pods, and nothing else", async () => {
    const world = await register();
    expect(written(world, "role")).to.deep.equal({ metadata: { name: "usmesh-prometheus" }, rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["list", "watch"] }] });
    expect(written(world, "binding")).to.deep.equal({
      metadata: { name: "usmesh-prometheus" },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "usmesh-prometheus" },
      subjects: [{ kind: "ServiceAccount", name: "prometheus", namespace: "usmesh-observability" }],
    });
    expect(written(world, "account")).to.deep.equal({ metadata: METADATA, automountServiceAccountToken: true });
    expect(resource(world, `${NAME}-deployment`).dependsOn).to.include(`${NAME}-binding`);
  });

  it("has a Service whose name bears the cluster's key, for which nobody waits", async () => {
    expect(written(await register(), "service")).to.deep.equal({
      metadata: { ...METADATA, name: "prometheus-west", annotations: { "pulumi.com/skipAwait": "true" } },
      spec: { selector: { app: "prometheus" }, ports: [{ name: "http-prometheus", port: 9090, targetPort: 9090 }] },
    });
  });

  it("runs with its configuration and a folder for what it has read, and reads pods past its proxy", async () => {
    const { metadata, spec } = written(await register(), "deployment");
    expect(metadata).to.deep.equal(METADATA);
    expect(spec).to.deep.equal({
      replicas: 1,
      selector: { matchLabels: { app: "prometheus" } },
      template: {
        metadata: {
          labels: { app: "prometheus" },
          annotations: {
            "sidecar.istio.io/proxyCPU": "10m",
            "sidecar.istio.io/proxyCPULimit": "1",
            "sidecar.istio.io/proxyMemory": "40Mi",
            "sidecar.istio.io/proxyMemoryLimit": "72Mi",
            "traffic.sidecar.istio.io/excludeOutboundPorts": "15090,15014",
          },
        },
        spec: {
          serviceAccountName: "prometheus",
          automountServiceAccountToken: true,
          containers: [
            {
              name: "prometheus",
              image: "prometheus:3",
              imagePullPolicy: "IfNotPresent",
              args: ["--config.file=/etc/observer/config.yaml", "--storage.tsdb.path=/prometheus", "--web.listen-address=0.0.0.0:9090", "--config.auto-reload", "--query.lookback-delta=60s"],
              env: [],
              ports: [{ name: "http-prometheus", containerPort: 9090 }],
              readinessProbe: { httpGet: { path: "/-/ready", port: 9090 }, periodSeconds: 5, timeoutSeconds: 5, failureThreshold: 12 },
              livenessProbe: { httpGet: { path: "/-/healthy", port: 9090 }, periodSeconds: 5, timeoutSeconds: 5, failureThreshold: 12 },
              resources: { requests: { cpu: "10m", memory: "80Mi" }, limits: { cpu: "1", memory: "136Mi" } },
              securityContext: {
                runAsNonRoot: true,
                runAsUser: 65_534,
                runAsGroup: 65_534,
                readOnlyRootFilesystem: true,
                allowPrivilegeEscalation: false,
                seccompProfile: { type: "RuntimeDefault" },
                capabilities: { drop: ["ALL"] },
              },
              volumeMounts: [{ name: "config", mountPath: "/etc/observer", readOnly: true }, { name: "data", mountPath: "/prometheus" }],
            },
          ],
          volumes: [{ name: "config", configMap: { name: "prometheus" } }, { name: "data", emptyDir: {} }],
        },
      },
    });
  });

  it("reads the cluster and its peers as often as is asked for, and shows what is no longer read for four readings", async () => {
    const config = { key: "west", peers: ["east"], scrapeIntervalSeconds: 30, retentionHours: 2 };
    const world = await register({ ...config, limitMiB: 200 });
    expect(written(world, "config")).to.deep.equal({ metadata: METADATA, data: { "config.yaml": prometheusConfig(config) } });
    const container = (written(world, "deployment")["spec"] as { template: { spec: { containers: { args: string[]; resources: { limits: object } }[] } } }).template.spec.containers[0];
    expect(container?.args).to.include("--query.lookback-delta=120s");
    expect(container?.resources.limits).to.include({ memory: "200Mi" });
  });

  it("is asked by the other clusters' Prometheus for what that passes on, and by the accounts that are named for what queries need", async () => {
    const from = (...accounts: string[]) => [{ source: { principals: accounts.map((account) => `mesh.example/ns/usmesh-observability/sa/${account}`) } }];
    const federation = { from: from("prometheus"), to: [{ operation: { paths: ["/federate"] } }] };
    const policy = (rules: object[]) => ({
      metadata: { name: "prometheus", namespace: "usmesh-observability" },
      spec: { selector: { matchLabels: { app: "prometheus" } }, action: "ALLOW", rules },
    });
    expect(written(await register(), "access")).to.deep.equal(policy([federation]));
    const asked = await register({ askers: ["kiali", "grafana"] });
    expect(written(asked, "access")).to.deep.equal(policy([federation, { from: from("kiali", "grafana"), to: [{ operation: { paths: ["/api/v1/*"] } }] }]));
  });

  it("needs what is in the option dependsOn for its pod and its policy", async () => {
    const world = await runPiece(() => create({}, { ...optionsIn("west"), dependsOn: [anything("istiod")] }));
    for (const name of ["deployment", "access"]) expect(resource(world, `${NAME}-${name}`).dependsOn, name).to.include("istiod");
  });

  it("ignores no change, and replaces nothing by deleting it first", async () => expectOrdinary(await register()));

  itStaysInItsCluster(NAME, (opts) => create({}, opts));
  itHonoursOptions(NAME, (opts) => create({}, opts), () => optionsIn("west"));
});
