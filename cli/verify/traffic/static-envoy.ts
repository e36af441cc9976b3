/** Configuration of an Envoy that is not Istio's: what the workloads of `verify` and `drill` are made of. */

const HCM = "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager";
const ROUTER = "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router";

/** An address and a port, as Envoy writes them. */
export function socket(address: string, port: number): object {
  return { socket_address: { address, port_value: port } };
}

/** A header for `response_headers_to_add`. */
export function header(key: string, value: string): object {
  return { header: { key, value } };
}

/** A listener for HTTP with these routes, whatever the host. */
export function listener(name: string, address: string, port: number, routes: readonly object[]): object {
  const manager = {
    "@type": HCM,
    stat_prefix: name,
    // The sidecar in front has verified the client; what it says about it must reach the answer.
    forward_client_cert_details: "ALWAYS_FORWARD_ONLY",
    route_config: { name, virtual_hosts: [{ name, domains: ["*"], routes }] },
    http_filters: [{ name: "envoy.filters.http.router", typed_config: { "@type": ROUTER } }],
  };
  const filter = { name: "envoy.filters.network.http_connection_manager", typed_config: manager };
  return { name, address: socket(address, port), filter_chains: [{ filters: [filter] }] };
}

/** The cluster `name`: whatever DNS says about a host. The pod's sidecar decides where its requests go. */
export function byDns(name: string, host: string, port: number): object {
  return {
    name,
    type: "STRICT_DNS",
    connect_timeout: "3s",
    dns_refresh_rate: "1s",
    load_assignment: { cluster_name: name, endpoints: [{ lb_endpoints: [{ endpoint: { address: socket(host, port) } }] }] },
  };
}

/** Name by which every pod of the mesh knows a Service. */
export function serviceHost(service: string, namespace: string): string {
  return `${service}.${namespace}.svc.cluster.local`;
}
