import { generateKey } from "../../../../airgap/plugins/tls/keys";
import { selfSign } from "../../../../airgap/plugins/tls/certificate";
import { discoveryAuthorityParameters, discoveryAuthoritySubject } from "../../../../trust/discovery";
import { keyParameters, rootParameters, rootSubject, type KeyAlgorithm, type Subject } from "../../../../trust/certificates";

/** PEM of a real root, made as the program has it made. */
export async function rootPem(mesh: string, root: string, algorithm: KeyAlgorithm, hours: number): Promise<string> {
  return (await selfSign(await newKey(algorithm), rootParameters({ rootValidityHours: hours }), rootSubject(mesh, root), {})).pem;
}

/** PEM of a real authority of a discovery proxy, made as the program has it made. */
export async function discoveryAuthorityPem(key: string, generation: number, algorithm: KeyAlgorithm): Promise<string> {
  return certificatePem(algorithm, discoveryAuthoritySubject("usmesh", key, generation));
}

/** PEM of a real authority with another subject or key than any that the program makes. */
export async function certificatePem(algorithm: string, subject: Partial<Subject>): Promise<string> {
  return (await selfSign(await newKey(algorithm as KeyAlgorithm), discoveryAuthorityParameters(87_600), subject, {})).pem;
}

function newKey(algorithm: KeyAlgorithm): ReturnType<typeof generateKey> {
  const { algorithm: kind, rsaBits = 2048, ecdsaCurve = "P256" } = keyParameters(algorithm);
  return generateKey(kind, rsaBits, ecdsaCurve);
}
