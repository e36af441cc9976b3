import type { X509Certificate } from "node:crypto";
import type { ThroughFacts } from "../facts-discovery";
import type { Finding, FindingFactory } from "../finding";
import { DISCOVERY_NAMESPACE, DISCOVERY_PROXY, NO_SECRETS_NAMESPACE } from "../../../topology/discovery";
import { certificates, daysLeft, parsable, rootOf } from "./certificates";
import { type Check, type Entry, readClusters, remoteEntries } from "./context";

/** A proxy's certificate that ends within so many days is a warning: `up` renews it thirty days before its end. */
const WARN_DAYS = 14;

export const proxyServes: Check = (facts, report) =>
  readClusters(facts).map((cluster): Finding => {
    const subject = { cluster: cluster.key };
    const asked = [...new Set(facts.pairs.filter(({ to }) => to === cluster.key).flatMap(({ access }) => access.flatMap(({ through }) => through?.host ?? [])))];
    const found = cluster.state.discovery;
    if (!found.ok) return report.unknown(subject, `its Deployment cannot be read: ${found.error}`);
    const discovery = found.value;
    if (discovery === undefined && asked.length === 0) return report.skip(subject, "peers read it at its API server");
    const commands = `${cluster.kubectl} -n ${DISCOVERY_NAMESPACE}`;
    const reason = "peers no longer learn of changes here, and an istiod that restarts there starts without this cluster's endpoints";
    if (discovery === undefined) {
      return report.fail(subject, `there is no Deployment ${DISCOVERY_NAMESPACE}/${DISCOVERY_PROXY}, and peers ask for ${asked.join(", ")}`, {
        reason,
        cause: "it was deleted, or the cluster is read at its API server again and the peers have not been brought up since",
        remedy: "./mesh up on this cluster's stack, then on the peers'",
      });
    }
    const { ready, wanted, hosts } = discovery;
    const replicas = `${ready} of ${wanted} replicas ready`;
    if (ready === 0) {
      const remedy = wanted === 0 ? `${commands} scale deployment ${DISCOVERY_PROXY} --replicas=1` : `${commands} describe pods; ${commands} logs deployment/${DISCOVERY_PROXY}`;
      return report.fail(subject, replicas, { reason, cause: "it was scaled to zero, its pods cannot start, or the API server is not ready", remedy });
    }
    const missing = asked.filter((host) => !hosts.includes(host));
    if (missing.length > 0) {
      return report.fail(subject, `no Gateway passes ${missing.join(", ")} on, on port 15443`, {
        reason,
        cause: `the Gateway ${DISCOVERY_PROXY} was deleted or changed`,
        remedy: "./mesh up",
      });
    }
    if (ready < wanted) {
      return report.warn(subject, replicas, { reason: "fewer replicas than intended serve all peers", cause: "a node is lost, or has no room", remedy: `${commands} describe pods` });
    }
    return report.pass(subject, `${replicas}; ${hosts.join(", ")}`);
  });

export const certificateValid: Check = (facts, report) =>
  throughs(facts).flatMap((entry): Finding[] => {
    const { chain } = entry.through;
    // When nothing answers, the check of the server reports it.
    if (!chain.ok) return entry.access.denied.ok ? [report.unknown(entry.subject, `the proxy's certificate was not seen: ${chain.error}`)] : [];
    const [leaf] = certificates(chain.value);
    return [leaf === undefined ? report.unknown(entry.subject, "the proxy presents no certificate") : judgeCertificate(leaf, entry, facts.time, report)];
  });

function judgeCertificate(leaf: X509Certificate, { subject, through, to }: Through, time: string, report: FindingFactory): Finding {
  const reason = `istiod of ${subject.cluster} refuses the connection when it makes a new one`;
  const isTrusted = rootOf([leaf], parsable(through.authorities)) !== undefined;
  if (!isTrusted || leaf.checkHost(through.host) === undefined) {
    return report.fail(subject, isTrusted ? `the certificate is not for ${through.host}` : "the certificate is not from an authority in the remote Secret", {
      reason,
      cause: `the authority of ${subject.peer} was replaced, and this cluster's stack has not been brought up since; or something in between ends TLS`,
      remedy: "./mesh up on both stacks",
    });
  }
  const days = daysLeft(leaf, time);
  if (days >= WARN_DAYS) return report.pass(subject, `from the authority in the remote Secret, for ${days} days more`);
  const renewal = { cause: "`up` renews it thirty days before its end, and has not been run since", remedy: `./mesh up on the stack of ${to.key}` };
  if (days < 0) return report.fail(subject, `the certificate expired on ${leaf.validTo}`, { reason, ...renewal });
  return report.warn(subject, `the certificate expires in ${days} days`, { reason: `after that, ${reason}`, ...renewal });
}

/** Anyone with the remote Secret can do what its token permits, so that should be what istiod needs and nothing else. */
export const privilegesLeast: Check = (facts, report) =>
  remoteEntries(facts).flatMap(({ subject, access, to }): Finding[] => {
    if (!access.denied.ok || access.excess === undefined) return [];
    const { excess, through } = access;
    if (!excess.ok) return [report.unknown(subject, `what the token may do is not known: ${excess.error}`)];
    const reason = `whoever reads the remote Secret of ${subject.cluster} can do the same in ${subject.peer}`;
    if (through?.secrets.ok && through.secrets.value > 0) {
      return [
        report.fail(subject, `the proxy lists Secrets: namespace ${NO_SECRETS_NAMESPACE} holds some`, {
          reason: `every peer can read what is in ${NO_SECRETS_NAMESPACE}`,
          cause: "somebody has created a Secret there, after removing the quota that forbids it",
          remedy: `${to.kubectl} -n ${NO_SECRETS_NAMESPACE} delete secrets --all, and renew what was in them; ./mesh up restores the quota`,
        }),
      ];
    }
    if (excess.value.length === 0) return [report.pass(subject, "the token may read what istiod needs, and nothing else")];
    const seen = `the token may ${excess.value.join("; ")}`;
    if (through === undefined) {
      return [
        report.warn(subject, seen, {
          reason,
          cause: "Istio's own reader role includes every Secret, the CA's private key among them",
          remedy: `usmesh:peering.through: gateway in the stack of ${to.key}; Istio itself has no remedy`,
        }),
      ];
    }
    return [
      report.fail(subject, seen, {
        reason,
        cause: `a role was bound to the accounts in ${DISCOVERY_NAMESPACE}, or to all accounts, by somebody else`,
        remedy: `${to.kubectl} get clusterrolebindings,rolebindings -A -o wide | grep -e ${DISCOVERY_NAMESPACE} -e system:serviceaccounts -e system:authenticated`,
      }),
    ];
  });

interface Through extends Entry {
  readonly through: ThroughFacts;
}

function throughs(facts: Parameters<Check>[0]): Through[] {
  return remoteEntries(facts).flatMap((entry) => (entry.access.through === undefined ? [] : [{ ...entry, through: entry.access.through }]));
}
