/** What the state holds of an object: the live object, what it was made from, and how. Same shape as the official plugin's. */
import { type Props, type Value, reveal } from "../lib/values";
import { type KubeObject, stringAt, isObject } from "./objects";
import { markSecrets, toObject, toProps } from "./props";

const INPUTS = "__inputs";
const INITIAL_API_VERSION = "__initialApiVersion";
const FIELD_MANAGER = "__fieldManager";

/** How an object came to be. */
export interface Origin {
  /** The apiVersion it was first created with. */
  readonly initialApiVersion: string;
  /** Field manager of its server-side applies. */
  readonly fieldManager: string;
}

/**
 * The state of a live object.
 *
 * @param inputs what was sent, in normal form
 * @param live what the API server has
 * @param given the inputs as the engine gave them: what is secret in them is secret in the state
 */
export function toState(inputs: KubeObject, live: KubeObject, given: Props, origin: Origin): Props {
  return {
    ...markSecrets(toProps(live), given),
    [INPUTS]: markSecrets(toProps(inputs), given),
    [INITIAL_API_VERSION]: origin.initialApiVersion,
    [FIELD_MANAGER]: origin.fieldManager,
  };
}

/** What {@link toState} put together. */
export interface Checkpoint {
  /** What was sent last; empty in the state of an object that was only read. */
  readonly inputs: KubeObject;
  /** The live object as it was last seen. */
  readonly live: KubeObject;
  readonly initialApiVersion: string | undefined;
  readonly fieldManager: string | undefined;
}

/** Takes a state apart, secrets revealed. */
export function fromState(state: Props): Checkpoint {
  const { [INPUTS]: inputs, [INITIAL_API_VERSION]: version, [FIELD_MANAGER]: manager, ...live } = state;
  const revealed: Value = inputs === undefined ? {} : reveal(inputs);
  return {
    inputs: isObject(revealed) ? toObject(revealed) : {},
    live: toObject(live),
    initialApiVersion: text(version),
    fieldManager: text(manager),
  };
}

function text(value: Value | undefined): string | undefined {
  const revealed = value === undefined ? undefined : reveal(value);
  return typeof revealed === "string" && revealed !== "" ? revealed : undefined;
}

/** The apiVersion of inputs, where the state does not say what the first one was. */
export function initialApiVersion(checkpoint: Checkpoint, inputs: KubeObject): string {
  return checkpoint.initialApiVersion ?? stringAt(inputs, "apiVersion") ?? "";
}
