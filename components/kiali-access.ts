import { ServiceAccount } from "@pulumi/kubernetes/core/v1";
import { ClusterRole, ClusterRoleBinding } from "@pulumi/kubernetes/rbac/v1";
import * as pulumi from "@pulumi/pulumi";
import type { ReaderCredentials } from "./istio-primary";
import { accountToken, issued } from "./kubernetes/account-token";
import { childOptions } from "./kubernetes/child-options";
import { kialiRules } from "./observability/kiali-rules";
import { KIALI } from "./charts/kiali-values";

export interface KialiAccessArgs {
  /** Namespace of Kiali, and of the account. */
  readonly namespace: pulumi.Input<string>;
  /** Generations of the account's token that exist, oldest first; other clusters get the newest. Default: `[1]`. */
  readonly generations?: readonly number[];
}

/** Account whose token the Kiali of other clusters has. */
const READER = "kiali-reader";
/** Its token, as messages name it. */
const TOKEN = "the token of Kiali's reader";
/** Name of the permissions, which no namespace holds. */
const ROLE = "usmesh-kiali";

/**
 * What Kiali may read in a cluster, with an account for the Kiali of other clusters: it can get, list and watch what Kiali shows, and no
 * Secret. It is not an account that istiod reads with.
 */
export class KialiAccess extends pulumi.ComponentResource {
  /** What other clusters' Kiali read this cluster's API server with. Secret. */
  readonly credentials: pulumi.Output<ReaderCredentials>;

  /** @param opts the cluster's provider, and what the component is deleted with */
  constructor(name: string, args: KialiAccessArgs, opts?: pulumi.ComponentResourceOptions) {
    const { namespace, generations = [1] } = args;
    super("usmesh:index:KialiAccess", name, { namespace, generations }, opts);
    const child = childOptions(this, opts);

    // A pod that somebody starts with the account must not get its token by itself.
    const account = new ServiceAccount(`${name}-account`, { metadata: { name: READER, namespace }, automountServiceAccountToken: false }, child());
    const rules = kialiRules().map(({ apiGroups, resources, verbs }) => ({ apiGroups: [...apiGroups], resources: [...resources], verbs: [...verbs] }));
    const role = new ClusterRole(`${name}-role`, { metadata: { name: ROLE }, rules }, child());
    new ClusterRoleBinding(
      `${name}-binding`,
      {
        metadata: { name: ROLE },
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role.metadata.name },
        // The cluster's own Kiali reads with the account of its pod.
        subjects: [READER, KIALI].map((subject) => ({ kind: "ServiceAccount", name: subject, namespace })),
      },
      child(),
    );
    const tokens = generations.map((generation) =>
      accountToken(`${name}-token-${generation}`, { secret: `${READER}-${generation}`, namespace, account: account.metadata.name }, child()),
    );
    const newest = tokens.at(-1);
    if (newest === undefined) throw new Error(`${name}: generations must not be empty`);
    this.credentials = pulumi.secret(newest.data.apply((data) => ({ caCertificate: issued(data["ca.crt"], TOKEN), token: issued(data["token"], TOKEN) })));
    this.registerOutputs({ credentials: this.credentials });
  }
}
