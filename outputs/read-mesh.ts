import * as pulumi from "@pulumi/pulumi";
import { refused } from "../lib/refusal";
import { meshOutputs } from "./contract";
import { Mesh } from "./mesh";
import { PeerError, readPeer } from "./peers";
import { readOutputs } from "./stack-outputs";

/** The project of a stack whose name has none. */
const PROJECT = "usmesh";

/** How messages name the reader, and what they advise for a stack that is not a mesh stack. */
const READER = { program: "this package", otherStack: `Name a stack of the project ${PROJECT}` };

/**
 * Reads what a mesh stack exports, and checks it. Everything but the kubeconfigs, which are secret outputs, is a plain value, in a
 * preview as well, so that it can decide which resources there are.
 *
 * @param stack a stack of the project `usmesh` in the program's own organization, such as `west`; any stack as
 *   `organization/project/stack`; or a reference to it
 * @throws RunError with one message when it is not a mesh stack, is not up, or was brought up with another version
 */
export async function readMesh(stack: string | pulumi.StackReference): Promise<Mesh> {
  const name = await nameOf(stack);
  try {
    return await read(name, stack);
  } catch (error) {
    throw refused(error);
  }
}

async function read(name: string, stack: string | pulumi.StackReference): Promise<Mesh> {
  const raw = typeof stack === "string" ? await readOutputs(name) : await readReference(stack);
  const peer = readPeer(name, raw, READER);
  if (peer.state === "up") return new Mesh(name, peer.outputs);
  const what = raw === undefined ? "there is no such stack" : "it is not up: it has no outputs yet";
  throw new PeerError("stack-not-up", name, `${what}. Bring it up first, in the folder of its project: ./mesh up ${name.split("/").pop()}`);
}

async function nameOf(stack: string | pulumi.StackReference): Promise<string> {
  if (typeof stack !== "string") return new Promise((resolve) => stack.name.apply(resolve));
  return stack.includes("/") ? stack : `${pulumi.getOrganization()}/${PROJECT}/${stack}`;
}

async function readReference(reference: pulumi.StackReference): Promise<Record<string, unknown>> {
  const read = async (name: string): Promise<[string, unknown]> => {
    const details: { readonly value?: unknown; readonly secretValue?: unknown } = await reference.getOutputDetails(name);
    return [name, details.value ?? details.secretValue];
  };
  const all = await Promise.all(Object.keys(meshOutputs.shape).map(read));
  return Object.fromEntries(all.filter(([, value]) => value !== undefined));
}
