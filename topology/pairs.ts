import { stringify } from "yaml";

/** A cluster of the mesh, whichever stack owns it. */
export interface Member {
  /** The cluster's key, distinct in the whole mesh. */
  readonly key: string;
  /** Istio's name for the cluster. */
  readonly clusterName: string;
  /** Istio's name for the cluster's network. */
  readonly network: string;
  /** The stack that owns it. Default: this one. */
  readonly stack?: string;
}

/** Two different clusters: istiod of `from` reads `to`. */
export interface Pair<T> {
  readonly from: T;
  readonly to: T;
}

/** What istiod needs to read another cluster. */
export interface RemoteAccess {
  /** Istio's name for the cluster that is read. */
  readonly clusterName: string;
  /** `https://host:port` of its API server or of what leads to it, from where the reader is. */
  readonly apiServer: string;
  /** Name in the server's certificate, which it is also asked for by SNI. Default: the host in `apiServer`. */
  readonly serverName?: string;
  /** PEM bundle of the server's certificate authorities. */
  readonly caCertificate: string;
  /** Bearer token of the reader's ServiceAccount. */
  readonly token: string;
}

/** Every ordered pair of different items, by `from` and then by `to` in the order given: n * (n - 1) of them. */
export function orderedPairs<T>(items: readonly T[]): Pair<T>[] {
  return items.flatMap((from) => items.filter((to) => to !== from).map((to) => ({ from, to })));
}

/** A pair as the outputs write it. */
export function formatPair(pair: Pair<{ readonly key: string }>): string {
  return `${pair.from.key}->${pair.to.key}`;
}

/** The members that a cluster's istiod has to read: all but itself, in the order given. */
export function othersOf<T extends { readonly key: string }>(key: string, members: readonly T[]): T[] {
  return members.filter((member) => member.key !== key);
}

/**
 * Why these clusters cannot be one mesh, one line per reason: two of them have the same key, Istio cluster name or network.
 * The settings of a stack are checked for that already; this is for clusters of several stacks. Empty when they can.
 */
export function membershipProblems(members: readonly Member[]): string[] {
  const owner = (member: Member) => (member.stack === undefined ? "this stack" : `stack ${member.stack}`);
  const label = { key: "key", clusterName: "Istio cluster name", network: "network" } as const;
  return (Object.keys(label) as (keyof typeof label)[]).flatMap((field) =>
    members.flatMap((member, index) => {
      const earlier = members.slice(0, index).find((other) => other[field] === member[field]);
      if (earlier === undefined) return [];
      return [
        `cluster ${member.key} of ${owner(member)} has the ${label[field]} "${member[field]}", which cluster ${earlier.key} of ` +
          `${owner(earlier)} has already: give one of them another`,
      ];
    }),
  );
}

/**
 * The kubeconfig of one remote cluster as istiod reads it: cluster, context, user and current context all have the cluster's
 * name, and the CA and the token are inline. istiod refuses credentials from a file or a command.
 */
export function remoteKubeconfig(access: RemoteAccess): string {
  const name = access.clusterName;
  return stringify(
    {
      apiVersion: "v1",
      kind: "Config",
      "current-context": name,
      clusters: [
        {
          name,
          cluster: {
            server: access.apiServer,
            ...(access.serverName === undefined ? {} : { "tls-server-name": access.serverName }),
            "certificate-authority-data": Buffer.from(access.caCertificate).toString("base64"),
          },
        },
      ],
      contexts: [{ name, context: { cluster: name, user: name } }],
      users: [{ name, user: { token: access.token } }],
    },
    // A folded token would still be YAML, but a search for it would fail.
    { lineWidth: 0 },
  );
}

/**
 * The content of a cluster's remote Secret, in plain text: one key per other member, which is its cluster name. Sorted, so that
 * the order in which peers are read does not change it.
 */
export function remoteSecretData(others: readonly RemoteAccess[]): Record<string, string> {
  const sorted = [...others].sort((a, b) => (a.clusterName < b.clusterName ? -1 : 1));
  return Object.fromEntries(sorted.map((access) => [access.clusterName, remoteKubeconfig(access)]));
}
