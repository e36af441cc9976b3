import type { X509Certificate } from "node:crypto";
import { KEY_ALGORITHMS, type KeyAlgorithm } from "./certificates";

/** Which key an intermediate has. A key is made once and never leaves the stack that owns the cluster; another generation is another key. */
export interface KeyChoice {
  /** `usmesh:trust.generation` of the authority when the key was made. */
  readonly generation: number;
  /** Algorithm of the key. */
  readonly keyAlgorithm: KeyAlgorithm;
}

/** A key as the authority sees it: nothing of it is secret. */
export interface KeyRequest extends KeyChoice {
  /** PEM of the public key. */
  readonly publicKey: string;
  /** PEM of the certificate request that the authority signs. */
  readonly request: string;
}

/** The keys that a cluster needs. */
export interface Keys {
  /** The one that istiod signs with, because a certificate for it was issued; undefined while there is none. */
  readonly inUse?: KeyChoice;
  /** The one of the wanted generation: the authority signs it. The same as `inUse` unless it was made for a new generation. */
  readonly wanted: KeyChoice;
}

/**
 * The keys that a cluster needs for an `up`. The key in use stays until the authority has signed the one of a new generation: so istiod
 * always has a key and the certificate that belongs to it.
 *
 * @param exported the keys after the last `up`
 * @param issuedFor PEM of the public key for which the authority has issued a certificate; undefined while it has not issued any
 * @param next what the authority asks for. It decides about keys that do not exist yet.
 */
export function keysFor(exported: readonly KeyRequest[], issuedFor: string | undefined, next: KeyChoice): Keys {
  const inUse = exported.find(({ publicKey }) => publicKey.trim() === issuedFor?.trim());
  const wanted = exported.find(({ generation }) => generation === next.generation) ?? next;
  return { ...(inUse ? { inUse: choice(inUse) } : {}), wanted: choice(wanted) };
}

/** The keys, each once, the one that the authority signs last. */
export function allKeys({ inUse, wanted }: Keys): KeyChoice[] {
  return inUse === undefined || inUse.generation === wanted.generation ? [wanted] : [inUse, wanted];
}

/** What follows a name to tell the key of a generation from those of others: nothing for the first one, so that its name stays as it was. */
export function generationSuffix(generation: number): string {
  return generation === 1 ? "" : `-${generation}`;
}

/** The algorithm of a certificate's key; undefined for one that the settings do not know. */
export function algorithmOf({ publicKey }: X509Certificate): KeyAlgorithm | undefined {
  const { namedCurve, modulusLength } = publicKey.asymmetricKeyDetails ?? {};
  const size = modulusLength === undefined ? { prime256v1: "P256", secp384r1: "P384" }[namedCurve ?? ""] : String(modulusLength);
  return KEY_ALGORITHMS.find((name) => name === `${publicKey.asymmetricKeyType === "rsa" ? "RSA" : "ECDSA"}-${size}`);
}

function choice({ generation, keyAlgorithm }: KeyChoice): KeyChoice {
  return { generation, keyAlgorithm };
}
