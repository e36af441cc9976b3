import { type Diagnosis, type Finding, reporter } from "../finding";
import { type Check, knownPairs } from "./context";

const request = reporter("traffic", "request");
const identity = reporter("traffic", "identity");

/** A request for every ordered pair, answered by the right cluster. Nothing where the traffic was left out. */
export const requestsArrive: Check = (facts) =>
  knownPairs(facts).flatMap(({ pair }): Finding[] => {
    const place = { cluster: pair.from, peer: pair.to };
    if (pair.traffic === undefined) return [];
    if (!pair.traffic.ok) return [request.fail(place, pair.traffic.error, unanswered(pair.from))];
    const { status, servedBy, latencyMs } = pair.traffic.value;
    if (status === 200 && servedBy === pair.to) return [request.pass(place, `200 in ${latencyMs} ms`)];
    if (status === 200) return [request.fail(place, `answered by ${servedBy ?? "something else"}`, misled)];
    return [request.fail(place, `HTTP ${status}`, status === 403 ? denied : unanswered(pair.from))];
  });

export const identitySeen: Check = (facts) =>
  knownPairs(facts).flatMap(({ pair, from }): Finding[] => {
    if (!pair.traffic?.ok || pair.traffic.value.status !== 200) return [];
    const place = { cluster: pair.from, peer: pair.to };
    const seen = pair.traffic.value.clientIdentity;
    const domain = from.state.istiod.trustDomain ?? "cluster.local";
    if (seen !== undefined && new RegExp(`^spiffe://${domain.replaceAll(".", "\\.")}/ns/usmesh-verify-[0-9a-f]+/sa/prober$`).test(seen)) {
      return [identity.pass(place, `mutual TLS as ${seen}`)];
    }
    return [
      identity.fail(place, seen === undefined ? "no mutual TLS: the server saw no client certificate" : `the server saw ${seen}`, {
        reason: "policies across clusters decide by this identity",
        cause: "mutual TLS is off for these workloads, or the trust domain differs",
        remedy: "look for PeerAuthentication and DestinationRule resources that switch mutual TLS off: kubectl get peerauthentication,destinationrule -A",
      }),
    ];
  });

const denied: Diagnosis = {
  reason: "the server's proxy refused the request: RBAC",
  cause: "an AuthorizationPolicy for the whole mesh or for all namespaces denies it",
  remedy: "kubectl get authorizationpolicy -A in the peer; allow what should pass, or leave traffic out with --no-traffic",
};

const misled: Diagnosis = {
  reason: "a request for one cluster is answered by another",
  cause: "two clusters share a name, a network or a gateway's address",
  remedy: "compare the findings under identity",
};

function unanswered(from: string): Diagnosis {
  return {
    reason: `a pod of ${from} gets no answer from a service of the peer`,
    cause: "what the findings above this one name; without any, the configuration had not arrived within the time given",
    remedy: "mend those first; else run again with a longer --timeout",
  };
}
