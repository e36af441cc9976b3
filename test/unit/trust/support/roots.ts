import { generateKey } from "../../../../airgap/plugins/tls/keys";
import { selfSign } from "../../../../airgap/plugins/tls/certificate";
import { discoveryAuthorityParameters, discoveryAuthoritySubject } from "../../../../trust/discovery";
import { keyParameters, rootParameters, rootSubject, type KeyAlgorithm } from "../../../../trust/certificates";

/** PEM of a real root, made as the program has it made. */
export async function rootPem(mesh: string, root: string, algorithm: KeyAlgorithm, hours: number): Promise<string> {
  return (await selfSign(await newKey(algorithm), rootParameters({ rootValidityHours: hours }), rootSubject(mesh, root), {})).pem;
}

/** PEM of a real authority of a discovery proxy, made as the program has it made. */
export async function discoveryAuthorityPem(key: string, generation: number, algorithm: KeyAlgorithm): Promise<string> {
  return (await selfSign(await newKey(algorithm), discoveryAuthorityParameters(87_600), discoveryAuthoritySubject("usmesh", key, generation), {})).pem;
}

function newKey(algorithm: KeyAlgorithm): ReturnType<typeof generateKey> {
  const { algorithm: kind, rsaBits = 2048, ecdsaCurve = "P256" } = keyParameters(algorithm);
  return generateKey(kind, rsaBits, ecdsaCurve);
}
