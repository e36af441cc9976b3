import { output, type ComponentResource, type ComponentResourceOptions, type CustomResourceOptions, type Input, type Output, type Resource } from "@pulumi/pulumi";

/** Options of a child, from those that differ from child to child. */
export type ChildOptions = (extra?: CustomResourceOptions) => CustomResourceOptions;

/**
 * Options of the children of a component in a cluster: they are written with the provider that the component was given, and are
 * `deletedWith` what the component is deleted with.
 *
 * @param component the parent
 * @param opts the options that it was given
 * @throws Error when they hold no Kubernetes provider: its children would go to the ambient kubeconfig's cluster
 */
export function childOptions(component: ComponentResource, opts: ComponentResourceOptions = {}): ChildOptions {
  if (component.getProvider("kubernetes:core/v1:Namespace") === undefined) {
    throw new Error("pass the cluster's Kubernetes provider in the component's options: `{ provider }`. The ambient kubeconfig is never used");
  }
  const { deletedWith } = opts;
  return (extra = {}) => ({ parent: component, ...(deletedWith ? { deletedWith } : {}), ...extra });
}

/** What an input comes from, for `dependsOn`: for a resource that has to wait for the input whether or not it uses the value. */
export function originOf(input: Input<unknown>): Input<Resource> {
  // Pulumi adds the resources that an output comes from to what the output holds, here nothing.
  return (output(input) as Output<unknown>).apply(() => []) as unknown as Input<Resource>;
}

/** What a resource depends on, as its options say it. */
export type DependsOn = NonNullable<CustomResourceOptions["dependsOn"]>;

/** Several values of `dependsOn` as one. */
export function dependencies(...parts: readonly DependsOn[]): DependsOn {
  // Pulumi takes lists in lists, which its types do not say.
  return parts as DependsOn;
}
