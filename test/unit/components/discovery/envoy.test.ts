import { expect } from "chai";
import { parse } from "yaml";
import { envoyFiles, PROXY } from "../../../../components/discovery/envoy";
import { passedPaths } from "../../../../components/discovery/rules";

interface Route {
  readonly match: { readonly path?: string; readonly case_sensitive?: boolean; readonly prefix?: string; readonly headers?: readonly { readonly name: string; readonly string_match: { readonly exact: string } }[] };
  readonly route?: { readonly cluster: string; readonly prefix_rewrite?: string };
  readonly direct_response?: { readonly status: number; readonly body?: { readonly inline_string: string } };
}

interface Manager {
  readonly route_config: { readonly virtual_hosts: readonly { readonly routes: readonly Route[] }[]; readonly request_headers_to_remove?: readonly string[] };
  readonly access_log?: readonly { readonly filter?: object; readonly typed_config: { readonly log_format: { readonly text_format_source: { readonly inline_string: string } } } }[];
  readonly [field: string]: unknown;
}

interface Bootstrap {
  readonly node: object;
  readonly admin: { readonly address: { readonly socket_address: { readonly address: string } } };
  readonly overload_manager: { readonly resource_monitors: readonly { readonly typed_config: object }[] };
  readonly static_resources: {
    readonly listeners: readonly { readonly name: string; readonly ignore_global_conn_limit?: boolean; readonly listener_filters?: unknown; readonly filter_chains: readonly { readonly filters: readonly { readonly typed_config: Manager }[]; readonly transport_socket?: object }[] }[];
    readonly clusters: readonly { readonly name: string; readonly [field: string]: unknown }[];
  };
}

const bootstrap = (logAll = false): Bootstrap => parse(envoyFiles({ system: "istio-system", logAll })["envoy.yaml"]!) as Bootstrap;
const manager = (name: string, logAll?: boolean): Manager => bootstrap(logAll).static_resources.listeners.find((listener) => listener.name === name)!.filter_chains[0]!.filters[0]!.typed_config;
const routes = (name: string): readonly Route[] => manager(name).route_config.virtual_hosts[0]!.routes;

/** Where the one endpoint of a cluster is. */
const addressIn = (assigned: unknown): object =>
  (assigned as { endpoints: [{ lb_endpoints: [{ endpoint: { address: { socket_address: object } } }] }] }).endpoints[0].lb_endpoints[0].endpoint.address.socket_address;

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
      expect(match.case_sensitive, "the API server's paths are").to.equal(true);
      expect(match.prefix, "no prefix").to.equal(undefined);
      expect(route?.cluster).to.equal("api-server");
    }
    expect(all.at(-1)).to.deep.include({ match: { prefix: "/" } });
    expect(all.at(-1)?.direct_response).to.deep.equal({ status: 403, body: { inline_string: "the discovery proxy passes on only what istiod reads of a peer\n" } });
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
    expect(manager("peers"), "the address in the log is that of the connection").to.include({ use_remote_address: true });
  });

  it("lets no request speak for somebody else than whose token it has", () => {
    expect(manager("peers").route_config).to.deep.include({ request_headers_to_remove: ["impersonate-user", "impersonate-group", "impersonate-uid"] });
    expect(manager("peers")).to.have.nested.property("common_http_protocol_options.headers_with_underscores_action", "REJECT_REQUEST");
  });

  it("passes a request on to the API server after it has looked at it, without a header of its own", () => {
    const router = { "@type": "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router", suppress_envoy_headers: true };
    expect(manager("peers")["http_filters"]).to.deep.equal([{ name: "envoy.filters.http.router", typed_config: router }]);
  });

  it("answers only so many peers at a time, and notices those that are gone", () => {
    expect(bootstrap().overload_manager.resource_monitors.map(({ typed_config: config }) => config)).to.deep.equal([
      { "@type": "type.googleapis.com/envoy.extensions.resource_monitors.downstream_connections.v3.DownstreamConnectionsConfig", max_active_downstream_connections: 1_000 },
    ]);
    expect(manager("peers")["http2_protocol_options"]).to.deep.equal({ max_concurrent_streams: 256, connection_keepalive: { interval: "30s", timeout: "10s" } });
    expect(bootstrap().static_resources.listeners.map(({ name, ignore_global_conn_limit: ignores = false }) => [name, ignores]), "probes are always answered").to.deep.equal([["peers", false], ["status", true]]);
    const [apiServer] = bootstrap().static_resources.clusters;
    expect(apiServer?.["circuit_breakers"], "more than Envoy's default of 1024 requests").to.deep.equal({ thresholds: [{ max_connections: 1_024, max_pending_requests: 10_000, max_requests: 10_000 }] });
  });

  it("serves peers with TLS alone, from a certificate that is loaded again when it changes", () => {
    const { node, static_resources: { listeners: [peers] } } = bootstrap();
    const [chain] = peers!.filter_chains;
    const inspector = { "@type": "type.googleapis.com/envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector" };
    expect(peers!.listener_filters, "a connection that does not begin TLS is closed").to.deep.equal([{ name: "envoy.filters.listener.tls_inspector", typed_config: inspector }]);
    const source = { path_config_source: { path: `${PROXY.config}/certificate.yaml`, watched_directory: { path: PROXY.config } }, resource_api_version: "V3" };
    expect(chain?.transport_socket).to.have.nested.property("typed_config.common_tls_context.tls_certificate_sds_secret_configs").that.deep.equals([{ name: "certificate", sds_config: source }]);
    expect(node, "Envoy loads no certificate without it").to.deep.equal({ id: "discovery-proxy", cluster: "discovery-proxy" });
    expect(chain?.transport_socket).to.have.nested.property("typed_config.common_tls_context").that.deep.includes({ alpn_protocols: ["h2", "http/1.1"], tls_params: { tls_minimum_protocol_version: "TLSv1_2" } });
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
    expect(apiServer, "HTTP/2 alone").to.have.nested.property("transport_socket.typed_config.common_tls_context.alpn_protocols").that.deep.equals(["h2"]);
  });

  it("asks the cluster's own API server, or the one that it is told, and notices when that is gone", () => {
    const asked = (apiServer?: { host: string; port: number }): object => {
      const { static_resources: resources } = parse(envoyFiles({ system: "istio-system", logAll: false, ...(apiServer ? { apiServer } : {}) })["envoy.yaml"]!) as Bootstrap;
      return Object.fromEntries(resources.clusters.map(({ name, load_assignment: assigned }) => [name, addressIn(assigned)]));
    };
    const admin = { address: "127.0.0.1", port_value: PROXY.adminPort };
    expect(asked()).to.deep.equal({ "api-server": { address: "kubernetes.default.svc", port_value: 443 }, admin });
    expect(asked({ host: "192.0.2.1", port: 6443 })).to.deep.equal({ "api-server": { address: "192.0.2.1", port_value: 6443 }, admin });
    const [apiServer] = bootstrap().static_resources.clusters;
    expect(apiServer).to.have.nested.property("health_checks[0].http_health_check").that.deep.equals({
      host: "kubernetes.default.svc",
      path: "/readyz",
      codec_client_type: "HTTP2",
      expected_statuses: [200, 401, 403].map((status) => ({ start: status, end: status + 1 })),
    });
    expect(JSON.stringify(apiServer?.["typed_extension_protocol_options"])).to.contain('"http2_protocol_options":{"connection_keepalive":{"interval":"30s","timeout":"10s"}}');
  });

  it("is ready while the API server is, alive without it, and answers nothing else", () => {
    const [readiness, router] = manager("status")["http_filters"] as readonly { readonly name: string; readonly typed_config: object }[];
    expect(readiness?.typed_config).to.deep.include({ pass_through_mode: false, headers: [{ name: ":path", string_match: { exact: "/ready" } }], cluster_min_healthy_percentages: { "api-server": { value: 1 } } });
    expect(router?.name).to.equal("envoy.filters.http.router");
    const answers = routes("status").flatMap(({ match, direct_response: answer }) => (answer ? [[match, answer.status]] : []));
    expect(answers).to.deep.equal([[{ path: "/live" }, 200], [{ prefix: "/" }, 404]]);
    for (const name of ["peers", "status"]) expect(manager(name).route_config.virtual_hosts).to.have.nested.property("[0].domains").that.deep.equals(["*"]);
  });

  it("keeps Envoy's administration on loopback, and shows of it only the metrics", () => {
    expect(bootstrap().admin.address.socket_address.address).to.equal("127.0.0.1");
    const shown = routes("status").filter(({ route }) => route?.cluster === "admin");
    expect(shown.map(({ match, route }) => [match.path, route?.prefix_rewrite])).to.deep.equal([["/metrics", "/stats/prometheus"]]);
  });
});
