/** Ports of the pods that observe a mesh, and of their Services. */
export const PORTS = {
  /** Prometheus: queries, its page, and federation. */
  prometheus: 9090,
  /** Jaeger: queries and its page. */
  query: 16686,
  /** Jaeger: spans of the cluster's own proxies, as OTLP by gRPC. */
  spans: 4317,
  /** Jaeger: spans that the Jaegers of other clusters pass on. */
  peerSpans: 4319,
  /** Jaeger: whether it works. */
  health: 13133,
  /** Statistics of Envoy in each proxy. */
  proxyStatistics: 15090,
  /** Statistics of istiod. */
  istiodStatistics: 15014,
} as const;
