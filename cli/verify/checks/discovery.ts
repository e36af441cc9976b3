import type { RemoteSecretFacts } from "../facts";
import type { ThroughFacts } from "../facts-discovery";
import type { Finding } from "../finding";
import { isLoopback } from "../gather/access";
import { type Check, readClusters, readPairs, remoteEntries } from "./context";

const DAY_MS = 86_400_000;
/** Days before a token's end from which on it is worth a warning. */
const WARN_DAYS = 7;
const WIRE = "./mesh up; in another mesh: istioctl create-remote-secret for the peer, applied to this cluster";

export const secretPresent: Check = (facts, report) =>
  readPairs(facts).map(({ pair, from, to }): Finding => {
    const subject = { cluster: pair.from, peer: pair.to };
    const name = to.state.istiod.clusterName ?? pair.to;
    const secrets = from.state.remoteSecrets;
    if (!secrets.ok) return report.unknown(subject, `the remote Secrets of ${pair.from} cannot be read: ${secrets.error}`);
    const entries = pair.access.map((a) => a.secret);
    if (entries.length === 1) return report.pass(subject, `${entries[0]} has the key ${name}`);
    if (entries.length > 1) {
      return report.fail(subject, `${entries.join(" and ")} all have the key ${name}`, {
        reason: "istiod takes the first and ignores the others: which one that is, is not defined",
        cause: "the peer was wired twice, by different tools",
        remedy: `${from.kubectl} -n istio-system delete secret ${entries.slice(1).map((e) => e.split("/")[1]).join(" ")}`,
      });
    }
    const others = strangers(secrets.value, facts).map((e) => e.key);
    return report.fail(subject, `no remote Secret has the key ${name}`, {
      reason: `istiod of ${pair.from} reads nothing from ${pair.to}: its services do not exist here`,
      cause: others.length > 0 ? `the key must equal the peer's cluster name; there is ${others.join(", ")}, which is not the name of a cluster of the mesh` : "the Secret was deleted or never created",
      remedy: WIRE,
    });
  });

export const serverUsable: Check = (facts, report) =>
  remoteEntries(facts).map(({ subject, access }) => {
    if (isLoopback(access.server)) {
      return report.fail(subject, `${access.secret} names ${access.server}`, {
        reason: "in istiod's pod a loopback address is istiod itself: the peer is never reached",
        cause: "the kubeconfig was made for this machine, as kind's is, and copied without a change",
        remedy: "./mesh up; in another mesh: istioctl create-remote-secret --server https://<address of the peer's API server>",
      });
    }
    if (!access.denied.ok && access.failure === "unusable") return report.skip(subject, `${access.secret} cannot be used to ask a server: ${access.denied.error}`);
    if (!access.denied.ok && access.failure === "unreachable") {
      return report.fail(subject, `${access.server}: ${access.denied.error}`, {
        reason: "istiod cannot read the peer at the server that its remote Secret names",
        cause: access.through
          ? "the peer's east-west gateway or discovery proxy does not run, a policy in its istio-system blocks it, or a firewall is in between"
          : "the peer's address has changed and may belong to another server now, its API server is down, or a firewall is in between",
        remedy: "./mesh up, which reads the address again; in another mesh: create the remote Secret again",
      });
    }
    if (access.askedAt !== undefined) return report.pass(subject, `${access.server}, a name of the cluster's own network; asked at ${access.askedAt}`);
    return report.pass(subject, `${access.server} answers${access.through ? throughSeen(access.through) : ""}`);
  });

export const tokenAccepted: Check = (facts, report) =>
  remoteEntries(facts).flatMap(({ subject, access }) => {
    if (access.denied.ok) return [report.pass(subject, "accepted")];
    if (access.failure === "unreachable") return [];
    if (access.failure === "unusable") {
      return [
        report.fail(subject, `${access.secret}: ${access.denied.error}`, {
          reason: "istiod cannot use the entry, and reads nothing from the peer",
          cause: "the Secret was written by hand, or changed after it was created",
          remedy: WIRE,
        }),
      ];
    }
    return [
      report.fail(subject, access.denied.error, {
        reason: "the peer's API server refuses the token in the remote Secret",
        cause: "the token's Secret or its ServiceAccount was deleted in the peer, the token has expired, or the peer was recreated",
        remedy: "./mesh up on the peer and then here, with usmesh:peering.generation raised by one if the token was revoked on purpose",
      }),
    ];
  });

export const permitted: Check = (facts, report) =>
  remoteEntries(facts).flatMap(({ subject, access }) => {
    if (!access.denied.ok) return [];
    if (access.denied.value.length === 0) return [report.pass(subject, "may read what istiod needs")];
    return [
      report.fail(subject, `may not ${access.denied.value.join(", ")}`, {
        reason: "istiod waits for what it may not read, and hands out none of the peer's endpoints",
        cause: "the ClusterRole of istio-reader-service-account, or of the accounts in usmesh-discovery, was changed in the peer, or belongs to an older Istio",
        remedy: "install Istio's base and istiod charts again in the peer: ./mesh up",
      }),
    ];
  });

export const tokenLives: Check = (facts, report) =>
  remoteEntries(facts).flatMap(({ subject, access }) => {
    if (!access.denied.ok) return [];
    if (access.expires === undefined) return [report.pass(subject, "the token does not expire")];
    const days = Math.floor((Date.parse(access.expires) - Date.parse(facts.time)) / DAY_MS);
    if (days >= WARN_DAYS) return [report.pass(subject, `the token expires in ${days} days`)];
    return [
      report.warn(subject, `the token expires in ${days} days`, {
        reason: "istiod loses the peer's endpoints at its next restart after that",
        cause: "the remote Secret was created with a token that expires, and nothing renews it",
        remedy: WIRE,
      }),
    ];
  });

/** What each pod of istiod itself says; left to the checks above where they have found why it cannot be synced. */
export const peerSynced: Check = (facts, report) =>
  readPairs(facts).flatMap(({ pair, from, to }): Finding[] => {
    const subject = { cluster: pair.from, peer: pair.to };
    if (from.state.remoteSecrets.ok && (pair.access.length === 0 || pair.access.some((a) => !a.denied.ok))) return [];
    const { replicas } = from.state.istiod;
    const behind = replicas.flatMap(({ pod, remotes }) => {
      if (!remotes.ok) return [];
      const status = remotes.value.find((remote) => remote.id === to.state.istiod.clusterName)?.status ?? "unknown to istiod";
      return status === "synced" ? [] : [replicas.length === 1 ? status : `${pod}: ${status}`];
    });
    if (behind.length > 0) {
      return [
        report.fail(subject, behind.join("; "), {
          reason: `istiod of ${pair.from} has not read all of ${pair.to}, and may hand out none of its endpoints, or old ones`,
          cause: "the connection to the peer's API server was lost or never made, or istiod has just started",
          remedy: `${from.kubectl} -n istio-system logs -l app=istiod --tail=-1 | grep -i ${to.state.istiod.clusterName ?? pair.to}; if nothing changes, restart istiod`,
        }),
      ];
    }
    const silent = replicas.flatMap(({ pod, remotes }) => (remotes.ok ? [] : [`${pod}: ${remotes.error}`]));
    if (silent.length > 0) return [report.unknown(subject, `istiod of ${pair.from} did not answer: ${silent.join("; ")}`)];
    if (replicas.length === 0) return [report.unknown(subject, `istiod of ${pair.from} has no ready pod to ask`)];
    return [report.pass(subject, replicas.length === 1 ? "synced" : `synced in ${replicas.length} pods of istiod`)];
  });

export const noOrphans: Check = (facts, report) =>
  readClusters(facts).flatMap((cluster): Finding[] => {
    const subject = { cluster: cluster.key };
    const secrets = cluster.state.remoteSecrets;
    if (!secrets.ok) return [report.unknown(subject, `the remote Secrets cannot be read: ${secrets.error}`)];
    const left = strangers(secrets.value, facts);
    if (left.length === 0) return [report.pass(subject, `${secrets.value.length} entries in remote Secrets, all of clusters of the mesh`)];
    const unread = facts.clusters.filter((c) => c.state === undefined).map((c) => c.key);
    const names = left.map((entry) => `${entry.secret} has the key ${entry.key}`);
    // The name of a cluster that could not be read is not known: the entry may be its.
    if (unread.length > 0) return [report.unknown(subject, `${names.join("; ")}, which may be the name of ${unread.join(" or ")}, which could not be read`)];
    return [
      report.fail(subject, names.join("; "), {
        reason: "istiod keeps trying to read a cluster that does not belong to the mesh, or hands out endpoints that are gone",
        cause: "a cluster left the mesh, or was renamed, and its remote Secret was left behind",
        remedy: `./mesh up; in another mesh: ${cluster.kubectl} -n istio-system delete secret ${left.map((e) => e.secret.split("/")[1]).join(" ")}`,
      }),
    ];
  });

/** How fast a peer is read through its gateway, and whether that is the only way. */
function throughSeen({ host, latencyMs, apiServer }: ThroughFacts): string {
  const list = latencyMs === undefined ? "" : `, a list in ${Math.ceil(latencyMs)} ms`;
  return ` for ${host}${list}${apiServer?.ok && apiServer.value.accepted ? "; the API server itself is reachable as well, which no peer needs" : ""}`;
}

/** The entries whose key is not the name of a cluster of the mesh. */
function strangers(all: readonly RemoteSecretFacts[], facts: Parameters<Check>[0]): RemoteSecretFacts[] {
  const names = new Set(readClusters(facts).map((c) => c.state.istiod.clusterName));
  return all.filter((entry) => !names.has(entry.key));
}
