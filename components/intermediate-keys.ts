import * as pulumi from "@pulumi/pulumi";
import type { KeyChoice } from "../trust/keys";
import { intermediateKey, type IntermediateKey } from "./trust/intermediate-key";

export interface IntermediateKeysArgs {
  /** Mesh id, part of every subject. Another one makes new requests for the same keys. */
  readonly meshId: pulumi.Input<string>;
  /** By cluster key, which is part of the names of the resources: the keys that the cluster needs, each of another generation. */
  readonly members: Readonly<Record<string, readonly KeyChoice[]>>;
}

/**
 * The keys with which the istiod of a stack's own clusters sign, where another stack is the authority. They are made here and never leave
 * this state and the cluster: the authority gets only the requests.
 */
export class IntermediateKeys extends pulumi.ComponentResource {
  /** By cluster key, in the order of the arguments. */
  readonly keys: Readonly<Record<string, readonly IntermediateKey[]>>;

  constructor(name: string, args: IntermediateKeysArgs, opts?: pulumi.ComponentResourceOptions) {
    const { meshId, members } = args;
    super("usmesh:index:IntermediateKeys", name, { meshId, members }, opts);
    this.keys = Object.fromEntries(
      Object.entries(members).map(([member, keys]) => [member, keys.map((key) => intermediateKey(`${name}-${member}`, { ...key, meshId, member }, this))]),
    );
    this.registerOutputs({ publicKeys: Object.fromEntries(Object.entries(this.keys).map(([member, keys]) => [member, keys.map(({ publicKey }) => publicKey)])) });
  }

  /**
   * The private key of a cluster's generation. Secret.
   * @throws Error when the arguments do not name it
   */
  privateKey(member: string, generation: number): pulumi.Output<string> {
    const key = this.keys[member]?.find((one) => one.generation === generation);
    if (!key) throw new Error(`cluster ${member} has no key of generation ${generation}`);
    return key.privateKey;
  }
}
