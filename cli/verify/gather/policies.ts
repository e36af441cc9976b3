import type { Result } from "../facts";
import type { Kube } from "../kube";
import type { PolicyFacts, RuleFacts } from "../routing-facts";
import { hasSidecar } from "./cluster";
import { attempt, type Meta, type Pod, slashed } from "./resources";

interface DestinationRule {
  metadata: Meta;
  spec?: {
    host?: string;
    trafficPolicy?: { loadBalancer?: { localityLbSetting?: { enabled?: boolean } }; outlierDetection?: object };
  };
}

interface AuthorizationPolicy {
  metadata: Meta;
  spec?: { rules?: { from?: { source?: { principals?: string[] } }[] }[] };
}

/** The DestinationRules, and the AuthorizationPolicies that name clients, in all namespaces. */
export async function gatherPolicies(kube: Kube): Promise<{ destinationRules: Result<RuleFacts[]>; policies: Result<PolicyFacts[]>; accounts: Result<string[]> }> {
  const [destinationRules, policies, accounts] = await Promise.all([
    attempt(async () => (await kube.list<DestinationRule>("/apis/networking.istio.io/v1/destinationrules")).map(ruleOf)),
    attempt(async () => (await kube.list<AuthorizationPolicy>("/apis/security.istio.io/v1/authorizationpolicies")).flatMap(policyOf)),
    attempt(async () => (await kube.listMetadata<{ metadata: Meta }>("/api/v1/serviceaccounts")).map(({ metadata }) => slashed(metadata))),
  ]);
  return { destinationRules, policies, accounts };
}

function ruleOf({ metadata, spec }: DestinationRule): RuleFacts {
  const host = spec?.host ?? "";
  const setting = spec?.trafficPolicy?.loadBalancer?.localityLbSetting;
  return {
    name: slashed(metadata),
    // A name without a dot is a Service of the rule's namespace.
    host: host.includes(".") || host === "*" ? host : `${host}.${metadata.namespace ?? "default"}.svc.cluster.local`,
    ...(setting === undefined ? {} : { locality: setting.enabled === false ? ("off" as const) : ("on" as const) }),
    outlierDetection: spec?.trafficPolicy?.outlierDetection !== undefined,
  };
}

function policyOf({ metadata, spec }: AuthorizationPolicy): PolicyFacts[] {
  const named = (spec?.rules ?? []).flatMap((rule) => (rule.from ?? []).flatMap(({ source }) => source?.principals ?? []));
  const principals = [...new Set(named.filter((principal) => !principal.includes("*")))];
  return principals.length === 0 ? [] : [{ name: slashed(metadata), principals }];
}

/** The ServiceAccounts that pods with a sidecar run as, as `namespace/name`, each once. */
export function identitiesOf(pods: readonly Pod[]): string[] {
  const named = pods.filter(hasSidecar).map(({ metadata, spec }) => `${metadata.namespace ?? "default"}/${spec.serviceAccountName ?? "default"}`);
  return [...new Set(named)];
}
