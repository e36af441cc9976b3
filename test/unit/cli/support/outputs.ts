import type { MeshOutputs } from "../../../../outputs/contract";

/** A kubeconfig with one context. */
export const kubeconfig = (name: string): string => `clusters: [{name: ${name}}]\ncontexts: [{name: kind-${name}}]\nusers: [{name: ${name}}]\n`;

/** What a stack exports that owns clusters of these keys and has wired these pairs. */
export function outputsOf(keys: readonly string[], pairs: readonly string[]): MeshOutputs {
  const cluster = (key: string): MeshOutputs["clusters"][string] => ({
    clusterName: `${key}-cluster`,
    network: `${key}-network`,
    region: `${key}us`,
    zone: "0",
    driver: "kind",
    apiServer: `https://${key}:6443`,
    through: "gateway",
    ingressAddress: `ingress.${key}`,
    eastWestAddress: `eastwest.${key}`,
    versions: { kubernetes: "v1.34.4", istio: "1.31.4" },
  });
  const each = <T>(value: (key: string) => T): Record<string, T> => Object.fromEntries(keys.map((key) => [key, value(key)]));
  return {
    version: 1,
    mesh: { name: "usmesh", trustDomain: "cluster.local" },
    clusters: each(cluster),
    pairs: [...pairs],
    credentials: each((key) => ({ gateway: { server: `https://eastwest.${key}:15443`, serverName: `${key}.discovery.usmesh.internal`, caCertificate: "ca", tokens: {} } })),
    intermediates: {},
    kubeconfigs: each(kubeconfig),
  };
}
