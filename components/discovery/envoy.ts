import { stringify } from "yaml";
import { DISCOVERY_PROXY, NO_SECRETS_NAMESPACE } from "../../topology/discovery";
import type { Tree } from "../../lib/merge";
import { ALL_SECRETS, passedPaths } from "./rules";

/** Where the proxy's files are, and on which ports it listens. */
export const PROXY = {
  /** Folder with the configuration. */
  config: "/etc/discovery/config",
  /** Folder with `tls.crt` and `tls.key`. */
  certificate: "/etc/discovery/certificate",
  /** File with the authorities of the cluster's own API server. */
  apiServerCA: "/etc/discovery/api-server/ca.crt",
  /** Port for peers, by TLS. */
  port: 8443,
  /** Port for probes and metrics, in plain text. */
  statusPort: 8080,
  /** Port of Envoy's administration, on loopback alone. */
  adminPort: 15000,
  /** Name of the API server in its certificate, and in the cluster's DNS. */
  apiServer: "kubernetes.default.svc",
} as const;

/**
 * Seconds after which a request ends that is still being answered. istiod's own watches take at most ten minutes, so this ends only
 * watches that a client would keep open for longer, above all those of a peer whose account was deleted.
 */
const MAX_STREAM_SECONDS = 660;

/** Requests at a time to the API server: some fifteen watches for each istiod that reads. */
const MAX_REQUESTS = 10_000;

/** Connections at a time from peers. */
const MAX_CONNECTIONS = 1_000;

const type = (name: string): { readonly "@type": string } => ({ "@type": `type.googleapis.com/envoy.${name}` });
const manager = "envoy.filters.network.http_connection_manager";
const router = { name: "envoy.filters.http.router", typed_config: { ...type("extensions.filters.http.router.v3.Router"), suppress_envoy_headers: true } };

/** What differs from proxy to proxy. */
export interface EnvoyOptions {
  /** Namespace of the control plane. */
  readonly system: string;
  /** Whether each request is logged. Those that are refused or fail always are. */
  readonly logAll: boolean;
  /** Host and port at which the API server is asked. Default: the cluster's own Service. */
  readonly apiServer?: { readonly host: string; readonly port: number };
  /** Ports and folders in place of those in {@link PROXY}, for a test outside a cluster. */
  readonly at?: Partial<Record<keyof typeof PROXY, string | number>>;
}

/** The proxy's configuration files, by name: `envoy.yaml`, and `certificate.yaml`, through which a renewed certificate is loaded. */
export function envoyFiles(options: EnvoyOptions): Record<string, string> {
  const at = { ...PROXY, ...options.at };
  const certificate = {
    resources: [
      {
        ...type("extensions.transport_sockets.tls.v3.Secret"),
        name: "certificate",
        tls_certificate: {
          certificate_chain: { filename: `${at.certificate}/tls.crt` },
          private_key: { filename: `${at.certificate}/tls.key` },
          watched_directory: { path: at.certificate },
        },
      },
    ],
  };
  const text = (content: Tree): string => stringify(content, { lineWidth: 0 });
  return { "envoy.yaml": text(bootstrap(options, at)), "certificate.yaml": text(certificate) };
}

type Places = Record<keyof typeof PROXY, string | number>;

function bootstrap(options: EnvoyOptions, at: Places): Tree {
  return {
    // Envoy asks for them where it loads certificates from a file that may change; nobody is told.
    node: { id: DISCOVERY_PROXY, cluster: DISCOVERY_PROXY },
    admin: { address: address("127.0.0.1", at.adminPort) },
    static_resources: { listeners: [peersListener(options, at), statusListener(at)], clusters: [apiServerCluster(options, at), adminCluster(at)] },
    overload_manager: {
      resource_monitors: [
        {
          name: "envoy.resource_monitors.global_downstream_max_connections",
          typed_config: {
            ...type("extensions.resource_monitors.downstream_connections.v3.DownstreamConnectionsConfig"),
            max_active_downstream_connections: MAX_CONNECTIONS,
          },
        },
      ],
    },
  };
}

/** The listener for peers: TLS, and then only the requests that istiod makes. */
function peersListener({ system, logAll }: EnvoyOptions, at: Places): Tree {
  const tls = {
    ...type("extensions.transport_sockets.tls.v3.DownstreamTlsContext"),
    common_tls_context: {
      alpn_protocols: ["h2", "http/1.1"],
      tls_params: { tls_minimum_protocol_version: "TLSv1_2" },
      tls_certificate_sds_secret_configs: [
        { name: "certificate", sds_config: { path_config_source: { path: `${at.config}/certificate.yaml`, watched_directory: { path: at.config } }, resource_api_version: "V3" } },
      ],
    },
  };
  const http = {
    ...type("extensions.filters.network.http_connection_manager.v3.HttpConnectionManager"),
    stat_prefix: "peers",
    // The path is normalized as the API server does it, and an ambiguous path is refused.
    normalize_path: true,
    path_with_escaped_slashes_action: "REJECT_REQUEST",
    use_remote_address: true,
    request_headers_timeout: "10s",
    // A watch is silent while nothing changes.
    stream_idle_timeout: "0s",
    common_http_protocol_options: { idle_timeout: "3600s", max_stream_duration: `${MAX_STREAM_SECONDS}s`, headers_with_underscores_action: "REJECT_REQUEST" },
    http2_protocol_options: { max_concurrent_streams: 256, connection_keepalive: { interval: "30s", timeout: "10s" } },
    access_log: [accessLog(logAll)],
    http_filters: [router],
    route_config: { virtual_hosts: [{ name: "api", domains: ["*"], routes: routes(system) }], request_headers_to_remove: ["impersonate-user", "impersonate-group", "impersonate-uid"] },
  };
  return {
    name: "peers",
    address: address("0.0.0.0", at.port),
    per_connection_buffer_limit_bytes: 1_048_576,
    listener_filters: [{ name: "envoy.filters.listener.tls_inspector", typed_config: type("extensions.filters.listener.tls_inspector.v3.TlsInspector") }],
    filter_chains: [{ transport_socket: { name: "envoy.transport_sockets.tls", typed_config: tls }, filters: [{ name: manager, typed_config: http }] }],
  };
}

/** GET on the paths of an allow list; the Secrets of all namespaces are those of the one without any; all else is refused. */
function routes(system: string): Tree[] {
  const get = (path: string): Tree => ({ path, case_sensitive: true, headers: [{ name: ":method", string_match: { exact: "GET" } }] });
  const route = { cluster: "api-server", timeout: "0s" };
  return [
    { match: get(ALL_SECRETS), route: { ...route, prefix_rewrite: `/api/v1/namespaces/${NO_SECRETS_NAMESPACE}/secrets` } },
    ...passedPaths(system).map((path) => ({ match: get(path), route })),
    { match: { prefix: "/" }, direct_response: { status: 403, body: { inline_string: "the discovery proxy passes on only what istiod reads of a peer\n" } } },
  ];
}

/** A line for each request, without its headers: one of them is the token. */
function accessLog(all: boolean): Tree {
  const failed = { status_code_filter: { comparison: { op: "GE", value: { default_value: 400, runtime_key: "discovery.log" } } } };
  const format = "%START_TIME% %REQ(:METHOD)% %REQ(:PATH)% %PROTOCOL% %RESPONSE_CODE% %RESPONSE_FLAGS% %DURATION% ms %BYTES_SENT% bytes %DOWNSTREAM_REMOTE_ADDRESS%\n";
  return {
    name: "envoy.access_loggers.stdout",
    ...(all ? {} : { filter: failed }),
    typed_config: { ...type("extensions.access_loggers.stream.v3.StdoutAccessLog"), log_format: { text_format_source: { inline_string: format } } },
  };
}

/** The cluster's own API server. The caller's token is passed on; the proxy itself has none. */
function apiServerCluster({ apiServer }: EnvoyOptions, at: Places): Tree {
  const [{ host, port }, name] = [apiServer ?? { host: PROXY.apiServer, port: 443 }, at.apiServer];
  const limits = { max_connections: 1024, max_pending_requests: MAX_REQUESTS, max_requests: MAX_REQUESTS };
  return {
    name: "api-server",
    type: "STRICT_DNS",
    dns_lookup_family: "V4_PREFERRED",
    connect_timeout: "5s",
    per_connection_buffer_limit_bytes: 1_048_576,
    circuit_breakers: { thresholds: [limits] },
    load_assignment: { cluster_name: "api-server", endpoints: [{ lb_endpoints: [{ endpoint: { address: address(host, port) } }] }] },
    // Callers without a login may be refused this path too; a refusal is an answer of the API server as well.
    health_checks: [
      {
        timeout: "3s",
        interval: "5s",
        no_traffic_interval: "5s",
        unhealthy_threshold: 3,
        healthy_threshold: 1,
        http_health_check: {
          host: name,
          path: "/readyz",
          codec_client_type: "HTTP2",
          expected_statuses: [200, 401, 403].map((status) => ({ start: status, end: status + 1 })),
        },
      },
    ],
    typed_extension_protocol_options: {
      "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
        ...type("extensions.upstreams.http.v3.HttpProtocolOptions"),
        explicit_http_config: { http2_protocol_options: { connection_keepalive: { interval: "30s", timeout: "10s" } } },
      },
    },
    transport_socket: {
      name: "envoy.transport_sockets.tls",
      typed_config: {
        ...type("extensions.transport_sockets.tls.v3.UpstreamTlsContext"),
        sni: name,
        common_tls_context: {
          alpn_protocols: ["h2"],
          validation_context: { trusted_ca: { filename: at.apiServerCA }, match_typed_subject_alt_names: [{ san_type: "DNS", matcher: { exact: name } }] },
        },
      },
    },
  };
}

/** The listener for probes and metrics: `/ready` while the API server is ready, `/live`, and `/metrics`. */
function statusListener(at: Places): Tree {
  const readiness = {
    ...type("extensions.filters.http.health_check.v3.HealthCheck"),
    pass_through_mode: false,
    headers: [{ name: ":path", string_match: { exact: "/ready" } }],
    cluster_min_healthy_percentages: { "api-server": { value: 1 } },
  };
  const http = {
    ...type("extensions.filters.network.http_connection_manager.v3.HttpConnectionManager"),
    stat_prefix: "status",
    http_filters: [{ name: "envoy.filters.http.health_check", typed_config: readiness }, router],
    route_config: {
      virtual_hosts: [
        {
          name: "status",
          domains: ["*"],
          routes: [
            { match: { path: "/live" }, direct_response: { status: 200 } },
            { match: { path: "/metrics" }, route: { cluster: "admin", prefix_rewrite: "/stats/prometheus" } },
            { match: { prefix: "/" }, direct_response: { status: 404 } },
          ],
        },
      ],
    },
  };
  return {
    name: "status",
    address: address("0.0.0.0", at.statusPort),
    ignore_global_conn_limit: true,
    filter_chains: [{ filters: [{ name: manager, typed_config: http }] }],
  };
}

/** Envoy's own administration, of which only the metrics are reachable from outside the pod. */
function adminCluster(at: Places): Tree {
  return {
    name: "admin",
    type: "STATIC",
    connect_timeout: "1s",
    load_assignment: { cluster_name: "admin", endpoints: [{ lb_endpoints: [{ endpoint: { address: address("127.0.0.1", at.adminPort) } }] }] },
  };
}

function address(host: string, port: string | number): Tree {
  return { socket_address: { address: host, port_value: port } };
}
