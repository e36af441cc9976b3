import type { Deployment, Pulumi, StateResource } from "../lib/pulumi";
import { capture, run } from "../lib/process";
import { say } from "../lib/say";
import { endOrphans } from "./orphans";

/** Type of a container in the state. */
const CONTAINER = "docker:index/container:Container";

/** Label that the project's containers carry, with the stack that they belong to. */
const OWNER_LABEL = "usmesh.owner";

/**
 * Makes a stack ready to go on after a run that was killed: takes its lock away, then what it may have made without recording it,
 * as far as making it again would fail, and then the records of what it was at.
 *
 * @throws MeshError when somebody works on the stack right now.
 */
export async function recover(pulumi: Pulumi, stack: string, env: NodeJS.ProcessEnv): Promise<void> {
  if (await pulumi.unlock(stack)) endOrphans(env.PULUMI_BACKEND_URL ?? "");
  const exported = await pulumi.export(stack);
  const pending = exported.deployment.pending_operations ?? [];
  if (pending.length === 0) return;
  say(`stack ${stack}: a run before was cut off while at work on ${pending.length} resources; going on from there`);
  for (const container of unrecordedContainers(exported.deployment)) await removeContainer(container, env);
  await pulumi.import(stack, exported);
}

/**
 * Makes Pulumi see that containers are gone which it recorded, so that its next `up` makes them anew: without being told to refresh
 * it takes what is recorded for what is there.
 */
export async function refreshLostContainers(pulumi: Pulumi, stack: string, env: NodeJS.ProcessEnv): Promise<void> {
  for (const { urn, name } of recordedContainers((await pulumi.export(stack)).deployment)) {
    const { code, stderr } = await capture("docker", ["container", "inspect", "--format", "{{.Id}}", name], { env });
    if (code === 0 || !/no such container/i.test(stderr)) continue;
    say(`container ${name} is gone; it is made anew`);
    await pulumi.operate(stack, ["refresh", "--yes", "--skip-preview", "--suppress-outputs", "--target", urn]);
  }
}

/** The containers that a state records, by name. */
export function recordedContainers(deployment: Deployment): { readonly urn: string; readonly name: string }[] {
  return (deployment.resources ?? []).flatMap(({ urn, type, inputs = {} }) =>
    type === CONTAINER && typeof inputs.name === "string" ? [{ urn, name: inputs.name }] : [],
  );
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

async function removeContainer({ name, owner }: UnrecordedContainer, env: NodeJS.ProcessEnv): Promise<void> {
  const format = `{{index .Config.Labels "${OWNER_LABEL}"}}`;
  const { code, stdout } = await capture("docker", ["container", "inspect", "--format", format, name], { env });
  if (code === 0 && stdout.trim() === owner) await run("docker", ["container", "rm", "--force", name], { env });
}
