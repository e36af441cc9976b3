/** What happens to a resource. Both halves of a replacement count as one. */
export type Operation = "create" | "update" | "replace" | "delete";

/** A resource as it is before `up`, or as it will be after it. */
export interface ResourceState {
  /** What the program gave it. A secret is the text `[secret]`; a value that only `up` will tell is the engine's placeholder. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** URN of its parent; undefined for the stack itself. */
  readonly parent?: string;
  /** URN of its provider; undefined for a component. */
  readonly provider?: string;
  /** By input: URNs of the resources that its value comes from. */
  readonly sources: Readonly<Record<string, readonly string[]>>;
}

/** One resource of a stack, whether `up` would change it or not. */
export interface Resource {
  readonly urn: string;
  /** Its type, such as `kubernetes:core/v1:Secret`. */
  readonly type: string;
  /** Pulumi's name for it. It is for messages: what a resource is must come from its type, its place and its inputs. */
  readonly name: string;
  /** Types of the components that it is in, the outermost first, without `usmesh:index:`. */
  readonly components: readonly string[];
  /** What `up` would do to it; undefined: nothing. */
  readonly operation: Operation | undefined;
  /** The properties that cause a replacement. */
  readonly reasons: readonly string[];
  /** Undefined for a resource that is created. */
  readonly before: ResourceState | undefined;
  /** Undefined for a resource that is deleted. */
  readonly after: ResourceState | undefined;
}

/** A resource that `up` would change. */
export type Change = Resource & { readonly operation: Operation };

/** The resources that `up` would change. */
export function changesIn(resources: readonly Resource[]): Change[] {
  return resources.filter((resource): resource is Change => resource.operation !== undefined);
}

/** A resource as it will be, or as it was if it is deleted. */
export function latestState({ before, after }: Resource): ResourceState | undefined {
  return after ?? before;
}

/** The resources of a stack with their relations. */
export class ResourceTree {
  private readonly byUrn: ReadonlyMap<string, Resource>;
  private readonly children = new Map<string, Resource[]>();

  constructor(readonly all: readonly Resource[]) {
    this.byUrn = new Map(all.map((resource) => [resource.urn, resource]));
    for (const resource of all) {
      const parent = latestState(resource)?.parent;
      if (parent !== undefined) this.children.set(parent, [...(this.children.get(parent) ?? []), resource]);
    }
  }

  /** The resource with a URN; undefined when the preview does not show it. */
  find(urn: string | undefined): Resource | undefined {
    return urn === undefined ? undefined : this.byUrn.get(urn);
  }

  parentOf(resource: Resource): Resource | undefined {
    return this.find(latestState(resource)?.parent);
  }

  childrenOf(resource: Resource): readonly Resource[] {
    return this.children.get(resource.urn) ?? [];
  }

  /** The resources that the value of an input comes from, in one of a resource's states. */
  sourcesOf(state: ResourceState | undefined, input: string): Resource[] {
    return (state?.sources[input] ?? []).flatMap((urn) => this.find(urn) ?? []);
  }
}

/**
 * The text at a path in a state's inputs.
 *
 * @returns undefined where there is none, or something else than text.
 */
export function inputText(state: ResourceState | undefined, ...path: readonly string[]): string | undefined {
  let value: unknown = state?.inputs;
  for (const key of path) value = typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined;
  return typeof value === "string" ? value : undefined;
}
