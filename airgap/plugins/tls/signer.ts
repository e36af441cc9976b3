/**
 * Keys of node:crypto with the Web Crypto interface, which @peculiar/x509 signs with.
 *
 * Web Crypto itself does not support the curve P-224, the default of the PrivateKey resource, and would have to import each key.
 */
import { sign, type KeyObject, type webcrypto } from "node:crypto";
import { algorithmOf, curveOf, publicDer } from "./keys";

/** The length in bytes that @peculiar/x509 expects of each half of an ECDSA signature; 32 for other curves. */
const HALF: Record<string, number> = { P384: 48, P521: 66 };
const DEFAULT_HALF = 32;

/** The hash for each curve, as in Go's standard library and thus in the official plugin. */
const HASH: Record<string, string> = { P384: "SHA-384", P521: "SHA-512" };

/** A key for @peculiar/x509. */
export type SigningKey = webcrypto.CryptoKey & { key: KeyObject };

/** Wraps a private key. */
export function signingKey(key: KeyObject): SigningKey {
  return { algorithm: webAlgorithm(key), type: "private", extractable: false, usages: ["sign"], key } as SigningKey;
}

function webAlgorithm(key: KeyObject): object {
  switch (algorithmOf(key)) {
    case "RSA":
      return { name: "RSASSA-PKCS1-v1_5", hash: { name: "SHA-256" } };
    case "ED25519":
      return { name: "Ed25519" };
    case "ECDSA": {
      const curve = curveOf(key);
      return { name: "ECDSA", namedCurve: curve.replace("P", "P-"), hash: { name: HASH[curve] ?? "SHA-256" } };
    }
  }
}

/** The part of Web Crypto that certificates and requests need. */
export const SIGNER = {
  subtle: {
    exportKey: async (_format: string, { key }: SigningKey) => publicDer(key),
    sign: async (_algorithm: unknown, { key }: SigningKey, data: Uint8Array) => signature(key, new Uint8Array(data)),
  },
} as unknown as webcrypto.Crypto;

function signature(key: KeyObject, data: Uint8Array): Buffer {
  const algorithm = algorithmOf(key);
  if (algorithm === "ED25519") return sign(null, data, key);
  if (algorithm === "RSA") return sign("SHA256", data, key);
  const curve = curveOf(key);
  const raw = sign((HASH[curve] ?? "SHA-256").replace("-", ""), data, { key, dsaEncoding: "ieee-p1363" });
  const half = raw.length / 2;
  const width = HALF[curve] ?? DEFAULT_HALF;
  return Buffer.concat([raw.subarray(0, half), raw.subarray(half)].map((part) => leftPad(part, width)));
}

function leftPad(part: Buffer, width: number): Buffer {
  return Buffer.concat([Buffer.alloc(Math.max(0, width - part.length)), part]);
}
