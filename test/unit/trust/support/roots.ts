import { generateKey } from "../../../../airgap/plugins/tls/keys";
import { selfSign } from "../../../../airgap/plugins/tls/certificate";
import { keyParameters, rootParameters, rootSubject, type KeyAlgorithm } from "../../../../trust/certificates";

/** PEM of a real root, made as the program has it made. */
export async function rootPem(mesh: string, root: string, algorithm: KeyAlgorithm, hours: number): Promise<string> {
  const { algorithm: kind, rsaBits = 2048, ecdsaCurve = "P256" } = keyParameters(algorithm);
  const key = await generateKey(kind, rsaBits, ecdsaCurve);
  const { pem } = await selfSign(key, rootParameters({ rootValidityHours: hours }), rootSubject(mesh, root), {});
  return pem;
}
