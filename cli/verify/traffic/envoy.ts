import { byDns, header, listener, serviceHost } from "./static-envoy";

/** Port on which a prober answers. */
export const SERVER_PORT = 8080;
/** Port, on the pod's loopback alone, at which a prober sends `/KEY/` to the prober of cluster KEY. */
export const CLIENT_PORT = 9090;

/**
 * Configuration of a prober: an Envoy that answers with its cluster's key and the identity its client had, and that
 * sends requests to the probers of the other clusters. The proxy's image is on every node of a mesh already, so the
 * traffic checks need no image of their own.
 */
export function proberConfig(key: string, namespace: string, peers: readonly string[]): object {
  return {
    static_resources: {
      listeners: [
        listener("server", "0.0.0.0", SERVER_PORT, [
          {
            match: { prefix: "/" },
            direct_response: { status: 200, body: { inline_string: `${key}\n` } },
            response_headers_to_add: [header("x-served-by", key), header("x-client", "%REQ(x-forwarded-client-cert)%")],
          },
        ]),
        listener("client", "127.0.0.1", CLIENT_PORT, peers.map((peer) => ({
          match: { prefix: `/${peer}/` },
          route: { cluster: peer, host_rewrite_literal: `${host(peer, namespace)}:${SERVER_PORT}`, timeout: "5s" },
        }))),
      ],
      clusters: peers.map((peer) => byDns(peer, host(peer, namespace), SERVER_PORT)),
    },
  };
}

/** Name of the Service of the prober in cluster `key`. */
export function serviceName(key: string): string {
  return `prober-${key}`;
}

function host(key: string, namespace: string): string {
  return serviceHost(serviceName(key), namespace);
}
