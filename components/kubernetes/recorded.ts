import * as pulumi from "@pulumi/pulumi";

/** The state's URNs, per engine that this process has worked for: in tests there are many. */
const known = new WeakMap<object, Promise<readonly string[]>>();

/**
 * Whether a resource is in the stack's state. Known before the resource is registered, which is when it matters: what is in a cluster
 * and not in the state was left by an interrupted run, or does not belong to the stack.
 *
 * @param type the resource's type, such as `kubernetes:helm.sh/v3:Release`
 * @param name the resource's name
 */
export async function isRecorded(type: string, name: string): Promise<boolean> {
  const engine = pulumi.runtime.getMonitor() ?? known;
  const urns = known.get(engine) ?? readUrns();
  known.set(engine, urns);
  return (await urns).some((urn) => {
    const [types, ...rest] = urn.split("::").slice(2);
    return types?.split("$").at(-1) === type && rest.join("::") === name;
  });
}

async function readUrns(): Promise<string[]> {
  const stackName = `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`;
  const answer = (await pulumi.runtime.invoke("pulumi:pulumi:readStackResourceOutputs", { stackName })) as { readonly outputs?: object };
  return Object.keys(answer.outputs ?? {});
}

/** A value that is held back until something is done. A preview does not do it, and does not wait. */
export function after<T>(done: () => pulumi.Output<unknown>, value: pulumi.Input<T>): pulumi.Input<T> {
  if (pulumi.runtime.isDryRun()) return value;
  // What was waited for may have used a secret; that does not make the value one.
  return pulumi.unsecret(pulumi.all([value, done()]).apply(([held]) => held as T));
}
