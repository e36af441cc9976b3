import type { Section } from "../lib/troubleshooting";
import type { Way } from "../topology/discovery";
import type { RemoteAccess } from "../topology/pairs";
import type { MeshOutputs } from "./contract";

/** A stack that reads another one's outputs: its name alone, and with organization and project. */
export interface ReadingStack {
  readonly name: string;
  readonly fullName: string;
}

/** How a cluster's stack wants it to be read. A stack that does not export it was last brought up by a version that knew only the API server. */
export function wayOf(outputs: Pick<MeshOutputs, "clusters">, key: string): Way {
  return outputs.clusters[key]?.through ?? "apiServer";
}

/**
 * What a stack's clusters read a cluster of another stack with.
 *
 * @returns why they cannot, with the section about it, where the other stack's outputs do not hold it
 */
export function accessFrom(
  { clusters, credentials }: Pick<MeshOutputs, "clusters" | "credentials">,
  key: string,
  reader: ReadingStack,
): { readonly access: RemoteAccess } | { readonly section: Section; readonly problem: string } {
  const [cluster, credential] = [clusters[key], credentials[key]];
  const missing = { section: "credentials-missing" as const, problem: `it has no credentials for its cluster ${key}; bring it up again` };
  if (cluster === undefined || credential === undefined) return missing;
  const { clusterName } = cluster;
  if (wayOf({ clusters }, key) === "apiServer") {
    const { caCertificate, token } = credential;
    return caCertificate === undefined || token === undefined ? missing : { access: { clusterName, apiServer: cluster.apiServer, caCertificate, token } };
  }
  if (credential.gateway === undefined) return missing;
  const { server, serverName, caCertificate, tokens } = credential.gateway;
  const token = tokens[reader.fullName] ?? tokens[reader.name];
  if (token === undefined) {
    return { section: "account-missing", problem: `it has no account for stack ${reader.name}: add ${reader.name} to its usmesh:peers and bring it up again` };
  }
  return { access: { clusterName, apiServer: server, serverName, caCertificate, token } };
}

/** The ways in which a cluster has to be readable. */
export type OpenWays = Readonly<Record<Way, boolean>>;

/**
 * The ways in which each cluster of a stack has to be readable: the one that is configured, and the other one while a peer that is up
 * still uses it. So the setting can be changed at any time, and each peer switches with its own next `up`.
 *
 * @param clusters the stack's own clusters, and how each is to be read
 * @param peers what the peers that are up export
 */
export function openWays(clusters: readonly { readonly key: string; readonly through: Way }[], peers: readonly Pick<MeshOutputs, "pairs" | "peering">[]): Record<string, OpenWays> {
  const isRead = (key: string, wanted: Way): boolean =>
    peers.some(({ pairs, peering }) => pairs.some((pair) => pair.endsWith(`->${key}`)) && (peering?.through?.[key] ?? "apiServer") === wanted);
  return Object.fromEntries(
    clusters.map(({ key, through }) => [
      key,
      { gateway: through === "gateway" || isRead(key, "gateway"), apiServer: through === "apiServer" || isRead(key, "apiServer") },
    ]),
  );
}
