import { byDns, header, listener, serviceHost } from "./static-envoy";

/** Port on which a prober answers. */
export const SERVER_PORT = 8080;
/** Port, on the pod's loopback alone, at which a prober sends `/KEY/` to the prober of cluster KEY. */
export const CLIENT_PORT = 9090;

/** A way from one prober to another: the path at which it is asked for, and the Service that it leads to. */
interface Way {
  readonly path: string;
  readonly service: string;
}

/** Path of the prober in cluster `key`. */
export function pathTo(key: string): string {
  return `/${key}/`;
}

/** Path of the prober in cluster `key`, by a Service that has it as an endpoint only now and then. No key begins like it. */
export function freshPathTo(key: string): string {
  return `/+${key}/`;
}

/** How a prober's Envoy is configured. */
export interface EnvoyOptions {
  /** Seconds after which a request to another prober is given up. Default: 5. */
  readonly timeoutSeconds?: number;
  /** Whether there are Services with endpoints that come and go. Default: no. */
  readonly fresh?: boolean;
}

/**
 * Configuration of a prober: an Envoy that answers with its cluster's key and the identity its client had, and that
 * sends requests to the probers of the other clusters. The proxy's image is on every node of a mesh already, so the
 * traffic checks need no image of their own.
 */
export function proberConfig(key: string, namespace: string, peers: readonly string[], { timeoutSeconds = 5, fresh = false }: EnvoyOptions = {}): object {
  const ways: Way[] = peers.flatMap((peer) => [
    { path: pathTo(peer), service: serviceName(peer) },
    ...(fresh ? [{ path: freshPathTo(peer), service: freshServiceName(peer) }] : []),
  ]);
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
        listener("client", "127.0.0.1", CLIENT_PORT, ways.map(({ path, service }) => ({
          match: { prefix: path },
          route: { cluster: service, host_rewrite_literal: `${serviceHost(service, namespace)}:${SERVER_PORT}`, timeout: `${timeoutSeconds}s` },
        }))),
      ],
      clusters: ways.map(({ service }) => byDns(service, serviceHost(service, namespace), SERVER_PORT)),
    },
  };
}

/** Name of the Service of the prober in cluster `key`. */
export function serviceName(key: string): string {
  return `prober-${key}`;
}

/** Name of the Service by which the prober in cluster `key` is a new endpoint. */
export function freshServiceName(key: string): string {
  return `fresh-${key}`;
}
