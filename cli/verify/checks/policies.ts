import type { Finding, FindingFactory } from "../finding";
import type { PolicyFacts } from "../routing-facts";
import { type Check, type ReadCluster, readClusters } from "./context";

/** Istio takes it for whatever the mesh's own trust domain is. */
const OWN_TRUST_DOMAIN = "cluster.local";

const PRINCIPAL = /^([^/]+)\/ns\/([^/]+)\/sa\/([^/]+)$/;

/** Whether each client that a policy names can exist: a misspelt one is denied, or not denied, without a word. */
export const principalsExist: Check = (facts, report) => {
  const all = readClusters(facts);
  const unread = facts.clusters.filter(({ state }) => state === undefined).map(({ key }) => key);
  return all.flatMap((cluster): Finding[] => {
    const subject = { cluster: cluster.key };
    const { policies } = cluster.state;
    if (!policies.ok) return [report.unknown(subject, policies.error)];
    if (policies.value.length === 0) return [report.skip(subject, "no AuthorizationPolicy names a client")];
    const found = policies.value.flatMap((policy) => policy.principals.flatMap((principal) => judge(principal, policy, cluster, { all, unread }, report) ?? []));
    return found.length > 0 ? found : [report.pass(subject, policies.value.map(({ name, principals }) => `${name} names ${principals.join(", ")}`).join("; "))];
  });
};

/** What is wrong with a client that a policy names; undefined when nothing is. */
function judge(
  principal: string,
  { name }: PolicyFacts,
  cluster: ReadCluster,
  { all, unread }: { all: readonly ReadCluster[]; unread: readonly string[] },
  report: FindingFactory,
): Finding | undefined {
  const subject = { cluster: cluster.key };
  const seen = `AuthorizationPolicy ${name} names ${principal}`;
  const [namespace, policy] = name.split("/");
  const diagnosis = (cause: string) => ({
    reason: "the policy does not mean the workload that it was written for: an ALLOW denies it, and a DENY lets it pass",
    cause,
    remedy: `${cluster.kubectl} -n ${namespace} edit authorizationpolicy ${policy}; istioctl proxy-config secret shows the identity of a workload`,
  });
  const [, trustDomain = "", ns, account] = PRINCIPAL.exec(principal) ?? [];
  if (ns === undefined) return report.fail(subject, `${seen}, which no workload can have`, diagnosis("a principal is written as TRUST-DOMAIN/ns/NAMESPACE/sa/SERVICEACCOUNT"));
  const { trustDomain: own, trustDomainAliases: aliases } = cluster.state.istiod;
  if (![OWN_TRUST_DOMAIN, own, ...aliases].includes(trustDomain)) {
    return report.fail(subject, `${seen}: the mesh's trust domain is ${own}`, diagnosis("the policy was written for another trust domain"));
  }
  const identity = `${ns}/${account}`;
  if (all.some(({ state }) => state.identities.includes(identity))) return undefined;
  const accounts = all.map(({ state }) => state.accounts);
  if (accounts.some((listed) => listed.ok && listed.value.includes(identity))) {
    return report.warn(subject, `${seen}: no workload of the mesh runs as it`, diagnosis("the workload is not deployed, or has no sidecar"));
  }
  const unlisted = all.filter(({ state }) => !state.accounts.ok).map(({ key }) => key);
  const hidden = [...unread, ...unlisted];
  if (hidden.length > 0) return report.unknown(subject, `${seen}: not in the clusters that could be read; the ServiceAccounts of ${hidden.join(" and ")} could not`);
  return report.fail(subject, `${seen}: no cluster has this ServiceAccount`, diagnosis("it is misspelt, in another namespace, or was renamed"));
}
