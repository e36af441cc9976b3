/** Generates, reads and describes private keys. */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPair as generate,
  type KeyObject,
} from "node:crypto";
import { promisify } from "node:util";
import { openSshPrivateKey, openSshPublicKey } from "./openssh";

const generateKeyPair = promisify(generate);

/** The algorithms, by their names in the resources. */
export const ALGORITHMS = ["RSA", "ECDSA", "ED25519"] as const;
export type Algorithm = (typeof ALGORITHMS)[number];

/** The elliptic curves, by their names in the resources, with Node's names. */
const CURVES: Record<string, string> = { P224: "secp224r1", P256: "prime256v1", P384: "secp384r1", P521: "secp521r1" };
export const CURVE_NAMES: readonly string[] = Object.keys(CURVES);

/** Generates a private key; `rsaBits` and `ecdsaCurve` are used only for their algorithm. */
export async function generateKey(algorithm: Algorithm, rsaBits: number, ecdsaCurve: string): Promise<KeyObject> {
  switch (algorithm) {
    case "RSA":
      return (await generateKeyPair("rsa", { modulusLength: rsaBits })).privateKey;
    case "ECDSA":
      return (await generateKeyPair("ec", { namedCurve: CURVES[ecdsaCurve] ?? ecdsaCurve })).privateKey;
    case "ED25519":
      return (await generateKeyPair("ed25519", {})).privateKey;
  }
}

/**
 * Reads a private key in PEM: PKCS #1, SEC 1 or PKCS #8.
 *
 * @param property the property that it comes from, for the message
 * @throws when it is not a private key; the message never contains the text
 */
export function parseKey(pem: string, property: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    throw new Error(`${property} is not a private key in PEM (RSA, EC or PKCS #8, without a passphrase)`);
  }
}

/** The algorithm of a key, by its name in the resources. */
export function algorithmOf(key: KeyObject): Algorithm {
  switch (key.asymmetricKeyType) {
    case "rsa":
      return "RSA";
    case "ec":
      return "ECDSA";
    case "ed25519":
      return "ED25519";
    default:
      throw new Error(`keys of type ${key.asymmetricKeyType} are not supported; use ${ALGORITHMS.join(", ")}`);
  }
}

/** The curve of an ECDSA key, by its name in the resources. */
export function curveOf(key: KeyObject): string {
  const node = key.asymmetricKeyDetails?.namedCurve;
  const found = Object.entries(CURVES).find(([, name]) => name === node);
  if (!found) throw new Error(`the curve ${node} is not supported; use ${CURVE_NAMES.join(", ")}`);
  return found[0];
}

/** The public key in DER (SubjectPublicKeyInfo). */
export function publicDer(key: KeyObject): Buffer {
  return (key.type === "private" ? createPublicKey(key) : key).export({ type: "spki", format: "der" });
}

/** SHA-1 in hexadecimal; the id of resources that have no serial number. */
export function sha1(data: Uint8Array): string {
  return createHash("sha1").update(data).digest("hex");
}

/** The outputs of a PrivateKey resource; those for OpenSSH are empty for keys that OpenSSH does not support. */
export interface KeyTexts {
  privateKeyPem: string;
  privateKeyPemPkcs8: string;
  privateKeyOpenssh: string;
  publicKeyPem: string;
  publicKeyOpenssh: string;
  publicKeyFingerprintMd5: string;
  publicKeyFingerprintSha256: string;
}

/** The outputs for a private key. */
export function describeKey(key: KeyObject): KeyTexts {
  const pem = (type: "pkcs1" | "sec1" | "pkcs8") => key.export({ type, format: "pem" } as never).toString();
  const traditional = { RSA: "pkcs1", ECDSA: "sec1", ED25519: "pkcs8" } as const;
  const ssh = openSshPublicKey(key);
  return {
    privateKeyPem: pem(traditional[algorithmOf(key)]),
    privateKeyPemPkcs8: pem("pkcs8"),
    privateKeyOpenssh: ssh ? openSshPrivateKey(key, ssh) : "",
    publicKeyPem: createPublicKey(key).export({ type: "spki", format: "pem" }).toString(),
    publicKeyOpenssh: ssh ? `${ssh.type} ${ssh.blob.toString("base64")}\n` : "",
    publicKeyFingerprintMd5: ssh ? hash("md5", ssh.blob).toString("hex").replace(/..(?=.)/g, "$&:") : "",
    publicKeyFingerprintSha256: ssh ? `SHA256:${hash("sha256", ssh.blob).toString("base64").replace(/=+$/, "")}` : "",
  };
}

function hash(algorithm: string, data: Uint8Array): Buffer {
  return createHash(algorithm).update(data).digest();
}
