import { expect } from "chai";
import { parse } from "yaml";
import { envoyFiles, PROXY } from "../../../../components/discovery/envoy";
import { passedPaths } from "../../../../components/discovery/rules";

interface Route {
  readonly match: { readonly path?: string; readonly prefix?: string; readonly headers?: readonly { readonly name: string; readonly string_match: { readonly exact: string } }[] };
  readonly route?: { readonly cluster: string; readonly prefix_rewrite?: string };
  readonly direct_response?: { readonly status: number };
}

interface Manager {
  readonly route_config: { readonly virtual_hosts: readonly { readonly routes: readonly Route[] }[] };
  readonly access_log?: readonly { readonly filter?: object; readonly typed_config: { readonly log_format: { readonly text_format_source: { readonly inline_string: string } } } }[];
  readonly [field: string]: unknown;
}

interface Bootstrap {
  readonly admin: { readonly address: { readonly socket_address: { readonly address: string } } };
  readonly static_resources: {
    readonly listeners: readonly { readonly name: string; readonly filter_chains: readonly { readonly filters: readonly { readonly typed_config: Manager }[]; readonly transport_socket?: object }[] }[];
    readonly clusters: readonly { readonly name: string; readonly [field: string]: unknown }[];
  };
}

const bootstrap = (logAll = false): Bootstrap => parse(envoyFiles({ system: "istio-system", logAll })["envoy.yaml"]!) as Bootstrap;
const manager = (name: string, logAll?: boolean): Manager => bootstrap(logAll).static_resources.listeners.find((listener) => listener.name === name)!.filter_chains[0]!.filters[0]!.typed_config;
const routes = (name: string): readonly Route[] => manager(name).route_config.virtual_hosts[0]!.routes;

describe("the configuration of the discovery proxy", () => {
  it("passes on GET on each path of the allow list, exactly as it is", () => {
    const passed = routes("peers").filter(({ route }) => route !== undefined && route.prefix_rewrite === undefined);
    expect(passed.map(({ match }) => match.path)).to.deep.equal(passedPaths("istio-system"));
  });

  it("turns the Secrets of all namespaces into those of the namespace without any", () => {
    const [first] = routes("peers");
    expect(first?.match.path).to.equal("/api/v1/secrets");
    expect(first?.route?.prefix_rewrite).to.equal("/api/v1/namespaces/usmesh-no-secrets/secrets");
  });

  it("passes on nothing by another method, and refuses everything else", () => {
    const all = routes("peers");
    for (const { match, route } of all.slice(0, -1)) {
      expect(match.headers).to.deep.equal([{ name: ":method", string_match: { exact: "GET" } }]);
      expect(match.prefix, "no prefix").to.equal(undefined);
      expect(route?.cluster).to.equal("api-server");
    }
    expect(all.at(-1)).to.deep.include({ match: { prefix: "/" } });
    expect(all.at(-1)?.direct_response?.status).to.equal(403);
  });

  it("normalizes paths as the API server does, and refuses ambiguous ones", () => {
    expect(manager("peers")).to.include({ normalize_path: true, path_with_escaped_slashes_action: "REJECT_REQUEST" });
    expect(manager("peers")).not.to.have.any.keys("upgrade_configs", "merge_slashes");
  });

  it("ends every request within the time that a peer's account may be gone", () => {
    expect(manager("peers")["common_http_protocol_options"]).to.include({ max_stream_duration: "660s" });
    expect(manager("peers")).to.include({ stream_idle_timeout: "0s" });
  });

  it("logs what is refused or fails, or everything, and never a header", () => {
    const [failed] = manager("peers", false)["access_log"] as NonNullable<Manager["access_log"]>;
    const [every] = manager("peers", true)["access_log"] as NonNullable<Manager["access_log"]>;
    expect(failed?.filter).to.have.nested.property("status_code_filter.comparison.value.default_value", 400);
    expect(every?.filter).to.equal(undefined);
    for (const log of [failed, every]) expect(log?.typed_config.log_format.text_format_source.inline_string.match(/%REQ\([^)]*\)%/g)).to.deep.equal(["%REQ(:METHOD)%", "%REQ(:PATH)%"]);
  });

  it("serves peers with TLS alone, from a certificate that is loaded again when it changes", () => {
    const [chain] = bootstrap().static_resources.listeners[0]!.filter_chains;
    expect(JSON.stringify(chain?.transport_socket)).to.contain(`${PROXY.config}/certificate.yaml`);
    const { resources } = parse(envoyFiles({ system: "istio-system", logAll: false })["certificate.yaml"]!) as { resources: { tls_certificate: object }[] };
    expect(resources[0]?.tls_certificate).to.deep.equal({
      certificate_chain: { filename: `${PROXY.certificate}/tls.crt` },
      private_key: { filename: `${PROXY.certificate}/tls.key` },
      watched_directory: { path: PROXY.certificate },
    });
  });

  it("verifies the API server by its name and the cluster's authority", () => {
    const [apiServer] = bootstrap().static_resources.clusters;
    expect(apiServer).to.have.nested.property("transport_socket.typed_config.common_tls_context.validation_context").that.deep.equals({
      trusted_ca: { filename: PROXY.apiServerCA },
      match_typed_subject_alt_names: [{ san_type: "DNS", matcher: { exact: "kubernetes.default.svc" } }],
    });
  });

  it("keeps Envoy's administration on loopback, and shows of it only the metrics", () => {
    expect(bootstrap().admin.address.socket_address.address).to.equal("127.0.0.1");
    const shown = routes("status").filter(({ route }) => route?.cluster === "admin");
    expect(shown.map(({ match, route }) => [match.path, route?.prefix_rewrite])).to.deep.equal([["/metrics", "/stats/prometheus"]]);
  });
});
