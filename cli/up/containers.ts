import { setTimeout as sleep } from "node:timers/promises";
import { MeshError } from "../../lib/errors";
import { runner, type Runner } from "../../lib/process";
import type { PulumiCommands } from "../lib/pulumi";
import { say } from "../lib/say";
import { COMMAND, CONTAINER, interruptedCreations, type Deployment, type StateResource } from "../lib/state";

/** Label of the project's containers; its value is the stack that a container belongs to. */
const OWNER_LABEL = "usmesh.owner";

/** How long an API server may take to answer after its node was started. */
const API_SERVER_TIMEOUT_MS = 180_000;

/** Time between two questions whether it answers. */
const POLL_MS = 1_000;

/** A container, and the stack that its label must name for it to be ours. */
export interface OwnedContainer {
  readonly name: string;
  readonly owner: string;
}

/**
 * Starts those of a stack's containers that somebody stopped, and tells Pulumi which no longer exist: by itself it trusts what it
 * recorded. Kind clusters that no longer exist are found by the program.
 *
 * @param deployment what is recorded of the stack.
 * @param timeoutMs how long a started cluster may take to answer.
 * @throws MeshError when it does not.
 */
export async function reviveContainers(
  pulumi: Pick<PulumiCommands, "refresh">,
  stack: string,
  deployment: Deployment,
  env: NodeJS.ProcessEnv,
  programs: Runner = runner,
  timeoutMs: number = API_SERVER_TIMEOUT_MS,
): Promise<void> {
  const docker = new Docker(env, programs);
  for (const node of recordedNodes(deployment)) {
    if ((await docker.stateOf(node)) !== "stopped") continue;
    await docker.start(node);
    await waitForNode(docker, node, timeoutMs);
  }
  for (const worker of recordedWorkers(deployment)) {
    if ((await docker.stateOf(worker)) === "stopped") await docker.start(worker);
  }
  for (const container of failedContainers(deployment)) {
    say(`container ${container.name} did not start the last time; it is recreated`);
    await removeContainer(container, env, programs);
  }
  for (const { urn, name } of recordedContainers(deployment)) {
    const state = await docker.stateOf(name);
    if (state === "stopped") await docker.start(name);
    if (state !== "missing") continue;
    say(`container ${name} no longer exists; it is recreated`);
    await pulumi.refresh(stack, [urn]);
  }
}

/** Removes a container if its label says that it is the stack's. */
export async function removeContainer({ name, owner }: OwnedContainer, env: NodeJS.ProcessEnv, programs: Runner = runner): Promise<void> {
  const format = `{{index .Config.Labels "${OWNER_LABEL}"}}`;
  const { code, stdout } = await programs.capture("docker", ["container", "inspect", "--format", format, name], { env });
  if (code === 0 && stdout.trim() === owner) await programs.run("docker", ["container", "rm", "--force", name], { env });
}

/** The containers that a state records, by name. */
export function recordedContainers(deployment: Deployment): { readonly urn: string; readonly name: string }[] {
  return (deployment.resources ?? []).flatMap(({ urn, type, inputs = {} }) =>
    type === CONTAINER && typeof inputs.name === "string" ? [{ urn, name: inputs.name }] : [],
  );
}

/** The containers that a state records and that did not start: what is wrong with one shows only when it is created. */
export function failedContainers(deployment: Deployment): OwnedContainer[] {
  return (deployment.resources ?? []).filter(({ type, initErrors = [] }) => type === CONTAINER && initErrors.length > 0).flatMap(ownedContainer);
}

/** Names of the workers of the kind clusters that a state records. */
export function recordedWorkers(deployment: Deployment): string[] {
  return (deployment.resources ?? []).flatMap(({ type, inputs = {} }) => {
    const { KIND_WORKERS: workers } = (inputs.environment ?? {}) as Readonly<Record<string, unknown>>;
    return type === COMMAND && typeof workers === "string" ? workers.split(" ") : [];
  });
}

/** Names of the control planes of the kind clusters that a state records. */
export function recordedNodes(deployment: Deployment): string[] {
  return (deployment.resources ?? []).flatMap(({ type, inputs = {} }) => {
    const { KIND_NODE: node, INCARNATION: incarnation } = (inputs.environment ?? {}) as Readonly<Record<string, unknown>>;
    return type === COMMAND && typeof node === "string" && incarnation !== undefined ? [node] : [];
  });
}

/**
 * The containers whose creation was interrupted: their names would be taken. Everything else that an interrupted creation leaves is taken
 * over when it is repeated: objects in clusters by server-side apply, kind clusters and networks by their scripts.
 */
export function unrecordedContainers(deployment: Deployment): OwnedContainer[] {
  return interruptedCreations(deployment).filter(({ type }) => type === CONTAINER).flatMap(ownedContainer);
}

function ownedContainer({ inputs = {} }: StateResource): OwnedContainer[] {
  const labels = (inputs.labels ?? []) as readonly { readonly label?: string; readonly value?: string }[];
  const owner = labels.find(({ label }) => label === OWNER_LABEL)?.value;
  return typeof inputs.name === "string" && owner !== undefined ? [{ name: inputs.name, owner }] : [];
}

async function waitForNode(docker: Docker, node: string, timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await docker.isReady(node))) {
    if (Date.now() >= deadline) {
      throw new MeshError(
        "node-not-answering",
        `${node} was started, but its API server does not answer after ${timeoutMs / 1000} seconds`,
        `docker logs ${node} may say why. Once it is deleted (docker rm --force ${node}), ./mesh up recreates the cluster.`,
      );
    }
    await sleep(POLL_MS);
  }
}

/** The Docker engine. */
class Docker {
  constructor(
    private readonly env: NodeJS.ProcessEnv,
    private readonly programs: Runner,
  ) {}

  /** What Docker says of a container; undefined when it says nothing, which the operation that follows reports better. */
  async stateOf(name: string): Promise<"running" | "stopped" | "missing" | undefined> {
    const { code, stdout, stderr } = await this.programs.capture("docker", ["container", "inspect", "--format", "{{.State.Running}}", name], { env: this.env });
    if (code !== 0) return /no such container/i.test(stderr) ? "missing" : undefined;
    return stdout.trim() === "true" ? "running" : "stopped";
  }

  async start(name: string): Promise<void> {
    say(`container ${name} is stopped; starting it`);
    await this.programs.run("docker", ["container", "start", name], { env: this.env });
  }

  /** Whether the API server on a kind cluster's node answers. */
  async isReady(node: string): Promise<boolean> {
    const args = ["exec", node, "kubectl", "--kubeconfig", "/etc/kubernetes/admin.conf", "get", "--raw", "/readyz"];
    return (await this.programs.capture("docker", args, { env: this.env })).code === 0;
  }
}
