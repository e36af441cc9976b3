import { type Finding, reporter } from "../finding";
import { isLoopback } from "../gather/access";
import { type Check, known, knownPairs } from "./context";

const secret = reporter("discovery", "secret");
const server = reporter("discovery", "server");
const token = reporter("discovery", "token");
const permissions = reporter("discovery", "permissions");
const lifetime = reporter("discovery", "token-lifetime");
const synced = reporter("discovery", "synced");
const orphans = reporter("discovery", "orphans");

const DAY_MS = 86_400_000;
const WIRE = "./mesh up; in another mesh: istioctl create-remote-secret for the peer, applied to this cluster";

export const secretPresent: Check = (facts) =>
  knownPairs(facts).map(({ pair, from, to }): Finding => {
    const place = { cluster: pair.from, peer: pair.to };
    const name = to.state.istiod.clusterName ?? pair.to;
    const entries = pair.access.map((a) => a.secret);
    if (entries.length === 1) return secret.pass(place, `${entries[0]} has the key ${name}`);
    if (entries.length > 1) {
      return secret.fail(place, `${entries.join(" and ")} all have the key ${name}`, {
        reason: "istiod takes the first and ignores the rest: which one is chance",
        cause: "the peer was wired twice, by different tools",
        remedy: `${from.kubectl} -n istio-system delete secret ${entries.slice(1).map((e) => e.split("/")[1]).join(" ")}`,
      });
    }
    const stranger = strangers(from.state.remoteSecrets, facts).map((e) => e.key);
    return secret.fail(place, `no remote Secret has the key ${name}`, {
      reason: `istiod of ${pair.from} reads nothing from ${pair.to}: its services do not exist here`,
      cause: stranger.length > 0 ? `the key must equal the peer's cluster name; there is ${stranger.join(", ")}, which no member is called` : "the Secret was deleted or never made",
      remedy: WIRE,
    });
  });

export const serverUsable: Check = (facts) =>
  accesses(facts).map(({ place, access }) => {
    if (isLoopback(access.server)) {
      return server.fail(place, `${access.secret} names ${access.server}`, {
        reason: "in istiod's pod a loopback address is istiod itself: the peer is never reached",
        cause: "the kubeconfig was made for this machine, as kind's is, and copied as it was",
        remedy: "./mesh up; in another mesh: istioctl create-remote-secret --server https://<address of the peer's API server>",
      });
    }
    if (!access.denied.ok && access.failure === "unreachable") {
      return server.fail(place, `${access.server}: ${access.denied.error}`, {
        reason: "istiod cannot read the peer at the server that its remote Secret names",
        cause: "the peer's address has changed and may be another server's now, its API server is down, or a firewall is in between",
        remedy: "./mesh up, which reads the address again; in another mesh: make the remote Secret anew",
      });
    }
    if (access.askedAt !== undefined) return server.pass(place, `${access.server}, a name of the cluster's own network; asked at ${access.askedAt}`);
    return server.pass(place, `${access.server} answers`);
  });

export const tokenAccepted: Check = (facts) =>
  accesses(facts).flatMap(({ place, access }) => {
    if (access.denied.ok) return [token.pass(place, "accepted")];
    if (access.failure !== "unauthorized") return [];
    return [
      token.fail(place, access.denied.error, {
        reason: "the peer's API server refuses the token in the remote Secret",
        cause: "the token's Secret or its ServiceAccount was deleted in the peer, the token has ended, or the peer was made anew",
        remedy: "./mesh up on the peer and then here, with usmesh:peering.generation raised by one if the token was revoked on purpose",
      }),
    ];
  });

export const permitted: Check = (facts) =>
  accesses(facts).flatMap(({ place, access }) => {
    if (!access.denied.ok) return [];
    if (access.denied.value.length === 0) return [permissions.pass(place, "may read what istiod needs")];
    return [
      permissions.fail(place, `may not ${access.denied.value.join(", ")}`, {
        reason: "istiod waits for what it may not read, and hands out none of the peer's endpoints",
        cause: "the ClusterRole of istio-reader-service-account was changed in the peer, or belongs to an older Istio",
        remedy: "install Istio's base and istiod charts anew in the peer: ./mesh up",
      }),
    ];
  });

export const tokenLives: Check = (facts) =>
  accesses(facts).flatMap(({ place, access }) => {
    if (!access.denied.ok) return [];
    if (access.expires === undefined) return [lifetime.pass(place, "the token does not end")];
    const days = Math.floor((Date.parse(access.expires) - Date.parse(facts.time)) / DAY_MS);
    if (days >= 7) return [lifetime.pass(place, `the token ends in ${days} days`)];
    return [
      lifetime.warn(place, `the token ends in ${days} days`, {
        reason: "istiod loses the peer's endpoints at its next restart after that",
        cause: "the remote Secret was made with a token that ends, and nothing renews it",
        remedy: WIRE,
      }),
    ];
  });

/** What istiod itself says; left to the checks above where they have found why it cannot be synced. */
export const peerSynced: Check = (facts) =>
  knownPairs(facts).flatMap(({ pair, from, to }): Finding[] => {
    const place = { cluster: pair.from, peer: pair.to };
    const { remotes } = from.state.istiod;
    if (!remotes.ok) return [synced.skip(place, `istiod of ${pair.from} was not asked: ${remotes.error}`)];
    if (pair.access.length === 0 || pair.access.some((a) => !a.denied.ok)) return [];
    const status = remotes.value.find((remote) => remote.id === to.state.istiod.clusterName)?.status ?? "unknown to istiod";
    if (status === "synced") return [synced.pass(place, "synced")];
    return [
      synced.fail(place, status, {
        reason: `istiod of ${pair.from} has not read all of ${pair.to}, and may hand out none or old endpoints of it`,
        cause: "the connection to the peer's API server was lost or was never made, or istiod has just started",
        remedy: `${from.kubectl} -n istio-system logs deployment/istiod | grep -i ${to.state.istiod.clusterName ?? pair.to}; if it stays so, restart istiod`,
      }),
    ];
  });

export const noOrphans: Check = (facts) =>
  known(facts).flatMap((cluster): Finding[] => {
    // With a cluster that cannot be read, its Secret cannot be told from a stranger's.
    if (facts.clusters.some((c) => c.state === undefined)) return [];
    const left = strangers(cluster.state.remoteSecrets, facts);
    const names = left.map((entry) => `${entry.secret} has the key ${entry.key}`);
    if (left.length === 0) return [orphans.pass({ cluster: cluster.key }, `${cluster.state.remoteSecrets.length} remote Secret entries, all of members`)];
    return [
      orphans.fail({ cluster: cluster.key }, names.join("; "), {
        reason: "istiod keeps trying to read a cluster that is no member, or hands out endpoints that are gone",
        cause: "a member left, or was renamed, and its remote Secret was left behind",
        remedy: `./mesh up; in another mesh: ${cluster.kubectl} -n istio-system delete secret ${left.map((e) => e.secret.split("/")[1]).join(" ")}`,
      }),
    ];
  });

function strangers(entries: readonly { secret: string; key: string }[], facts: Parameters<Check>[0]): { secret: string; key: string }[] {
  const members = new Set(known(facts).map((c) => c.state.istiod.clusterName));
  return entries.filter((entry) => !members.has(entry.key));
}

function accesses(facts: Parameters<Check>[0]) {
  return knownPairs(facts).flatMap(({ pair }) => pair.access.map((access) => ({ place: { cluster: pair.from, peer: pair.to }, access })));
}
