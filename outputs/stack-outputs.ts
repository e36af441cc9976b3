import * as pulumi from "@pulumi/pulumi";
import { UserError } from "../lib/errors";

/**
 * The outputs of a stack's last `up` as plain values, or undefined when the stack was never initialised. The values are known while
 * the program runs, also in a preview, so that they can decide which resources there are.
 *
 * This calls the engine's function that a StackReference is built on. As a resource, a reference to a stack that was never
 * initialised is an error that no program can catch, and a reference to a stack that was removed would stay in the state and fail
 * each refresh.
 * @param stack name of the stack, alone or with organization and project
 * @throws UserError when the stack cannot be read for any other reason
 */
export async function readOutputs(stack: string): Promise<Record<string, unknown> | undefined> {
  const name = fullName(stack);
  try {
    const answer = (await pulumi.runtime.invoke("pulumi:pulumi:readStackOutputs", { name })) as { outputs: Record<string, unknown> };
    return answer.outputs;
  } catch (error) {
    // Any other failure (storage, credentials, network) does not mean that the stack does not exist: a peer would be cut off.
    if (/\bunknown stack "/.test((error as Error).message)) return undefined;
    throw new UserError("state-unreadable", `stack ${name} cannot be read, so nothing was changed: ${(error as Error).message}`);
  }
}

/** Whether a stack that exists has any resource. Before its first `up` and after a `destroy` it has none. */
export async function hasResources(stack: string): Promise<boolean> {
  const answer = (await pulumi.runtime.invoke("pulumi:pulumi:readStackResourceOutputs", { stackName: fullName(stack) })) as { readonly outputs?: object };
  return Object.keys(answer.outputs ?? {}).length > 0;
}

function fullName(stack: string): string {
  return stack.includes("/") ? stack : `${pulumi.getOrganization()}/${pulumi.getProject()}/${stack}`;
}
