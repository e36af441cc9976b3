import type { KialiArgs, RemotePeerArgs } from "../components";
import type { ObservabilityModel } from "../settings/model";
import type { OwnCluster } from "./exports";
import { chartSource } from "./istio";
import type { OtherMember } from "./preparation";

/** What Kiali of a cluster reads the others with, at their API servers: those of this stack, and those of its peers that have a Kiali. */
export function kialiPeers(key: string, own: readonly OwnCluster[], others: readonly OtherMember[]): RemotePeerArgs[] {
  const ofThisStack = own.flatMap(({ member, cluster, observers }): RemotePeerArgs[] => {
    const credentials = observers?.kialiAccess?.credentials;
    if (member.key === key || credentials === undefined) return [];
    return [{ clusterName: member.clusterName, apiServer: cluster.apiServer, caCertificate: credentials.caCertificate, token: credentials.token }];
  });
  return [...ofThisStack, ...others.flatMap(({ kiali }) => (kiali === undefined ? [] : [kiali]))];
}

/** Where Kiali's chart comes from, its values, and the image. */
export function kialiChart({ kiali, images }: ObservabilityModel): Pick<KialiArgs, "charts" | "values" | "image"> {
  return { charts: chartSource(kiali, undefined), values: kiali.values["kiali-server"] ?? {}, ...(images.kiali ? { image: images.kiali } : {}) };
}
