import { namespaceIn, type ControlPlane, type RevisionFacts } from "../revision-facts";
import type { Finding, FindingFactory, Subject } from "../finding";
import { type Check, type ReadCluster, readClusters } from "./context";

/** How many names a finding lists before it counts the rest. */
const MAX_NAMES = 10;

/** A check of one cluster's revisions; unknown where the webhooks may not be read. */
function each(judge: (facts: RevisionFacts, subject: Subject, report: FindingFactory, cluster: ReadCluster) => Finding[]): Check {
  return (facts, report) =>
    readClusters(facts).flatMap((cluster) => {
      const subject = { cluster: cluster.key };
      const { revisions } = cluster.state;
      return revisions.ok ? judge(revisions.value, subject, report, cluster) : [report.unknown(subject, `the webhooks cannot be read: ${revisions.error}`)];
    });
}

export const tagsLead = each(({ istiods, injectors }, subject, report, { kubectl }) => {
  const runs = (revision: string): boolean => istiods.some((istiod) => istiod.revision === revision && istiod.ready > 0);
  if (istiods.length === 0) return [report.skip(subject, "no istiod runs")];
  const broken = injectors.filter(({ revision }) => !runs(revision));
  if (broken.length === 0) return [report.pass(subject, istiods.map((istiod) => described(istiod, injectors)).join(", "))];
  return [
    report.fail(subject, broken.map(({ name, revision, tag }) => `${tag === undefined ? `webhook ${name}` : `tag ${tag}`} leads to revision ${revision}, of which no istiod is ready`).join("; "), {
      reason: "pods that it serves cannot be created",
      cause: "istiod of that revision does not start, or was removed before the tag was moved",
      remedy: `./mesh up; ${kubectl} -n istio-system get deployments -l app=istiod`,
    }),
  ];
});

export const namespacesServed = each(({ namespaces }, subject, report, { kubectl }) => {
  const without = namespaces.filter(({ revision }) => revision === undefined);
  if (without.length === 0) return [report.pass(subject, namespaces.length === 0 ? "no namespace asks for sidecars" : namespaces.map(({ namespace, revision }) => `${namespace}: ${revision}`).join(", "))];
  return [
    report.fail(subject, without.map(({ namespace, label }) => `${namespace} (${label})`).join(", "), {
      reason: "no istiod serves this label: pods that start there have no sidecar, and strict peers refuse them",
      cause: "the label names a revision or a tag that no longer exists",
      remedy: `${kubectl} label namespace ${without[0]?.namespace} istio.io/rev- istio-injection=enabled --overwrite, and restart its workloads`,
    }),
  ];
});

export const noneRetired = each(({ istiods, proxies }, subject, report, { kubectl }) => {
  if (istiods.length === 0) return [report.skip(subject, "no istiod runs")];
  const orphans = proxies.filter(({ revision }) => !istiods.some((istiod) => istiod.revision === revision));
  if (orphans.length === 0) return [report.pass(subject, `${proxies.length} proxies, each of a revision that runs`)];
  return [
    report.fail(subject, orphans.map(({ id, revision }) => `${id} (${revision})`).join(", "), {
      reason: "their istiod no longer exists: they get no updates, and their certificates end within a day",
      cause: "a revision was removed before these pods were restarted",
      remedy: restart(kubectl, orphans[0]?.id),
    }),
  ];
});

export const allRestarted = each(({ istiods, proxies }, subject, report, { kubectl }) => {
  const runs = (revision: string): boolean => istiods.some((istiod) => istiod.revision === revision);
  // Those without an istiod are a failure by themselves.
  const behind = proxies.filter(({ revision, next }) => next !== undefined && next !== revision && runs(revision));
  if (behind.length === 0) return [report.pass(subject, `${proxies.length} proxies, each of the revision that it would get today`)];
  const names = behind.slice(0, MAX_NAMES).map(({ id, revision, next }) => `${id} (${revision}, would be ${next})`);
  const rest = behind.length - names.length;
  return [
    report.warn(subject, [...names, ...(rest > 0 ? [`and ${rest} more`] : [])].join(", "), {
      reason: "these pods have the proxy of another revision, which an upgrade is to remove",
      cause: "the tag was moved and these pods were not restarted since",
      remedy: restart(kubectl, behind[0]?.id),
    }),
  ];
});

function described({ revision, version, ready, total }: ControlPlane, injectors: RevisionFacts["injectors"]): string {
  const tags = injectors.flatMap((injector) => (injector.revision === revision && injector.tag !== undefined ? [`tag ${injector.tag}`] : []));
  return `${revision} ${[version ?? "of unknown version", `${ready} of ${total} ready`, ...tags].join(", ")}`;
}

function restart(kubectl: string, id: string | undefined): string {
  return `${kubectl} -n ${id === undefined ? "NAMESPACE" : namespaceIn(id)} rollout restart deployment`;
}
