import * as pulumi from "@pulumi/pulumi";

/** The state's URNs, for each engine that this process has worked for: in tests these are many. */
const known = new WeakMap<object, Promise<readonly string[]>>();

/**
 * Whether the stack's state has a resource. Known before the resource is registered, which is when it matters: what is in a cluster and
 * not in the state was left by a run that was killed, or is somebody else's.
 *
 * @param type the resource's type, such as `kubernetes:helm.sh/v3:Release`.
 * @param name its name.
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

/** A value that is held back until something is done. A preview does not do it. */
export function after<T>(done: () => pulumi.Output<unknown>, value: pulumi.Input<T>): pulumi.Input<T> {
  if (pulumi.runtime.isDryRun()) return value;
  // What was waited for may have needed a secret; the value is none for it.
  return pulumi.unsecret(pulumi.all([value, done()]).apply(([held]) => held as T));
}
