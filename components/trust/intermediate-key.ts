import * as pulumi from "@pulumi/pulumi";
import { CertRequest } from "@pulumi/tls/certRequest";
import { PrivateKey } from "@pulumi/tls/privateKey";
import { INTERMEDIATE_DNS_NAMES, intermediateSubject, keyParameters } from "../../trust/certificates";
import { generationSuffix, type KeyChoice } from "../../trust/keys";

/** The key of an intermediate, and the request for its certificate. */
export interface IntermediateKey extends KeyChoice {
  /** PEM. Secret, and in no other state than that of its stack. */
  readonly privateKey: pulumi.Output<string>;
  /** PEM of the public key. */
  readonly publicKey: pulumi.Output<string>;
  /** PEM of the certificate request. */
  readonly request: pulumi.Output<string>;
}

export interface IntermediateKeyArgs extends KeyChoice {
  readonly meshId: pulumi.Input<string>;
  /** Key of the cluster. */
  readonly member: string;
  /** Whether the state may still have them under names without the generation. */
  readonly renamed?: boolean;
}

/**
 * Creates the key of a generation and its request. A generation has resources of its own, so that its key exists beside the one before
 * until that is no longer needed.
 *
 * @param name name of the resources without what they are
 */
export function intermediateKey(name: string, args: IntermediateKeyArgs, parent: pulumi.Resource): IntermediateKey {
  const { meshId, member, generation, keyAlgorithm, renamed = false } = args;
  const named = (what: string): [string, pulumi.CustomResourceOptions] => generationName(name, what, generation, parent, renamed);
  const [keyName, keyOptions] = named("key");
  const key = new PrivateKey(keyName, keyParameters(keyAlgorithm), keyOptions);
  const subject = pulumi.output(meshId).apply((mesh) => intermediateSubject(mesh, member, generation));
  const [requestName, requestOptions] = named("request");
  const request = new CertRequest(requestName, { subject, dnsNames: [...INTERMEDIATE_DNS_NAMES], privateKeyPem: key.privateKeyPem }, requestOptions);
  return { generation, keyAlgorithm, privateKey: pulumi.secret(key.privateKeyPem), publicKey: key.publicKeyPem, request: request.certRequestPem };
}

/** Name and options of a resource that each generation has. */
export function generationName(name: string, what: string, generation: number, parent: pulumi.Resource, renamed: boolean): [string, pulumi.CustomResourceOptions] {
  const [plain, full] = [`${name}-${what}`, `${name}-${what}${generationSuffix(generation)}`];
  return [full, { parent, ...(renamed && full !== plain ? { aliases: [{ name: plain }] } : {}) }];
}
