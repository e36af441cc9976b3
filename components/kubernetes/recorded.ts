import * as pulumi from "@pulumi/pulumi";
import { isTree, type Tree } from "../../lib/merge";
import { thisStack } from "../../lib/this-stack";

/** Outputs of the resources in the stack's state by URN, per engine that this process has worked for: in tests there are many. */
const known = new WeakMap<object, Promise<ReadonlyMap<string, Tree>>>();

/**
 * Whether a resource is in the stack's state. Known before the resource is registered, which is when it matters: what is in a cluster
 * and not in the state was left by an interrupted run, or does not belong to the stack.
 *
 * @param type the resource's type, such as `kubernetes:helm.sh/v3:Release`
 * @param name the resource's name
 */
export async function isRecorded(type: string, name: string): Promise<boolean> {
  return (await recordedOutputs(type, name)) !== undefined;
}

/**
 * Begins to read the stack's state, which takes the engine up to a second: it decrypts every secret. A program that has other things to do
 * before its first component calls this first. Whoever needs the state waits for it, and is told where it cannot be read.
 */
export function prefetchState(): void {
  state().catch(() => undefined);
}

function state(): Promise<ReadonlyMap<string, Tree>> {
  const engine = pulumi.runtime.getMonitor() ?? known;
  const reading = known.get(engine) ?? readState();
  known.set(engine, reading);
  return reading;
}

/** The outputs of a resource as the stack's state has them, in plain text; undefined for a resource that is not in the state. */
export async function recordedOutputs(type: string, name: string): Promise<Tree | undefined> {
  const found = [...(await state())].find(([urn]) => {
    const [types, ...rest] = urn.split("::").slice(2);
    return types?.split("$").at(-1) === type && rest.join("::") === name;
  });
  return found?.[1];
}

async function readState(): Promise<Map<string, Tree>> {
  const answer = (await pulumi.runtime.invoke("pulumi:pulumi:readStackResourceOutputs", { stackName: thisStack() })) as { readonly outputs?: Tree };
  return new Map(
    Object.entries(answer.outputs ?? {}).map(([urn, resource]) => {
      const outputs = isTree(resource) ? resource["outputs"] : undefined;
      return [urn, isTree(outputs) ? outputs : {}];
    }),
  );
}

/** A value that is held back until something is done. A preview does not do it, and does not wait. */
export function after<T>(done: () => pulumi.Output<unknown>, value: pulumi.Input<T>): pulumi.Input<T> {
  if (pulumi.runtime.isDryRun()) return value;
  // What was waited for may have used a secret; that does not make the value one.
  return pulumi.unsecret(pulumi.all([value, done()]).apply(([held]) => held as T));
}
