import { UserError } from "../lib/errors";
import { see } from "../lib/troubleshooting";
import type { KeyRequest } from "../trust/keys";
import type { Peer } from "./peers";

/** The stack that signs, as it knows itself. */
export interface AuthorityStack {
  readonly stack: string;
  /** Keys of all clusters for which it signs. */
  readonly members: readonly string[];
  /** Keys of its own clusters. */
  readonly clusters: readonly string[];
  /** Generation of the keys, as its settings have it. */
  readonly generation: number;
}

type Up = Extract<Peer, { state: "up" }>;

/** A request that the authority signs, and the stack that it comes from. */
interface Asked {
  readonly cluster: string;
  readonly stack: string;
  readonly request: KeyRequest;
  /** Whether the cluster is up. */
  readonly isUp: boolean;
}

/** By cluster key: the newest request of each member whose stack has made one. */
export function requestsFor(authority: AuthorityStack, peers: readonly Peer[]): Record<string, KeyRequest> {
  return Object.fromEntries(asked(authority, peers).map(({ cluster, request }) => [cluster, request]));
}

/** Why the authority cannot sign: an error for each reason, with what to do. */
export function requestProblems(authority: AuthorityStack, peers: readonly Peer[]): UserError[] {
  const { stack, members, clusters } = authority;
  const others = members.filter((member) => !clusters.includes(member));
  const behind = upPeers(peers).filter(
    ({ former, outputs }) => former !== undefined && outputs.trust?.authority === stack && Object.keys(outputs.clusters).some((key) => others.includes(key)),
  );
  const all = asked(authority, peers);
  const twice = all.flatMap(({ cluster, stack: one }, index) => {
    const earlier = all.slice(0, index).find((other) => other.cluster === cluster);
    if (earlier === undefined) return [];
    return [new UserError("certificate-asked-twice", `stacks ${earlier.stack} and ${one} both ask for the certificate of cluster ${cluster}: give one of the clusters another key`)];
  });
  return [
    ...behind.map(
      (peer) =>
        new UserError(
          "member-moves-first",
          `stack ${peer.stack} was last brought up by an earlier version, where stack ${stack} made its keys, and has to make its own first: ` +
            `pulumi up -s ${peer.stack} with this version, then again pulumi up -s ${stack}, and pulumi up -s ${peer.stack}`,
        ),
    ),
    ...twice,
  ];
}

/**
 * What other stacks have to do after this `up`: a line for each, with the next commands.
 * @param issued by cluster key: the public key for which the last `up` issued a certificate
 */
export function requestWarnings(authority: AuthorityStack, peers: readonly Peer[], issued: Readonly<Record<string, string>>): string[] {
  return asked(authority, peers).flatMap(({ cluster, stack, request, isUp }) => {
    const again = isUp ? "" : `, then again pulumi up -s ${authority.stack}`;
    if (request.generation !== authority.generation) {
      const next = `pulumi up -s ${stack}, then again pulumi up -s ${authority.stack} and pulumi up -s ${stack}`;
      return [`cluster ${cluster} still has a key of generation ${request.generation}. Next: ${next}${see("waiting-for-certificate")}`];
    }
    return issued[cluster] === request.publicKey ? [] : [`cluster ${cluster} gets a certificate for its new key. Next: pulumi up -s ${stack}${again}${see("waiting-for-certificate")}`];
  });
}

function asked({ members, clusters }: AuthorityStack, peers: readonly Peer[]): Asked[] {
  return upPeers(peers).flatMap(({ stack, outputs }) =>
    Object.entries(outputs.requests).flatMap(([cluster, requests]): Asked[] => {
      const request = requests.at(-1);
      if (request === undefined || !members.includes(cluster) || clusters.includes(cluster)) return [];
      return [{ cluster, stack, request, isUp: cluster in outputs.clusters }];
    }),
  );
}

function upPeers(peers: readonly Peer[]): Up[] {
  return peers.flatMap((peer) => (peer.state === "up" ? [peer] : []));
}
