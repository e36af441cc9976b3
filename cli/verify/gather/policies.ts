import { ISTIO_NAMESPACE } from "../../../topology/names";
import type { Kube } from "../kube";
import type { PolicyFacts, RoutingState, RuleFacts } from "../routing-facts";
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

interface PeerAuthentication {
  metadata: Meta;
  spec?: { selector?: object; mtls?: { mode?: string } };
}

type Policies = Pick<RoutingState, "destinationRules" | "policies" | "mutualTls" | "accounts">;

/** The DestinationRules, and the AuthorizationPolicies that name clients, in all namespaces; and what the mesh says of mutual TLS. */
export async function gatherPolicies(kube: Kube): Promise<Policies> {
  const [destinationRules, policies, mutualTls, accounts] = await Promise.all([
    attempt(async () => (await kube.list<DestinationRule>("/apis/networking.istio.io/v1/destinationrules")).map(ruleOf)),
    attempt(async () => (await kube.list<AuthorizationPolicy>("/apis/security.istio.io/v1/authorizationpolicies")).flatMap(policyOf)),
    attempt(async () => {
      const found = await kube.list<PeerAuthentication>(`/apis/security.istio.io/v1/namespaces/${ISTIO_NAMESPACE}/peerauthentications`);
      return found.find(({ spec }) => spec?.selector === undefined)?.spec?.mtls?.mode;
    }),
    attempt(async () => (await kube.listMetadata<{ metadata: Meta }>("/api/v1/serviceaccounts")).map(({ metadata }) => slashed(metadata))),
  ]);
  return { destinationRules, policies, mutualTls, accounts };
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
