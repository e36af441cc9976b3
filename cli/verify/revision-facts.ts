import type { Result } from "./result";

/** What is known of the istiods of a cluster, and of who follows which. */
export interface RevisionState {
  readonly revisions: Result<RevisionFacts>;
}

export interface RevisionFacts {
  /** The revisions of istiod, by name. */
  readonly istiods: readonly ControlPlane[];
  /** The webhooks that inject sidecars. */
  readonly injectors: readonly InjectorFacts[];
  /** The namespaces whose labels ask for sidecars. */
  readonly namespaces: readonly FollowingNamespace[];
  /** The pods with a proxy, gateways included. */
  readonly proxies: readonly FollowingProxy[];
}

export interface ControlPlane {
  /** `default` for an istiod without a revision. */
  readonly revision: string;
  /** Tag of its image. */
  readonly version?: string;
  readonly ready: number;
  readonly total: number;
}

export interface InjectorFacts {
  /** Name of the webhook's configuration. */
  readonly name: string;
  /** The revision that it leads to. */
  readonly revision: string;
  /** The tag that it implements; absent for the webhook of a revision itself. */
  readonly tag?: string;
}

export interface FollowingNamespace {
  readonly namespace: string;
  /** The label that asks, such as `istio-injection=enabled`. */
  readonly label: string;
  /** The revision that serves a pod without labels of its own; absent where none does. */
  readonly revision?: string;
}

/** The namespace in a proxy's `pod.namespace`: a pod's name may have dots, and a namespace has none. */
export function namespaceIn(id: string): string {
  return id.slice(id.lastIndexOf(".") + 1);
}

export interface FollowingProxy {
  /** `pod.namespace`. */
  readonly id: string;
  /** The revision that injected it, and that it is connected to. */
  readonly revision: string;
  /** The revision that would inject it today; absent where none would. */
  readonly next?: string;
}
