import { expect } from "chai";
import { backendConfig, clientConfig } from "../../../../cli/drill/envoy";
import { FAILURES, type FailureName } from "../../../../cli/drill/kinds";
import { backendsIn, clientOf, clientsFor, drillObjects, namespaceObject, type NewObject } from "../../../../cli/drill/objects";

interface Body {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string; readonly labels: Readonly<Record<string, string>> };
  readonly spec: Record<string, unknown>;
}

function made(side: "from" | "to", failures: readonly FailureName[] = FAILURES): Body[] {
  const objects: NewObject[] = drillObjects({ key: side === "from" ? "west" : "east", source: { image: "example/proxy:1", revision: "default" }, side, failures, abroad: "useast.0" });
  return objects.map(({ body }) => body as Body);
}

const names = (bodies: readonly Body[], kind: string): string[] => bodies.filter((body) => body.kind === kind).map((body) => body.metadata.name);

describe("the objects of a drill", () => {
  it("are all in the drill's namespace, with the label by which they are found", () => {
    for (const body of [...made("from"), ...made("to")]) {
      expect(body.metadata.namespace, body.metadata.name).to.equal("usmesh-drill");
      expect(body.metadata.labels).to.include({ "app.kubernetes.io/managed-by": "usmesh-drill" });
    }
  });

  it("are in a namespace that names the run, and whose pods get sidecars from the cluster's revision", () => {
    const labels = (revision: string) => (namespaceObject("0a1b", revision) as Body).metadata.labels;
    expect(labels("default")).to.include({ "usmesh-drill/run": "0a1b", "istio-injection": "enabled" });
    expect(labels("canary")).to.include({ "istio.io/rev": "canary" }).and.not.have.property("istio-injection");
  });

  it("have a Service of its own for each failure and stream in both clusters: what proxies remember of one does not reach another", () => {
    const services = names(made("from"), "Service");
    expect(services).to.deep.equal(FAILURES.flatMap((failure) => [failure, `${failure}-retried`]));
    expect(names(made("to"), "Service")).to.deep.equal(services);
  });

  it("configure no DestinationRule: how requests are balanced and fail over is the mesh's own doing", () => {
    const kinds = new Set([...made("from"), ...made("to")].map(({ kind }) => kind));
    expect([...kinds]).to.have.members(["ServiceAccount", "Service", "VirtualService", "Deployment", "Pod"]);
  });

  it("set retries for one stream and none for the other, each with a timeout, for clients of this namespace alone", () => {
    const routes = new Map(made("from", ["errors"]).filter(({ kind }) => kind === "VirtualService").map(({ metadata, spec }) => [metadata.name, spec]));
    const http = (name: string) => (routes.get(name) as { http: { timeout: string; retries: Record<string, unknown> }[] }).http[0];
    expect(http("errors")).to.deep.include({ timeout: "1s", retries: { attempts: 0 } });
    expect(http("errors-retried")).to.deep.include({ timeout: "4s" });
    expect(http("errors-retried")?.retries).to.include({ attempts: 3, perTryTimeout: "1s", retryRemoteLocalities: true });
    for (const spec of routes.values()) expect(spec).to.deep.include({ exportTo: ["."] });
  });

  it("have a backend on both sides for failures that can fail over, and one in the other cluster for those that cannot", () => {
    expect(names(made("from"), "Deployment")).to.deep.equal(["backend"]);
    expect(names(made("to"), "Deployment")).to.deep.equal(["backend", "far-backend"]);
    expect(backendsIn("from", ["frozen-api-server"])).to.deep.equal([]);
    const selectors = new Map(made("to").filter(({ kind }) => kind === "Service").map(({ metadata, spec }) => [metadata.name, spec.selector]));
    expect(selectors.get("errors")).to.deep.equal({ app: "backend" });
    expect(selectors.get("istiod-restart")).to.deep.equal({ app: "far-backend" });
  });

  it("have a client on one side, and one more that prefers the other cluster where that one is to fail", () => {
    expect(names(made("to"), "Pod")).to.deep.equal([]);
    expect(clientsFor(["errors", "istiod-restart"])).to.deep.equal(["client"]);
    expect(clientOf("paused-node")).to.equal("client-abroad");
    const clients = made("from").filter(({ kind }) => kind === "Pod");
    expect(clients.map(({ metadata }) => [metadata.name, metadata.labels["istio-locality"]])).to.deep.equal([["client", undefined], ["client-abroad", "useast.0"]]);
  });

  it("run nothing as root, use the proxy's image, and give no pod a token", () => {
    for (const { spec } of made("to").filter(({ kind }) => kind === "Deployment")) {
      const pod = (spec.template as { spec: { automountServiceAccountToken: boolean; shareProcessNamespace: boolean; containers: { image: string; securityContext: object; readinessProbe?: object }[] } }).spec;
      expect(pod).to.include({ automountServiceAccountToken: false, shareProcessNamespace: true });
      expect(pod.containers[0]?.image).to.equal("example/proxy:1");
      expect(pod.containers[0]?.securityContext).to.deep.include({ runAsNonRoot: true, capabilities: { drop: ["ALL"] } });
      expect(pod.containers[0], "the kubelet must not notice what the mesh is to notice").not.to.have.property("readinessProbe");
    }
  });
});

describe("the Envoys of a drill", () => {
  interface Config {
    readonly admin?: { readonly address: { readonly socket_address: { readonly address: string } } };
    readonly static_resources: {
      readonly listeners: { readonly address: { readonly socket_address: { readonly address: string } }; readonly filter_chains: { readonly filters: { readonly typed_config: { readonly route_config: { readonly virtual_hosts: { readonly routes: Record<string, unknown>[] }[] } } }[] }[] }[];
      readonly clusters?: { readonly name: string }[];
    };
  }
  const routesOf = (config: object): Record<string, unknown>[] =>
    (config as Config).static_resources.listeners.flatMap((one) => one.filter_chains.flatMap((chain) => chain.filters.flatMap((filter) => filter.typed_config.route_config.virtual_hosts.flatMap((host) => host.routes))));

  it("answer with their cluster's key, with 500 for a share of the requests that begins at none", () => {
    const routes = routesOf(backendConfig("west")) as { match: { runtime_fraction?: object }; direct_response: { status: number }; response_headers_to_add: object[] }[];
    expect(routes.map((route) => route.direct_response.status)).to.deep.equal([500, 200]);
    expect(routes[0]?.match.runtime_fraction).to.deep.equal({ default_value: { numerator: 0 }, runtime_key: "drill.errors" });
    for (const route of routes) expect(route.response_headers_to_add).to.deep.equal([{ header: { key: "x-served-by", value: "west" } }]);
  });

  it("take changes on the pod's loopback alone, and so do clients requests", () => {
    expect((backendConfig("west") as Config).admin?.address.socket_address.address).to.equal("127.0.0.1");
    expect((clientConfig(["errors"]) as Config).static_resources.listeners.map((one) => one.address.socket_address.address)).to.deep.equal(["127.0.0.1"]);
  });

  it("send what a path names to that Service, and wait longer than the sidecar does", () => {
    const routes = routesOf(clientConfig(["errors", "errors-retried"]));
    expect(routes).to.deep.equal(
      ["errors", "errors-retried"].map((name) => ({
        match: { prefix: `/${name}/` },
        route: { cluster: name, host_rewrite_literal: `${name}.usmesh-drill.svc.cluster.local:8080`, timeout: "5s" },
      })),
    );
  });
});
