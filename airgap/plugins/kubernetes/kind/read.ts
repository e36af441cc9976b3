/** Read: refresh, import and lookup. */
import type { ReadRequest } from "../../lib/kind";
import type { Props } from "../../lib/values";
import { mustBeReady } from "../await/ready";
import { readRuleFor } from "../await/rules";
import { fromState, initialApiVersion, toState } from "../checkpoint";
import { NoMatchError, isNotFound } from "../cluster/errors";
import { type Gvk, type JsonObject, type KubeObject, apiVersionOf, gvkOf, isObject, parseId } from "../objects";
import { markSecrets, toObject, toProps } from "../props";
import { withDropped } from "../rules/empties";
import { fieldManagerOf } from "../rules/managers";
import { normalize, without } from "../rules/normalize";
import { prune } from "../rules/prune";
import { isBuiltIn } from "../tokens";
import type { Context } from "./context";
import { initializationFailed, reasonsOf } from "./errors";

/** Annotations that controllers and kubectl write, not programs. */
const FOREIGN_ANNOTATIONS = ["deployment.kubernetes.io/revision", "kubectl.kubernetes.io/last-applied-configuration"];

type ReadAnswer = { id: string; state: Props; inputs: Props } | undefined;

/** Reads the object as it is; undefined if it, or its kind, is gone. */
export async function read(context: Context, gvk: Gvk, request: ReadRequest): Promise<ReadAnswer> {
  const { access } = context;
  if (access.unreachable !== undefined) return unreachable(context, request);
  const { namespace, name } = parseId(request.id);
  if (name === "") throw new Error(`"${request.id}" is no id of a Kubernetes object: it is NAMESPACE/NAME, or NAME`);
  const checkpoint = fromState(request.state);
  const oldInputs = normalize(toObject(request.inputs));
  const known = [oldInputs, checkpoint.live].map(gvkOf).find(({ kind }) => kind !== "");
  const ref = { gvk: known ?? gvk, namespace, name };
  let live: KubeObject;
  try {
    live = await access.api.get(ref, request.signal);
  } catch (error) {
    if (isNotFound(error) || error instanceof NoMatchError) return undefined;
    throw error;
  }
  const identity = { apiVersion: apiVersionOf(ref.gvk), kind: ref.gvk.kind };
  const inputs = known === undefined ? inputsOf(live) : refreshed(live, { ...identity, ...oldInputs });
  const origin = {
    initialApiVersion: initialApiVersion(checkpoint, inputs),
    fieldManager: fieldManagerOf(oldInputs, checkpoint.fieldManager),
  };
  const answer = {
    id: request.id,
    state: toState(inputs, live, request.inputs, origin),
    inputs: markSecrets(toProps(inputs), request.inputs),
  };
  const rule = known === undefined ? undefined : readRuleFor(oldInputs);
  if (rule !== undefined) {
    try {
      await mustBeReady(live, { api: access.api, rule, signal: request.signal });
    } catch (error) {
      throw initializationFailed(live, answer.state, answer.inputs, reasonsOf(error, live, origin.fieldManager));
    }
  }
  return answer;
}

/** What was wished for, as far as the object still has it. */
function refreshed(live: KubeObject, oldInputs: KubeObject): KubeObject {
  const pruned = prune(live, oldInputs);
  return isBuiltIn(gvkOf(live).group) ? withDropped(pruned, oldInputs) : pruned;
}

/** What a program would have to wish to get an object: all of it but what the cluster adds. */
function inputsOf(live: KubeObject): KubeObject {
  const { metadata, ...rest } = normalize(without(live, ["status"]));
  if (!isObject(metadata)) return rest;
  const annotations = isObject(metadata["annotations"]) ? without(metadata["annotations"], FOREIGN_ANNOTATIONS) : {};
  const kept: JsonObject = without(metadata, ["annotations"]);
  return { ...rest, metadata: Object.keys(annotations).length > 0 ? { ...kept, annotations } : kept };
}

function unreachable(context: Context, request: ReadRequest): ReadAnswer {
  const { flags, unreachable: reason } = context.access;
  const message = `configured Kubernetes cluster is unreachable: ${reason ?? ""}`;
  if (flags.deleteUnreachable) {
    request.log.warn(`${message}; deleteUnreachable is set, so the resource is dropped from the state`);
    return undefined;
  }
  if (flags.skipUpdateUnreachable) {
    request.log.warn(`${message}; skipUpdateUnreachable is set, so the state is kept as it is, true or not`);
    return { id: request.id, state: request.state, inputs: request.inputs };
  }
  throw new Error(
    `${message}. If the cluster is gone for good, set deleteUnreachable on the provider, or the environment variable ` +
      "PULUMI_K8S_DELETE_UNREACHABLE=true, to drop what lived in it from the state",
  );
}
