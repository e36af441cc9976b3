import { byDns, header, listener, serviceHost, socket } from "../verify/traffic/static-envoy";
import { ADMIN_PORT, ATTEMPTS, CLIENT_PORT, ERRORS_KEY, NAMESPACE, SERVER_PORT, TIMEOUT_SECONDS } from "./names";

/** An Envoy that answers with its cluster's key: 200, or 500 for the percentage of requests that its admin port was told. */
export function backendConfig(key: string): object {
  const answer = (status: number, match: object = {}): object => ({
    match: { prefix: "/", ...match },
    direct_response: { status, body: { inline_string: `${key}\n` } },
    response_headers_to_add: [header("x-served-by", key)],
  });
  const errors = { runtime_fraction: { default_value: { numerator: 0 }, runtime_key: ERRORS_KEY } };
  return {
    admin: { address: socket("127.0.0.1", ADMIN_PORT) },
    layered_runtime: { layers: [{ name: "admin", admin_layer: {} }] },
    static_resources: { listeners: [listener("server", "0.0.0.0", SERVER_PORT, [answer(500, errors), answer(200)])] },
  };
}

/** An Envoy that sends what arrives at its loopback port to the Service that the path names, once. */
export function clientConfig(services: readonly string[]): object {
  const routes = services.map((name) => ({
    match: { prefix: `/${name}/` },
    route: { cluster: name, host_rewrite_literal: `${serviceHost(name, NAMESPACE)}:${SERVER_PORT}`, timeout: `${TIMEOUT_SECONDS * (ATTEMPTS + 2)}s` },
  }));
  return {
    static_resources: {
      listeners: [listener("client", "127.0.0.1", CLIENT_PORT, routes)],
      clusters: services.map((name) => byDns(name, serviceHost(name, NAMESPACE), SERVER_PORT)),
    },
  };
}
