import type { Diagnosis, Finding } from "../finding";
import { type Check, readClusters, readPairs } from "./context";

/** Of a pair without an answer of any kind. A run without traffic does not come this far. */
const UNASKED = "no request was sent";

/** A request for every ordered pair, answered by the right cluster. */
export const requestsArrive: Check = (facts, report) =>
  readPairs(facts).flatMap(({ pair: { from, to, traffic } }) => {
    const subject = { cluster: from, peer: to };
    if (traffic === undefined) return [report.unknown(subject, UNASKED)];
    if (!traffic.ok) return [report.unknown(subject, traffic.error)];
    if ("notStarted" in traffic.value) return [report.fail(subject, traffic.value.notStarted, notStarted)];
    const { status, servedBy, latencyMs } = traffic.value;
    if (status === 200 && servedBy === to) return [report.pass(subject, `200 in ${latencyMs} ms`)];
    if (status === 200) return [report.fail(subject, `answered by ${servedBy ?? "something else"}`, wrongCluster)];
    return [report.fail(subject, `HTTP ${status}`, status === 403 ? denied : unanswered(from))];
  });

/** Who the server saw as the client. Nothing where no answer came: the check above reports that. */
export const identitySeen: Check = (facts, report) =>
  readPairs(facts).flatMap(({ pair: { from, to, traffic }, from: client }) => {
    const subject = { cluster: from, peer: to };
    if (traffic === undefined) return [report.unknown(subject, UNASKED)];
    if (!traffic.ok) return [report.unknown(subject, traffic.error)];
    if ("notStarted" in traffic.value || traffic.value.status !== 200) return [];
    const seen = traffic.value.clientIdentity;
    const domain = client.state.istiod.trustDomain ?? "cluster.local";
    if (seen !== undefined && new RegExp(`^spiffe://${domain.replaceAll(".", "\\.")}/ns/usmesh-verify-[0-9a-f]+/sa/prober$`).test(seen)) {
      return [report.pass(subject, `mutual TLS as ${seen}`)];
    }
    return [
      report.fail(subject, seen === undefined ? "no mutual TLS: the server saw no client certificate" : `the server saw ${seen}`, {
        reason: "policies across clusters decide by this identity",
        cause: "mutual TLS is off for these workloads, or the trust domain differs",
        remedy: "look for PeerAuthentication and DestinationRule resources that turn mutual TLS off: kubectl get peerauthentication,destinationrule -A",
      }),
    ];
  });

/** Whether workloads refuse requests without mutual TLS. */
export const refusesPlaintext: Check = (facts, report) =>
  readClusters(facts).flatMap((cluster): Finding[] => {
    const subject = { cluster: cluster.key };
    const { plaintext, state } = cluster;
    if (plaintext === undefined) return [];
    if (!plaintext.ok) return [report.unknown(subject, plaintext.error)];
    if (!plaintext.value.accepted) return [report.pass(subject, "a request in plain text is refused")];
    const how = {
      reason: "whoever reaches a pod can send it requests without an identity; policies by identity do not stop all of them",
      cause: "no PeerAuthentication for the whole mesh, or one that is not STRICT",
      remedy: "./mesh up; in another mesh: a PeerAuthentication in istio-system with mode STRICT, or PERMISSIVE where that is meant",
    };
    const isMeant = state.mutualTls.ok && state.mutualTls.value === "PERMISSIVE";
    return [isMeant ? report.warn(subject, "a request in plain text is answered: the mesh is PERMISSIVE", how) : report.fail(subject, "a request in plain text is answered", how)];
  });

const notStarted: Diagnosis = {
  reason: "the cluster does not run a workload of the mesh",
  cause: "istiod's webhook for injection does not answer, or the nodes have no room or no access to the proxy's image",
  remedy: "fix what fails under identity and clusters; then kubectl get events -A --field-selector type=Warning",
};

const denied: Diagnosis = {
  reason: "the server's proxy refused the request: RBAC",
  cause: "an AuthorizationPolicy for the whole mesh or for all namespaces denies it",
  remedy: "kubectl get authorizationpolicy -A in the peer; allow what should pass, or leave traffic out with --no-traffic",
};

const wrongCluster: Diagnosis = {
  reason: "a request for one cluster is answered by another",
  cause: "two clusters share a name, a network or a gateway's address",
  remedy: "compare the findings under identity",
};

function unanswered(from: string): Diagnosis {
  return {
    reason: `a pod of ${from} gets no answer from a service of the peer`,
    cause: "what the failures above this one name; without any, the configuration had not arrived within the time given",
    remedy: "fix those first; else run again with a longer --timeout",
  };
}
