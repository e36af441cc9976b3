import type { Result } from "./result";

/** What `verify` learns of where a cluster's requests go, and by which rules they go elsewhere or are denied: part of the cluster's state. */
export interface RoutingState {
  /** Where the cluster's proxies send requests for services that have endpoints only in other clusters; undefined in a cluster without a proxy. */
  readonly remoteServices: Result<readonly RemoteServiceFacts[] | undefined>;
  readonly destinationRules: Result<readonly RuleFacts[]>;
  /** Services with ready endpoints here and in other clusters, as one of the cluster's proxies has them; undefined in a cluster without a proxy. */
  readonly sharedServices: Result<readonly SharedServiceFacts[] | undefined>;
  /** The AuthorizationPolicies that name clients. */
  readonly policies: Result<readonly PolicyFacts[]>;
  /** Mode of the PeerAuthentication for the whole mesh, such as `STRICT`; undefined without one that sets it. */
  readonly mutualTls: Result<string | undefined>;
  /** Every ServiceAccount, as `namespace/name`. */
  readonly accounts: Result<readonly string[]>;
  /** ServiceAccounts of the pods with a sidecar, as `namespace/name`, each once. */
  readonly identities: readonly string[];
}

export interface RemoteServiceFacts {
  /** `name.namespace`. */
  readonly service: string;
  /** Keys of the clusters where it has endpoints. */
  readonly clusters: readonly string[];
  readonly endpoints: readonly { readonly address: string; readonly port: number }[];
}

/** A DestinationRule, as far as failover depends on it. */
export interface RuleFacts {
  /** `namespace/name`. */
  readonly name: string;
  /** Host with its domain, such as `web.shop.svc.cluster.local` or `*.local`. */
  readonly host: string;
  /** Whether it turns priorities by locality `on` or `off`; undefined where it says nothing. */
  readonly locality?: "on" | "off";
  readonly outlierDetection: boolean;
}

export interface SharedServiceFacts {
  /** `name.namespace`. */
  readonly service: string;
  readonly endpoints: readonly LocatedEndpoint[];
}

export interface LocatedEndpoint {
  readonly address: string;
  /** Region of the node that it runs on; undefined where istiod knows none. */
  readonly region?: string;
  /** 0 is asked first; the others only as far as those before are not healthy. */
  readonly priority: number;
}

export interface PolicyFacts {
  /** `namespace/name`. */
  readonly name: string;
  /** Clients that it names one by one, as `TRUST-DOMAIN/ns/NAMESPACE/sa/NAME`. Patterns are left out. */
  readonly principals: readonly string[];
}
