import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { Kiali, type KialiArgs, KialiAccess } from "../../../components";
import { kialiValueClashes } from "../../../components/charts/kiali-values";
import { CANARY } from "./support/answers";
import { anything, CHARTS, itHonoursOptions, itStaysInItsCluster, KUBECONFIG, optionsIn } from "./support/pieces";
import { closure, resource } from "./support/queries";
import { plain, redacted } from "./support/secrets";
import { runPiece, type World } from "./support/world";

const NAME = "west-kiali";
const PLACE = { key: "west", clusterName: "west-cluster" };
const peer = (key: string, port = 6443) => ({ clusterName: `${key}-cluster`, apiServer: `https://${key}:${port}`, caCertificate: "authority", token: pulumi.secret(`${CANARY} token`) });
const create = (args: Partial<KialiArgs> = {}, opts?: pulumi.ComponentResourceOptions) =>
  new Kiali(NAME, { ...PLACE, namespace: "usmesh-observability", charts: CHARTS, peers: [peer("east")], kubeconfig: KUBECONFIG, ...args }, opts);
const register = (args?: Partial<KialiArgs>): Promise<World> => runPiece(() => create(args, optionsIn("west")));

interface Values {
  readonly [key: string]: unknown;
  readonly deployment: Readonly<Record<string, unknown>> & { readonly pod_annotations: Readonly<Record<string, string>> };
}
const valuesOf = (world: World): Values => resource(world, `${NAME}-release`).inputs["values"] as Values;
const annotationsOf = async (args?: Partial<KialiArgs>): Promise<Readonly<Record<string, string>>> => valuesOf(await register(args)).deployment.pod_annotations;

describe("Kiali", () => {
  it("is its own chart, at a version, which may change nothing and has no role of the chart's", async () => {
    const { inputs } = resource(await register(), `${NAME}-release`);
    expect(inputs).to.deep.include({ chart: "kiali-server", name: "kiali", version: "1.31.4", repositoryOpts: { repo: "https://charts.example" }, namespace: "usmesh-observability" });
    expect(inputs["values"]).to.deep.nested.include({ skipResources: ["clusterrole", "clusterrolebinding"], "deployment.view_only_mode": true, "kiali_feature_flags.disabled_features": ["logs-tab"] });
  });

  it("records what it is made from, of the other clusters their names, of which there may be none", async () => {
    const recorded = { ...PLACE, namespace: "usmesh-observability", charts: CHARTS };
    expect(resource(await register({ peers: [peer("east"), peer("north")] }), NAME).inputs).to.deep.equal({ ...recorded, clusters: ["east-cluster", "north-cluster"] });
    const alone = await runPiece(() => new Kiali(NAME, { ...recorded, kubeconfig: KUBECONFIG }, optionsIn("west")));
    expect(resource(alone, NAME).inputs).to.deep.equal({ ...recorded, clusters: [] });
    expect(plain(resource(alone, `${NAME}-clusters`).inputs["data"])).to.deep.equal({});
  });

  it("asks the cluster's own Prometheus and Jaeger, and neither istiod nor the proxies", async () => {
    expect(valuesOf(await register())).to.deep.nested.include({
      "external_services.prometheus": { url: "http://prometheus-west.usmesh-observability.svc.cluster.local:9090" },
      "external_services.tracing": { enabled: true, provider: "jaeger", internal_url: "http://jaeger-west.usmesh-observability.svc.cluster.local:16686", use_grpc: false },
      "external_services.istio": { root_namespace: "istio-system", istio_api_enabled: false },
      "kubernetes_config.cluster_name": "west-cluster",
    });
  });

  it("can be asked by nobody in the mesh, from before it runs: it asks for no login", async () => {
    const world = await register();
    expect(valuesOf(world)).to.deep.nested.include({ "auth.strategy": "anonymous", "deployment.ingress.enabled": false });
    // An ALLOW without rules allows nothing.
    const { metadata, spec } = resource(world, `${NAME}-access`).inputs;
    expect(metadata).to.deep.equal({ name: "kiali", namespace: "usmesh-observability" });
    expect(spec).to.deep.equal({ selector: { matchLabels: { app: "kiali" } }, action: "ALLOW" });
    expect(resource(world, `${NAME}-release`).dependsOn).to.include.members([`${NAME}-access`, `${NAME}-clusters`]);
  });

  it("reads the other clusters with one Secret, which istiod does not take for its own", async () => {
    const world = await register({ peers: [peer("east"), peer("north")] });
    const { inputs } = resource(world, `${NAME}-clusters`);
    expect(inputs["metadata"]).to.deep.equal({ name: "kiali-multi-cluster-secret", namespace: "usmesh-observability", labels: { "kiali.io/multiCluster": "true" } });
    const { "east-cluster": text = "", ...more } = plain(inputs["data"]) as Record<string, string>;
    expect(Object.keys(more)).to.deep.equal(["north-cluster"]);
    expect(Buffer.from(text, "base64").toString()).to.include("server: https://east:6443").and.include(`${CANARY} token`);
    expect(redacted(inputs["data"])).to.equal("[secret]");
    expect(JSON.stringify(redacted(world.resources))).not.to.include(CANARY);
  });

  it("starts again when its access to another cluster changes, and reaches their API servers past its proxy", async () => {
    const mark = async (peers: KialiArgs["peers"]) => (await annotationsOf({ peers }))["usmesh.io/clusters"];
    expect(await mark([])).to.match(/^[0-9a-f]{16}$/);
    const [one, same, renewed, none] = [await mark([peer("east")]), await mark([peer("east")]), await mark([{ ...peer("east"), token: pulumi.secret("another") }]), await mark([])];
    expect(same).to.equal(one);
    expect(new Set([one, renewed, none]).size).to.equal(3);
    const ports = async (...peers: NonNullable<KialiArgs["peers"]>) => (await annotationsOf({ peers }))["traffic.sidecar.istio.io/excludeOutboundPorts"];
    expect(await ports(peer("east"), peer("north"), peer("south", 443))).to.equal("443,6443");
    expect(await ports()).to.equal(undefined);
  });

  it("has the image that it is given, and by default the chart's", async () => {
    const { deployment } = valuesOf(await register({ image: "quay.io/kiali/kiali:v2" }));
    expect(deployment).to.include({ image_name: "quay.io/kiali/kiali", image_version: "v2" });
    expect(valuesOf(await register()).deployment).not.to.have.any.keys("image_name", "image_version");
  });

  it("takes other values, but none that would let it do more", async () => {
    const values = { deployment: { replicas: 2, image_pull_policy: "Always", view_only_mode: false }, auth: { strategy: "token" } };
    expect(valuesOf(await register({ values }))).to.nested.include({ "deployment.replicas": 2, "deployment.image_pull_policy": "Always", "deployment.view_only_mode": true, "auth.strategy": "anonymous" });
    expect(kialiValueClashes(PLACE, values).map(({ path }) => path)).to.deep.equal(["deployment.view_only_mode", "auth.strategy"]);
  });

  it("waits for what is in the option dependsOn, such as its permissions", async () => {
    const world = await runPiece(() => {
      const options = optionsIn("west");
      const access = new KialiAccess("west-access", { namespace: "usmesh-observability" }, options);
      create({}, { ...options, dependsOn: [access, anything("istiod")] });
    });
    expect(closure(world, `${NAME}-release`)).to.include("west-access-binding").and.to.include("istiod");
    expect(resource(world, `${NAME}-access`).dependsOn).to.include("istiod");
  });

  itStaysInItsCluster(NAME, (opts) => create({}, opts));
  itHonoursOptions(NAME, (opts) => create({}, opts), () => optionsIn("west"));
});
