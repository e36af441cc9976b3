import { expect } from "chai";
import { kialiValueClashes, kialiValues } from "../../../../components/charts/kiali-values";

const PLACE = { key: "west", clusterName: "west-cluster" };
const DIGEST = "a".repeat(64);

describe("the values of Kiali's chart", () => {
  it("let it read all clusters through what the component gives it, change nothing, and be reached from nowhere else", () => {
    expect(kialiValues(PLACE)).to.deep.equal({
      skipResources: ["clusterrole", "clusterrolebinding"],
      auth: { strategy: "anonymous" },
      clustering: { autodetect_secrets: { enabled: false } },
      deployment: {
        image_pull_policy: "IfNotPresent",
        instance_name: "kiali",
        view_only_mode: true,
        cluster_wide_access: true,
        remote_cluster_resources_only: false,
        ingress: { enabled: false },
        network_policy: { enabled: false },
        pod_annotations: {},
      },
      external_services: {
        istio: { root_namespace: "istio-system", istio_api_enabled: false },
        prometheus: { url: "http://prometheus-west.usmesh-observability.svc.cluster.local:9090" },
        tracing: { enabled: true, provider: "jaeger", internal_url: "http://jaeger-west.usmesh-observability.svc.cluster.local:16686", use_grpc: false },
        grafana: { enabled: false },
      },
      kiali_feature_flags: { disabled_features: ["logs-tab"] },
      kubernetes_config: { cluster_name: "west-cluster" },
    });
  });

  it("take other values over what is suggested, and not over what the component needs", () => {
    const extra = { deployment: { image_pull_policy: "Always", replicas: 2, view_only_mode: false, pod_annotations: { a: "b" } } };
    expect(kialiValues(PLACE, extra, undefined, { c: "d" })["deployment"]).to.deep.include({
      image_pull_policy: "Always",
      replicas: 2,
      view_only_mode: true,
      pod_annotations: { a: "b", c: "d" },
    });
    expect(kialiValueClashes(PLACE, extra)).to.deep.equal([{ path: "deployment.view_only_mode", kept: true }]);
    expect(kialiValueClashes(PLACE)).to.deep.equal([]);
  });

  for (const [image, image_name, image_digest, image_version] of [
    ["quay.io/kiali/kiali:v2", "quay.io/kiali/kiali", "", "v2"],
    ["registry:5000/kiali:v2", "registry:5000/kiali", "", "v2"],
    ["registry:5000/kiali", "registry:5000/kiali", "", "latest"],
    ["kiali", "kiali", "", "latest"],
    [`quay.io/kiali/kiali:v2@sha256:${DIGEST}`, "quay.io/kiali/kiali", "sha256", DIGEST],
    [`registry:5000/kiali@sha256:${DIGEST}`, "registry:5000/kiali", "sha256", DIGEST],
    [`kiali@sha256:${DIGEST}`, "kiali", "sha256", DIGEST],
  ] as const) {
    it(`name the image ${image.replace(DIGEST, "…")} as the chart puts it together again`, () => {
      expect(kialiValues(PLACE, {}, image)["deployment"]).to.deep.include({ image_name, image_digest, image_version });
    });
  }
});
