import { ServiceAccount, type Secret } from "@pulumi/kubernetes/core/v1";
import type { input } from "@pulumi/kubernetes/types";
import { ClusterRole, ClusterRoleBinding, Role, RoleBinding } from "@pulumi/kubernetes/rbac/v1";
import * as pulumi from "@pulumi/pulumi";
import { accountName, DISCOVERY_ROLE, tokenName, type DiscoveryPeer } from "../../topology/discovery";
import { accountToken, issued } from "../kubernetes/account-token";
import type { ChildOptions } from "../kubernetes/child-options";
import { meshConfigRules, noSecretsRules, peerRules, type Rule } from "./rules";

/** Where accounts, tokens and roles are created, each namespace known once it exists. */
export interface Namespaces {
  /** Of the accounts and their tokens. */
  readonly discovery: pulumi.Input<string>;
  /** The one that holds no Secret. */
  readonly noSecrets: pulumi.Input<string>;
  /** Of the control plane. */
  readonly system: pulumi.Input<string>;
}

/**
 * An account for each peer, and its tokens: one for each generation. All accounts have the same roles.
 *
 * @returns `tokens`, by account: the token of the newest generation, secret; and `bindings`: what gives the accounts their roles
 */
export function peerAccounts(
  name: string,
  peers: readonly DiscoveryPeer[],
  generations: readonly number[],
  namespaces: Namespaces,
  child: ChildOptions,
): { readonly tokens: Record<string, pulumi.Output<string>>; readonly bindings: readonly pulumi.Resource[] } {
  const accounts = peers.map((peer) => ({ peer, account: new ServiceAccount(`${name}-${accountName(peer)}`, metadataOf(accountName(peer), namespaces), child()) }));
  const subjects = accounts.map(({ account }) => ({ kind: "ServiceAccount", name: account.metadata.name, namespace: namespaces.discovery }));
  const bindings = permit(name, subjects, namespaces, child);
  const tokens = Object.fromEntries(
    accounts.map(({ peer, account }) => {
      const newest = generations.map((generation) => tokenOf(name, peer, generation, account, namespaces, child)).at(-1);
      if (newest === undefined) throw new Error(`${name}: generations must not be empty`);
      return [accountName(peer), pulumi.secret(newest.data.apply((data) => issued(data["token"], "the peer's token")))];
    }),
  );
  return { tokens, bindings };
}

function metadataOf(name: string, { discovery }: Namespaces) {
  // A pod that somebody starts with the account must not get its token automatically.
  return { metadata: { name, namespace: discovery }, automountServiceAccountToken: false };
}

function tokenOf(name: string, peer: DiscoveryPeer, generation: number, account: ServiceAccount, { discovery }: Namespaces, child: ChildOptions): Secret {
  const secret = tokenName(peer, generation);
  return accountToken(`${name}-${secret}`, { secret, namespace: discovery, account: account.metadata.name }, child());
}

/** Gives the accounts their roles. Subjects are named one by one: another account in the namespace gets nothing. */
function permit(name: string, subjects: input.rbac.v1.Subject[], namespaces: Namespaces, child: ChildOptions): pulumi.Resource[] {
  const group = "rbac.authorization.k8s.io";
  const writable = (rules: readonly Rule[]) => rules.map(({ apiGroups, resources, resourceNames, verbs }) => ({
    apiGroups: [...apiGroups],
    resources: [...resources],
    ...(resourceNames ? { resourceNames: [...resourceNames] } : {}),
    verbs: [...verbs],
  }));
  const everywhere = new ClusterRole(`${name}-role`, { metadata: { name: DISCOVERY_ROLE }, rules: writable(peerRules()) }, child());
  const binding = new ClusterRoleBinding(
    `${name}-binding`,
    { metadata: { name: DISCOVERY_ROLE }, roleRef: { apiGroup: group, kind: "ClusterRole", name: everywhere.metadata.name }, subjects },
    child(),
  );
  const within = (suffix: string, namespace: pulumi.Input<string>, rules: readonly Rule[]): pulumi.Resource => {
    const metadata = { name: DISCOVERY_ROLE, namespace };
    const role = new Role(`${name}-${suffix}-role`, { metadata, rules: writable(rules) }, child());
    return new RoleBinding(`${name}-${suffix}-binding`, { metadata, roleRef: { apiGroup: group, kind: "Role", name: role.metadata.name }, subjects }, child());
  };
  return [binding, within("mesh-config", namespaces.system, meshConfigRules()), within("no-secrets", namespaces.noSecrets, noSecretsRules())];
}
