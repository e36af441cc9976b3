import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { parse } from "yaml";
import { PROXY } from "../../../../components/discovery/envoy";
import { discoveryWorkload, type WorkloadArgs } from "../../../../components/discovery/workload";
import { CANARY } from "../support/answers";
import { optionsIn } from "../support/pieces";
import { namesOf, resource } from "../support/queries";
import { plain } from "../support/secrets";
import { runPiece, sharedWorld, type World } from "../support/world";

const ARGS: WorkloadArgs = { namespace: "usmesh-discovery", system: "istio-system", image: "registry.example/proxyv2:1", profile: "demo", certificate: "certificate", key: pulumi.secret(`${CANARY} key`) };
const create = (args: Partial<WorkloadArgs> = {}) => discoveryWorkload("proxy", { ...ARGS, ...args }, (extra) => ({ ...optionsIn("east"), ...extra }));
const register = sharedWorld((args?: Partial<WorkloadArgs>): Promise<World> => runPiece(() => void create(args)));

interface Container {
  readonly args: readonly string[];
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string; readonly readOnly: boolean }[];
  readonly [field: string]: unknown;
}
interface Pod {
  readonly metadata: { readonly labels: Readonly<Record<string, string>>; readonly annotations: Readonly<Record<string, string>> };
  readonly spec: { readonly containers: readonly [Container]; readonly volumes: readonly { readonly name: string; readonly [source: string]: unknown }[]; readonly [field: string]: unknown };
}
const inputsOf = async (name: string, args?: Partial<WorkloadArgs>): Promise<Record<string, unknown>> => plain(resource(await (args ? register(args) : register()), `proxy-${name}`).inputs) as Record<string, unknown>;
const specOf = async (name: string, args?: Partial<WorkloadArgs>): Promise<Record<string, unknown>> => (await inputsOf(name, args))["spec"] as Record<string, unknown>;
const pod = async (args?: Partial<WorkloadArgs>): Promise<Pod> => (await specOf("deployment", args))["template"] as Pod;
const container = async (): Promise<Container> => (await pod()).spec.containers[0];

describe("the pods of the discovery proxy", () => {
  it("have their configuration, their certificate and the API server's authority where Envoy looks for them, and write to none", async () => {
    const { volumeMounts, command, args } = await container();
    const { volumes } = (await pod()).spec;
    const mounted = volumeMounts.map(({ name, mountPath, readOnly }) => [mountPath, readOnly, volumes.find((volume) => volume.name === name)]);
    expect(mounted).to.deep.equal([
      [PROXY.config, true, { name: "config", configMap: { name: "discovery-proxy" } }],
      [PROXY.certificate, true, { name: "certificate", secret: { secretName: "discovery-proxy" } }],
      ["/etc/discovery/api-server", true, { name: "api-server", configMap: { name: "kube-root-ca.crt" } }],
    ]);
    expect(volumes).to.have.length(3);
    expect(PROXY.apiServerCA).to.equal("/etc/discovery/api-server/ca.crt");
    expect({ command, args }).to.deep.equal({
      command: ["/usr/local/bin/envoy"],
      args: ["--config-path", "/etc/discovery/config/envoy.yaml", "--concurrency", "2", "--disable-hot-restart", "--log-level", "warn"],
    });
  });

  it("find what they mount in objects of that name in their namespace", async () => {
    const metadata = { name: "discovery-proxy", namespace: "usmesh-discovery", labels: { app: "discovery-proxy", "app.kubernetes.io/name": "discovery-proxy" } };
    for (const name of ["config", "certificate", "deployment"]) expect((await inputsOf(name))["metadata"], name).to.deep.equal(metadata);
    expect((await inputsOf("config"))["data"]).to.have.all.keys("envoy.yaml", "certificate.yaml");
    const { type, data } = await inputsOf("certificate");
    const decoded = Object.entries(data as Record<string, string>).map(([file, text]) => [file, Buffer.from(text, "base64").toString()]);
    expect({ type, decoded }).to.deep.equal({ type: "kubernetes.io/tls", decoded: [["tls.crt", "certificate"], ["tls.key", `${CANARY} key`]] });
  });

  it("log every request in a demo, and in production only what fails", async () => {
    const logsAll = async (args?: Partial<WorkloadArgs>): Promise<boolean> => {
      const { "envoy.yaml": text } = (await inputsOf("config", args))["data"] as Record<string, string>;
      return !JSON.stringify(parse(text!)).includes("status_code_filter");
    };
    expect([await logsAll(), await logsAll({ profile: "production" })]).to.deep.equal([true, false]);
  });

  it("are those that their Deployment, their Service, their budget and their spread over nodes select", async () => {
    const app = { app: "discovery-proxy" };
    const production = { profile: "production" } as const;
    const { labels } = (await pod()).metadata;
    expect(labels).to.deep.equal({ ...app, "app.kubernetes.io/name": "discovery-proxy", "sidecar.istio.io/inject": "false" });
    expect((await specOf("deployment"))["selector"]).to.deep.equal({ matchLabels: app });
    expect((await specOf("service"))["selector"]).to.deep.equal(app);
    expect(await specOf("budget", production)).to.deep.equal({ minAvailable: 1, selector: { matchLabels: app } });
    const spread = (await pod(production)).spec["topologySpreadConstraints"] as { labelSelector: object }[];
    expect(spread.map(({ labelSelector }) => labelSelector)).to.deep.equal([{ matchLabels: app }, { matchLabels: app }]);
    expect((await pod()).spec, "one replica").not.to.have.property("topologySpreadConstraints");
    expect(namesOf(await register(), "PodDisruptionBudget")).to.deep.equal([]);
  });

  it("are reached at the port for peers, by the gateway in the control plane's namespace alone", async () => {
    const { metadata, spec } = await inputsOf("service");
    expect(metadata).to.deep.include({ name: "discovery-proxy", namespace: "usmesh-discovery", annotations: { "networking.istio.io/exportTo": "istio-system" } });
    expect((spec as { ports: unknown }).ports).to.deep.equal([{ name: "tls", port: 443, protocol: "TCP", targetPort: 8443 }]);
    expect((await container()).ports).to.deep.equal([{ name: "https", containerPort: 8443 }, { name: "http-status", containerPort: 8080 }]);
  });

  it("are asked at the port for probes whether they are ready and alive, and there for their metrics", async () => {
    const { readinessProbe, livenessProbe } = await container();
    expect({ readinessProbe, livenessProbe }).to.deep.equal({
      readinessProbe: { httpGet: { path: "/ready", port: 8080 }, periodSeconds: 5, failureThreshold: 3 },
      livenessProbe: { httpGet: { path: "/live", port: 8080 }, periodSeconds: 10, failureThreshold: 6 },
    });
    expect((await pod()).metadata.annotations).to.include({ "prometheus.io/scrape": "true", "prometheus.io/port": "8080", "prometheus.io/path": "/metrics" });
  });

  it("and their Service are what has to be there before peers are told of them", async () => {
    const world = await runPiece(() => {
      const { deployment, service } = create();
      new pulumi.ComponentResource("usmesh:test:After", "after", {}, { dependsOn: [deployment, service] });
    });
    expect(resource(world, "after").dependsOn).to.deep.equal(["proxy-deployment", "proxy-service"]);
  });

  it("serve peers without a gap while they are replaced", async () => {
    expect((await specOf("deployment"))["strategy"]).to.deep.equal({ type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } });
    expect((await container())["lifecycle"]).to.deep.equal({ preStop: { sleep: { seconds: 5 } } });
  });

  it("keep to the restricted Pod Security Standard, and know neither the API nor other Services", async () => {
    const { automountServiceAccountToken, enableServiceLinks, securityContext, containers: [{ securityContext: own }] } = (await pod()).spec;
    expect({ automountServiceAccountToken, enableServiceLinks }).to.deep.equal({ automountServiceAccountToken: false, enableServiceLinks: false });
    expect(securityContext).to.deep.equal({ runAsNonRoot: true, runAsUser: 1337, runAsGroup: 1337, seccompProfile: { type: "RuntimeDefault" } });
    expect(own).to.deep.equal({ allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } });
  });

  it("are two in production and one in a demo, each with what it requests and may use at most", async () => {
    const size = async (args?: Partial<WorkloadArgs>): Promise<unknown[]> => [(await specOf("deployment", args))["replicas"], (await pod(args)).spec.containers[0]["resources"]];
    const limits = { cpu: "1", memory: "256Mi" };
    expect(await size()).to.deep.equal([1, { requests: { cpu: "10m", memory: "64Mi" }, limits }]);
    expect(await size({ profile: "production" })).to.deep.equal([2, { requests: { cpu: "100m", memory: "96Mi" }, limits }]);
  });

  it("restart when their configuration changes, and not when their certificate is renewed", async () => {
    const annotation = async (args?: Partial<WorkloadArgs>): Promise<string | undefined> => (await pod(args)).metadata.annotations["usmesh.io/config"];
    const first = await annotation();
    expect(first).to.match(/^[0-9a-f]{16}$/);
    expect(await annotation({ certificate: "renewed" })).to.equal(first);
    expect(await annotation({ system: "other" })).not.to.equal(first);
  });
});
