import type { Finding } from "../finding";
import type { RuleFacts, SharedServiceFacts } from "../routing-facts";
import { type Check, type ReadCluster, readClusters } from "./context";
import { covers } from "./hosts";

/** Domain of the Services, with which rules name their hosts. */
const DOMAIN = "svc.cluster.local";

/** Whether what turns priorities by locality on can work: without outlier detection nothing is ever ejected, and istiod gives no priorities. */
export const failsOver: Check = (facts, report) => {
  const clusters = readClusters(facts);
  const configured = clusters.filter((cluster) => rulesOf(cluster).some(isOn));
  return clusters.flatMap((cluster): Finding[] => {
    const subject = { cluster: cluster.key };
    const { destinationRules: rules } = cluster.state;
    if (!rules.ok) return [report.unknown(subject, rules.error)];
    if (!configured.includes(cluster)) {
      const [other] = configured;
      if (other === undefined) return [report.skip(subject, "no DestinationRule turns priorities by locality on")];
      return [
        report.fail(subject, `no DestinationRule turns priorities by locality on, as one in ${other.key} does`, {
          reason: "requests of this cluster are spread over all clusters, and a failing service is not avoided",
          cause: "the rule was deleted, or usmesh:failover is off in the stack of this cluster",
          remedy: "./mesh up, with usmesh:failover.enabled",
        }),
      ];
    }
    const blind = rules.value.filter((rule) => isOn(rule) && !rule.outlierDetection);
    if (blind.length > 0) {
      return [
        report.fail(subject, `no outlierDetection in ${named(blind)}`, {
          reason: "nothing is ever ejected, so istiod gives no priorities: requests are spread over all clusters, and failing endpoints keep getting theirs",
          cause: "localityLbSetting was set without outlierDetection, or that was removed",
          remedy: `./mesh up; for a rule of your own: ${cluster.kubectl} -n ${namespaceOf(blind)} edit destinationrule ${nameOf(blind)}, and add outlierDetection`,
        }),
      ];
    }
    const hiding = sharedOf(cluster).flatMap((service) => hidingRule(service, rules.value) ?? []);
    if (hiding.length === 0) return [report.pass(subject, named(rules.value.filter(isOn)))];
    return [
      report.warn(subject, `${named(hiding)} without outlierDetection`, {
        reason: "a rule for a host replaces the one for all: requests for this host are spread over all clusters, and do not avoid one where it fails",
        cause: "the rule was written for something else, such as the size of a connection pool",
        remedy: `${cluster.kubectl} -n ${namespaceOf(hiding)} edit destinationrule ${nameOf(hiding)}, and add outlierDetection`,
      }),
    ];
  });
};

/** Whether proxies know where endpoints are, and so ask those nearby first. */
export const localitiesKnown: Check = (facts, report) =>
  readClusters(facts).flatMap((cluster): Finding[] => {
    const subject = { cluster: cluster.key };
    const { sharedServices: services } = cluster.state;
    if (!services.ok) return [report.unknown(subject, services.error)];
    if (services.value === undefined) return [report.skip(subject, "no proxy runs here that sends requests to services")];
    if (services.value.length === 0) return [report.skip(subject, "no service of the mesh has endpoints here and in another cluster")];
    const remedy = "label the nodes with their region and zone (./mesh up), then restart the pods that started before";
    const lost = services.value.filter(({ endpoints }) => endpoints.some(({ region }) => region === undefined));
    if (lost.length > 0) {
      const seen = lost.map(({ service, endpoints }) => `${service} at ${endpoints.filter(({ region }) => region === undefined).map(({ address }) => address).join(", ")}`);
      return [
        report.fail(subject, `no region: ${seen.join("; ")}`, {
          reason: "proxies cannot tell whether these endpoints are near, so requests leave the region for no reason",
          cause: "the pods started before their node was labelled with topology.kubernetes.io/region and zone",
          remedy,
        }),
      ];
    }
    const mixed = services.value.filter((service) => failsOverHere(service, cluster) && isMixed(service, cluster));
    if (mixed.length > 0) {
      return [
        report.fail(subject, `endpoints in several regions have the same priority: ${mixed.map(({ service }) => service).join(", ")}`, {
          reason: "requests leave the region although the service is healthy in it",
          cause: "the proxy's own region is not known: it connected to istiod before its node was labelled",
          remedy,
        }),
      ];
    }
    return [report.pass(subject, services.value.map(({ service, endpoints }) => `${service} in ${[...new Set(endpoints.map(({ region }) => region))].join(", ")}`).join("; "))];
  });

const isOn = ({ locality }: RuleFacts): boolean => locality === "on";

function rulesOf({ state: { destinationRules: rules } }: ReadCluster): readonly RuleFacts[] {
  return rules.ok ? rules.value : [];
}

function sharedOf({ state: { sharedServices: services } }: ReadCluster): readonly SharedServiceFacts[] {
  return services.ok ? (services.value ?? []) : [];
}

/** The rule that a proxy takes for a service: the one with the longest host, as Istio chooses among those of all namespaces. */
function ruleFor({ service }: SharedServiceFacts, rules: readonly RuleFacts[]): RuleFacts | undefined {
  const host = `${service}.${DOMAIN}`;
  const matches = rules.filter((rule) => covers(rule.host, host));
  return [...matches].sort((a, b) => Number(b.host === host) - Number(a.host === host) || b.host.length - a.host.length)[0];
}

/** The rule for a service's own host that hides one for many hosts which would fail over. */
function hidingRule(service: SharedServiceFacts, rules: readonly RuleFacts[]): RuleFacts | undefined {
  const rule = ruleFor(service, rules);
  const hidden = ruleFor(service, rules.filter((other) => other !== rule && other.host.startsWith("*")));
  return rule && hidden && isOn(hidden) && rule.locality === undefined && !rule.outlierDetection ? rule : undefined;
}

function failsOverHere(service: SharedServiceFacts, cluster: ReadCluster): boolean {
  const rule = ruleFor(service, rulesOf(cluster));
  return rule !== undefined && isOn(rule) && rule.outlierDetection;
}

/** Whether endpoints of this cluster are asked together with those of another region. */
function isMixed({ endpoints }: SharedServiceFacts, { state }: ReadCluster): boolean {
  const own = new Set(state.nodes.map(({ region }) => region));
  const first = endpoints.filter(({ priority }) => priority === 0);
  return first.some(({ region }) => own.has(region)) && first.some(({ region }) => !own.has(region));
}

function named(rules: readonly RuleFacts[]): string {
  return rules.map(({ name, host }) => `DestinationRule ${name} for ${host}`).join(", ");
}

function namespaceOf([rule]: readonly RuleFacts[]): string {
  return rule?.name.split("/")[0] ?? "";
}

function nameOf([rule]: readonly RuleFacts[]): string {
  return rule?.name.split("/")[1] ?? "";
}
