import { CACERTS_SECRET, READER_SERVICE_ACCOUNT } from "../../topology/names";
import { isTree } from "../../lib/merge";
import { rootSubject } from "../../trust/certificates";
import { ClusterKeys } from "./cluster-keys";
import type { StackFacts } from "./facts";
import { changesIn, inputText, latestState, ResourceTree, type Change, type Operation, type Resource, type ResourceState } from "./resources";
import { TYPES } from "./types";

/** What a resource is for the mesh, as far as a plan judges or reports it. */
export type Role =
  | { readonly is: "cluster" }
  /** Creates a kind cluster. */
  | { readonly is: "kind-cluster" }
  | { readonly is: "node-labels" }
  /** Through it the program writes to a cluster. */
  | { readonly is: "provider" }
  | { readonly is: "root"; readonly root: string }
  /** A certificate that the authority signs for a cluster of the mesh. */
  | { readonly is: "intermediate"; readonly cluster: string }
  /** The Secret with the certificate that istiod of a cluster signs with. */
  | { readonly is: "cacerts"; readonly cluster: string }
  /** `account`: the account that it is of, where each peer has its own. */
  | { readonly is: "reader-token"; readonly cluster: string; readonly generation: number; readonly account?: string }
  /** `runs`: whether it runs the workload, and is not something around it such as a Service. */
  | { readonly is: "workload"; readonly workload: string; readonly cluster?: string; readonly runs: boolean }
  /** A plan has to judge it, and cannot determine what it is. */
  | { readonly is: "unknown"; readonly why: string };

/** A changed resource with its role. */
export interface Part<R extends Role = Role> {
  readonly change: Change;
  readonly role: R;
}

/** Everything from which the roles of a stack's resources are determined. */
export interface Context {
  readonly tree: ResourceTree;
  readonly keys: ClusterKeys;
}

/** The context for a stack's resources. */
export function contextOf(facts: Pick<StackFacts, "model" | "previous" | "resources">): Context {
  const tree = new ResourceTree(facts.resources ?? []);
  return { tree, keys: new ClusterKeys(tree, facts) };
}

/** The changed resources that have a role in a plan, in the order of the preview. */
export function partsOf(context: Context): Part[] {
  return changesIn(context.tree.all).flatMap((change) => {
    const role = roleOf(change, context);
    return role === undefined ? [] : [{ change, role }];
  });
}

/** The parts of one role. */
export function only<I extends Role["is"]>(parts: readonly Part[], is: I): Part<Extract<Role, { is: I }>>[] {
  return parts.filter((part): part is Part<Extract<Role, { is: I }>> => part.role.is === is);
}

/**
 * The operation on each role. A renamed resource is deleted and created under its new name: together that is a replacement.
 */
export function operationsOf<R extends Role>(parts: readonly Part<R>[]): { role: R; operation: Operation }[] {
  const found = new Map<string, { role: R; operation: Operation }>();
  for (const { role, change: { operation } } of parts) {
    const key = JSON.stringify(role);
    const other = found.get(key)?.operation ?? operation;
    found.set(key, { role, operation: other === operation ? operation : "replace" });
  }
  return [...found.values()];
}

/**
 * The role of a resource, from its type, the components that it is in, its inputs and its relations. Never from its name: a renamed
 * resource is as dangerous as before.
 *
 * @returns undefined for a resource that no plan judges.
 */
export function roleOf(resource: Resource, context: Context): Role | undefined {
  const [component] = resource.components;
  // No workload trusts its certificates, and peers take a new authority from the outputs.
  if (component === "DiscoveryCA") return undefined;
  switch (resource.type) {
    case TYPES.cluster:
      return { is: "cluster" };
    case TYPES.command:
      return component === "Cluster" ? commandRole(resource, context) : undefined;
    case TYPES.provider:
      return context.keys.clusterOf(resource) ? { is: "provider" } : unknown("it is not the provider of a cluster of the mesh");
    case TYPES.root:
      return rootRole(resource);
    case TYPES.intermediate:
      return intermediateRole(resource, context);
    case TYPES.secret:
      return component === "IstioPrimary" || isToken(resource) ? secretRole(resource, context) : undefined;
    case TYPES.container:
      return component === "Client" ? clientRole(resource) : undefined;
    default:
      return component === "Demo" ? demoRole(resource, context) : undefined;
  }
}

function commandRole(resource: Resource, { keys }: Context): Role {
  const { before, after } = resource;
  const sets = (variable: string): boolean => (inputText(after, "environment", variable) ?? inputText(before, "environment", variable)) !== undefined;
  if (sets("KIND_NAME")) return keys.clusterOf(resource) ? { is: "kind-cluster" } : unknown("it creates a kind cluster that is not part of a cluster of the mesh");
  if (sets("REGION")) return { is: "node-labels" };
  return unknown("it neither creates a kind cluster nor labels its nodes");
}

function rootRole({ components, before, after }: Resource): Role {
  const [was, is] = [before && rootIn(before), after && rootIn(after)];
  const root = is ?? was;
  const isNamed = (state: ResourceState | undefined, name: string | undefined): boolean => state === undefined || name === root;
  if (components[0] !== "PluginCA" || root === undefined) return unknown("its subject does not name a root of the mesh");
  return isNamed(before, was) && isNamed(after, is) ? { is: "root", root } : unknown("its subject names another root than before");
}

/** The name of the root whose subject a state holds. */
function rootIn(state: ResourceState): string | undefined {
  const [mesh, commonName] = [inputText(state, "subject", "organization"), inputText(state, "subject", "commonName")];
  if (mesh === undefined) return undefined;
  // The common name ends with the root's name, so that of a root without a name is all that comes before.
  const start = rootSubject(mesh, "").commonName;
  return commonName?.startsWith(start) ? commonName.slice(start.length) : undefined;
}

function intermediateRole(resource: Resource, { tree }: Context): Role {
  const requests = tree.sourcesOf(latestState(resource), "certRequestPem");
  const named = requests.flatMap((request) => inputText(latestState(request), "subject", "locality") ?? []);
  // The request of another stack comes from no resource; the authority records whose it is.
  const [cluster, ...others] = requests.length > 0 ? named : requesters(resource, tree);
  return cluster === undefined || others.length > 0 ? unknown("its request does not name a cluster") : { is: "intermediate", cluster };
}

/** The clusters of other stacks whose request a certificate was issued for. */
function requesters(resource: Resource, tree: ResourceTree): string[] {
  const pem = inputText(latestState(resource), "certRequestPem");
  const authority = tree.parentOf(resource);
  const state = resource.after ? authority?.after : authority?.before;
  const requests = state?.inputs["requests"];
  if (pem === undefined || !isTree(requests)) return [];
  return Object.keys(requests).filter((cluster) => inputText(state, "requests", cluster, "request") === pem);
}

function isToken(resource: Resource): boolean {
  return inputText(latestState(resource), "type") === "kubernetes.io/service-account-token";
}

function secretRole(resource: Resource, context: Context): Role {
  const cluster = context.keys.keyOf(resource);
  const name = inputText(latestState(resource), "metadata", "name");
  if (isToken(resource)) {
    const { account, number } = /^(?<account>(?:cluster|stack)-.+)-(?<number>\d+)$/.exec(name ?? "")?.groups ?? {};
    if (resource.components[0] === "DiscoveryProxy" && account !== undefined && cluster !== undefined) return { is: "reader-token", cluster, generation: Number(number), account };
    const generation = generationOf(resource, name, context);
    if (generation === undefined) return unknown("it is a token of unknown generation");
    return cluster === undefined ? unknown("it is a reader token of an unknown cluster") : { is: "reader-token", cluster, generation };
  }
  if (name !== CACERTS_SECRET) return unknown("it is neither istiod's signing certificate nor a reader token");
  return cluster === undefined ? unknown("it is istiod's signing certificate in an unknown cluster") : { is: "cacerts", cluster };
}

/** The generation of a reader token, from its own inputs, else from the generations that its control plane records. */
function generationOf(resource: Resource, name: string | undefined, { tree }: Context): number | undefined {
  const [, number] = new RegExp(`^${READER_SERVICE_ACCOUNT}-(\\d+)$`).exec(name ?? "") ?? [];
  if (number !== undefined) return Number(number);
  const primary = tree.parentOf(resource);
  const [before, after] = [generationsIn(primary?.before), generationsIn(primary?.after)];
  const [from, without] = resource.operation === "delete" ? [before, after] : [after, before];
  const [generation, ...others] = from.filter((one) => !without.includes(one));
  return others.length === 0 ? generation : undefined;
}

function generationsIn(state: ResourceState | undefined): number[] {
  const generations = state?.inputs["readerGenerations"];
  return Array.isArray(generations) ? generations.filter((one) => typeof one === "number") : [];
}

function clientRole(resource: Resource): Role {
  const workload = inputText(latestState(resource), "name");
  return workload === undefined ? unknown("it is a container without a name") : { is: "workload", workload, runs: true };
}

/** The workload that the label `app` of a resource names, or that of another resource in the same component. */
function demoRole(resource: Resource, { tree, keys }: Context): Role | undefined {
  const runs = resource.type === TYPES.deployment;
  const parent = tree.parentOf(resource);
  // What is directly in the demo belongs to no workload.
  const siblings = parent === undefined || parent.type === TYPES.demo ? [] : tree.childrenOf(parent);
  const [workload] = [resource, ...siblings].flatMap((one) => inputText(latestState(one), "metadata", "labels", "app") ?? []);
  const cluster = keys.keyOf(resource);
  if (workload !== undefined && cluster !== undefined) return { is: "workload", workload, cluster, runs };
  if (!runs) return undefined;
  return unknown(workload === undefined ? "it is a workload without the label app" : "it is a workload in an unknown cluster");
}

function unknown(why: string): Role {
  return { is: "unknown", why };
}
