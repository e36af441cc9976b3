/** What all operations on one provider's objects share. */
import type { ClusterAccess } from "../access";
import { UnreachableError } from "../cluster/errors";
import { type Gvk, type KubeObject, apiVersionOf, at, isObject } from "../objects";
import { DefinedScopes, knownScope } from "../rules/scope";

/** One configured provider: its cluster, and what it learnt from the program so far. */
export class Context {
  /** Custom kinds that the program defines. */
  readonly definitions = new DefinedScopes();

  constructor(readonly access: ClusterAccess) {}

  /** Whether a kind lives in a namespace; custom kinds that nobody knows yet are taken to. */
  async isNamespaced(gvk: Gvk): Promise<boolean> {
    const known = knownScope(gvk) ?? this.definitions.find(gvk);
    if (known !== undefined) return known;
    if (this.access.unreachable !== undefined) return true;
    try {
      return (await this.access.api.discovery.find(gvk))?.namespaced ?? true;
    } catch (error) {
      if (error instanceof UnreachableError) return true;
      throw error;
    }
  }

  /** Whether the cluster can be reached and serves the kind now. */
  async isServed(gvk: Gvk): Promise<boolean> {
    if (this.access.unreachable !== undefined) return false;
    try {
      return (await this.access.api.discovery.find(gvk)) !== undefined;
    } catch (error) {
      if (error instanceof UnreachableError) return false;
      throw error;
    }
  }

  /** Throws if the cluster cannot be reached. */
  mustBeReachable(): void {
    if (this.access.unreachable !== undefined) {
      throw new Error(`configured Kubernetes cluster is unreachable: ${this.access.unreachable}`);
    }
  }
}

/** The object with apiVersion and kind filled in from its type where the inputs leave them out. */
export function withIdentity(object: KubeObject, gvk: Gvk): KubeObject {
  return { apiVersion: apiVersionOf(gvk), kind: gvk.kind, ...object };
}

/** The object with its namespace set, or taken away if `namespace` is undefined. A namespace not known yet stays. */
export function withNamespace(object: KubeObject, namespace: string | undefined): KubeObject {
  const metadata = object["metadata"] ?? {};
  if (!isObject(metadata)) return object;
  const { namespace: had, ...rest } = metadata;
  if (namespace === undefined) return { ...object, metadata: rest };
  return { ...object, metadata: { ...rest, namespace: had || namespace } };
}

/** Whether an object says where it belongs, be it in words not known yet. */
export function hasNamespace(object: KubeObject): boolean {
  const namespace = at(object, "metadata", "namespace");
  return namespace !== undefined && namespace !== null && namespace !== "";
}
