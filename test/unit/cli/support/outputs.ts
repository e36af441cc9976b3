import { OUTPUTS_VERSION, type MeshOutputs } from "../../../../outputs/contract";

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
    version: OUTPUTS_VERSION,
    mesh: { name: "usmesh", trustDomain: "cluster.local" },
    clusters: each(cluster),
    pairs: [...pairs],
    credentials: each((key) => ({ gateway: { server: `https://eastwest.${key}:15443`, serverName: `${key}.discovery.usmesh.internal`, caCertificate: "ca", tokens: {} } })),
    requests: {},
    certificates: {},
    kubeconfigs: each(kubeconfig),
  };
}

/** The trust that an authority exports which signs for clusters of these keys. */
export function trustOutputsOf(authority: string, members: readonly string[], change: Partial<NonNullable<MeshOutputs["trust"]>> = {}): NonNullable<MeshOutputs["trust"]> {
  return {
    authority,
    members: [...members],
    roots: ["1"],
    signer: "1",
    rootCertificates: "PEM",
    recipes: { "1": { mesh: "usmesh", keyAlgorithm: "ECDSA-P256", validityHours: 87_600 } },
    generation: 1,
    keyAlgorithm: "ECDSA-P256",
    earlyRenewalHours: 720,
    ends: { roots: { "1": "2136-01-01T00:00:00Z" }, intermediates: {} },
    ...change,
  };
}

/** What the authority issued for the key of a cluster's generation. */
export function issuedFor(key: string, generation = 1): MeshOutputs["certificates"][string] {
  const { publicKey } = requestOf(key, generation);
  return { publicKey, caCert: `ca ${key} ${generation}`, certChain: `chain ${key} ${generation}`, rootCert: "roots", ends: "2136-01-01T00:00:00Z" };
}

/** The request for the key of a cluster's generation. */
export function requestOf(key: string, generation = 1): MeshOutputs["requests"][string][number] {
  return { generation, keyAlgorithm: "ECDSA-P256", publicKey: `public ${key} ${generation}`, request: `request ${key} ${generation}` };
}
