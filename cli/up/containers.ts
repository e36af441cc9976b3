import { MeshError } from "../../lib/errors";
import { capture, run } from "../../lib/process";
import type { Deployment, Pulumi, StateResource } from "../lib/pulumi";
import { say } from "../lib/say";

/** Type of a container in the state. */
const CONTAINER = "docker:index/container:Container";

/** Type of a command in the state; some of them make kind clusters. */
export const COMMAND = "command:local:Command";

/** Label that the project's containers carry, with the stack that they belong to. */
const OWNER_LABEL = "usmesh.owner";

/** Seconds that an API server is given to answer after its node was started. */
const PATIENCE = 180;

/**
 * Starts what a stack has in Docker and somebody stopped, and makes Pulumi see what is gone: by itself it takes what is recorded for
 * what is there. Kind clusters that are gone are found by the program itself.
 *
 * @param deployment what is recorded of the stack.
 * @throws MeshError when a cluster that was started does not answer.
 */
export async function reviveContainers(pulumi: Pulumi, stack: string, deployment: Deployment, env: NodeJS.ProcessEnv): Promise<void> {
  for (const node of recordedNodes(deployment)) {
    if ((await stateOf(node, env)) !== "stopped") continue;
    say(`container ${node} is stopped; starting it`);
    await run("docker", ["container", "start", node], { env });
    await waitForNode(node, env);
  }
  for (const container of halfMadeContainers(deployment)) {
    say(`container ${container.name} did not come up the last time; it is created again`);
    await removeContainer(container, env);
  }
  for (const { urn, name } of recordedContainers(deployment)) {
    const state = await stateOf(name, env);
    if (state === "stopped") {
      say(`container ${name} is stopped; starting it`);
      await run("docker", ["container", "start", name], { env });
    } else if (state === "gone") {
      say(`container ${name} is gone; it is created again`);
      await pulumi.refresh(stack, [urn]);
    }
  }
}

/** What Docker says of a container; undefined when it says nothing, which the operation itself will tell better. */
async function stateOf(name: string, env: NodeJS.ProcessEnv): Promise<"running" | "stopped" | "gone" | undefined> {
  const { code, stdout, stderr } = await capture("docker", ["container", "inspect", "--format", "{{.State.Running}}", name], { env });
  if (code !== 0) return /no such container/i.test(stderr) ? "gone" : undefined;
  return stdout.trim() === "true" ? "running" : "stopped";
}

async function waitForNode(node: string, env: NodeJS.ProcessEnv): Promise<void> {
  const ready = ["exec", node, "kubectl", "--kubeconfig", "/etc/kubernetes/admin.conf", "get", "--raw", "/readyz"];
  const until = Date.now() + PATIENCE * 1000;
  while ((await capture("docker", ready, { env })).code !== 0) {
    if (Date.now() > until) {
      throw new MeshError(`${node} was started, but its API server does not answer after ${PATIENCE} seconds`, `docker logs ${node} may say why; deleted (docker rm --force ${node}), the cluster is made anew.`);
    }
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

/** The containers that a state records, by name. */
export function recordedContainers(deployment: Deployment): { readonly urn: string; readonly name: string }[] {
  return (deployment.resources ?? []).flatMap(({ urn, type, inputs = {} }) =>
    type === CONTAINER && typeof inputs.name === "string" ? [{ urn, name: inputs.name }] : [],
  );
}

/** The containers that a state records and that did not come up: what is wrong with one shows only when it is created. */
export function halfMadeContainers(deployment: Deployment): UnrecordedContainer[] {
  return (deployment.resources ?? []).filter(({ type, initErrors = [] }) => type === CONTAINER && initErrors.length > 0).flatMap(describe);
}

/** The containers of the kind clusters that a state records, by name. */
export function recordedNodes(deployment: Deployment): string[] {
  return (deployment.resources ?? []).flatMap(({ type, inputs = {} }) => {
    const { KIND_NODE: node, INCARNATION: incarnation } = (inputs.environment ?? {}) as Readonly<Record<string, unknown>>;
    return type === COMMAND && typeof node === "string" && incarnation !== undefined ? [node] : [];
  });
}

/** A container that may stand without the state knowing of it. */
export interface UnrecordedContainer {
  readonly name: string;
  /** The stack that its label has to name for it to be ours. */
  readonly owner: string;
}

/**
 * The containers whose creation was cut off. Their names would be taken. Everything else that a cut-off creation leaves behind is
 * taken over when it is made again: objects in clusters by server-side apply, kind clusters and networks by their scripts.
 */
export function unrecordedContainers(deployment: Deployment): UnrecordedContainer[] {
  return (deployment.pending_operations ?? [])
    .filter(({ type, resource }) => type === "creating" && resource.type === CONTAINER)
    .flatMap(({ resource }) => describe(resource));
}

function describe({ inputs = {} }: StateResource): UnrecordedContainer[] {
  const labels = (inputs.labels ?? []) as readonly { readonly label?: string; readonly value?: string }[];
  const owner = labels.find(({ label }) => label === OWNER_LABEL)?.value;
  return typeof inputs.name === "string" && owner !== undefined ? [{ name: inputs.name, owner }] : [];
}

/** Removes a container if it says that it is the stack's. */
export async function removeContainer({ name, owner }: UnrecordedContainer, env: NodeJS.ProcessEnv): Promise<void> {
  const format = `{{index .Config.Labels "${OWNER_LABEL}"}}`;
  const { code, stdout } = await capture("docker", ["container", "inspect", "--format", format, name], { env });
  if (code === 0 && stdout.trim() === owner) await run("docker", ["container", "rm", "--force", name], { env });
}
