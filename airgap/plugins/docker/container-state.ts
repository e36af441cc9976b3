/** What the resource keeps of a container, and what it asks the engine for. */
import { annotateSecrets } from "../lib/secrets";
import { given, reveal, UNKNOWN, type Props, type Value } from "../lib/values";
import type { ContainerBody, ContainerFields, ContainerInspect } from "./container-field";
import { HOST_FIELDS } from "./container-host";
import { networkDatas } from "./container-networks";
import { PROCESS_FIELDS } from "./container-process";

/** Every property of the Container resource, done or refused. */
export const CONTAINER_FIELDS: ContainerFields = { ...PROCESS_FIELDS, ...HOST_FIELDS };

/** Outputs that no input gives. */
const OUTPUTS = ["bridge", "containerLogs", "exitCode", "networkDatas"];

const META: Props = { __meta: '{"schema_version":"2"}' };

/** What the engine is asked for, from inputs in the clear. */
export function creationOf(inputs: Props): ContainerBody {
  const body: ContainerBody = { HostConfig: {} };
  for (const [name, field] of Object.entries(CONTAINER_FIELDS)) {
    const v = inputs[name];
    if (v !== undefined && v !== null) field.write?.(body, v as never);
  }
  return body;
}

/** What is known of a container before it is made. */
export function previewOf(inputs: Props): Props {
  const open = Object.keys(CONTAINER_FIELDS).filter((name) => CONTAINER_FIELDS[name]?.computed);
  const unknown = [...open, ...OUTPUTS].map((name) => [name, UNKNOWN] as const);
  return { ...Object.fromEntries(unknown), ...given(inputs) };
}

/**
 * The state of a container: what was asked for, with whatever the engine says of it instead.
 *
 * A container that stopped although it must run is noted as one that need not run, so that the next update finds a
 * change and starts it again.
 *
 * @param asked the inputs, or what the state said before
 */
export function stateOf(c: ContainerInspect, asked: Props): Props {
  const read: Props = {};
  for (const [name, field] of Object.entries(CONTAINER_FIELDS)) {
    if (field.readIfAsked && (asked[name] ?? null) === null) continue;
    const v = field.read?.(c);
    if (v !== undefined && v !== null) read[name] = v;
  }
  const { exitCode: _, ...before } = given(asked);
  const { Running: running, ExitCode: exitCode } = c.State;
  const stopped: Props = running ? {} : { exitCode, ...(asked["mustRun"] === true && { mustRun: false }) };
  const outputs: Props = {
    id: c.Id,
    image: imageOf(c, reveal(asked["image"] ?? null)),
    bridge: c.NetworkSettings.Bridge ?? "",
    networkDatas: networkDatas(c.NetworkSettings.Networks),
  };
  return annotateSecrets({ ...META, ...before, ...read, ...outputs, ...stopped }, asked);
}

/** The image as it was named: by its id or by its name. */
function imageOf(c: ContainerInspect, asked: Value): string {
  return typeof asked === "string" && asked.startsWith("sha256:") ? c.Image : c.Config.Image;
}
